/**
 * The layer name stack of a scope: which layer runs now, and how its calls and passes are counted.
 *
 * Each scope has a stack of its own, since each counts from where it began. Layers run synchronously,
 * so a frame is pushed before a layer's `call` and popped after it, whatever happens in between.
 */
import type {HookPoint} from './hook-point.js';
import type {CapturedCall} from './captured-call.js';
import type {CaptureScope} from './scope.js';
import {engineInternals} from './tfjs-internals.js';

/** What a frame stands for. */
export type FrameKind = 'model' | 'layer' | 'name';

/** Where on the stack something is: its path, and that joined with '/'. */
export interface FrameAddress {
  readonly path: readonly string[];
  readonly name: string;
}

/** One visit of a walk to a node. Visits are told apart by identity. */
export interface Visit {
  readonly node: object;
  /** The node's own address, without what is around it. */
  readonly address: FrameAddress;
  /** Whether its kernels are part of an activation that is recorded elsewhere. */
  readonly isPart: boolean;
}

/**
 * Code that goes from node to node by itself, and can only be asked where it is: the executor of a
 * graph. All walks of one execution are one pass.
 */
export interface Walk {
  readonly execution: object;
  /** Null where it is at no node. */
  here(): Visit | null;
}

/** One entry of the stack. */
export class Frame {
  /** Activations so far in this call. */
  slots = 0;
  /** How often the owner has re-entered itself: `apply` runs `call`, a subclass's `call` its parent's. */
  reentries = 0;
  /** What was recorded in this call. */
  captured: CapturedCall[] | null = null;
  /** For the outermost model: the engine's tidy in which its current pass runs. */
  passTidy = -1;
  /** For a walk: who tells where it is. */
  walk: Walk | null = null;
  /** For a walk: the visit that was asked for last, and its frame. */
  visit: Visit | null = null;
  visitFrame: Frame | null = null;
  /** Made when asked for: most frames pass without a record. */
  private address: FrameAddress | null = null;

  constructor(
    readonly parent: Frame | null,
    readonly owner: object | null,
    private readonly own: string | FrameAddress,
    /** The outermost model itself, or a walk: it gives what is in it a pass, and no name. */
    readonly isRoot: boolean,
    /** Whether a model or a layer stands at or below this frame. */
    readonly inLayer: boolean,
    public pass: number,
    public call: number,
  ) {}

  get path(): readonly string[] {
    return this.addressed().path;
  }

  get name(): string {
    return this.addressed().name;
  }

  /** Takes over the address of an earlier call, if that was made from the same place. */
  shareAddress(earlier: Frame): void {
    const [here, there] = [this.parent, earlier.parent];
    const isSame = here === there || (here?.address && here.address === there?.address);
    if (isSame) this.address = earlier.address;
  }

  /** What the stack returns to when this frame ends: a visit is no entry of its own. */
  below(): Frame | null {
    const {parent} = this;
    const walk = parent?.parent;
    return walk && walk.visitFrame === parent ? walk : parent;
  }

  private addressed(): FrameAddress {
    return (this.address ??= this.makeAddress());
  }

  private makeAddress(): FrameAddress {
    const {own} = this;
    const outer = this.parent?.addressed() ?? NOWHERE;
    if (this.isRoot) return outer;
    if (typeof own !== 'string' && outer === NOWHERE) return own;
    const path = outer.path.concat(typeof own === 'string' ? own : own.path);
    return {path, name: path.join('/')};
  }
}

const NOWHERE: FrameAddress = {path: [], name: ''};

/** How often something was called in the current pass. */
export interface CallCount {
  /** Where it was called first. */
  readonly frame: Frame;
  pass: number;
  next: number;
}

/**
 * Pushes a frame on the scope's stack and on those of the scopes around it.
 *
 * @param owner who is called, by identity; null for a bare name
 * @param name the name to push
 */
export function enterFrame(
  innermost: CaptureScope,
  owner: object | null,
  name: string,
  kind: FrameKind,
): void {
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    const {frame} = scope;
    if (owner !== null && frame?.owner === owner) frame.reentries++;
    else scope.frame = makeFrame(scope, currentFrame(scope), owner, name, kind);
  }
}

/** Pushes a walk likewise. `leaveFrame` pops it. */
export function enterWalk(innermost: CaptureScope, walk: Walk): void {
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    const parent = currentFrame(scope);
    scope.frame = new Frame(parent, walk, '', true, true, parent?.inLayer ? parent.pass : -1, 0);
    scope.frame.walk = walk;
  }
}

/** What runs now: the top of the stack or, on a walk, the node where that is. */
export function currentFrame(scope: CaptureScope): Frame | null {
  const {frame} = scope;
  if (!frame?.walk) return frame;
  const visit = frame.walk.here();
  if (visit === null) return frame;
  if (visit !== frame.visit || frame.visitFrame === null) {
    frame.visit = visit;
    frame.visitFrame = makeVisitFrame(scope, frame, frame.walk, visit);
  }
  return frame.visitFrame;
}

function makeVisitFrame(scope: CaptureScope, walkFrame: Frame, walk: Walk, visit: Visit): Frame {
  if (walkFrame.pass < 0) walkFrame.pass = scope.passOf(walk.execution);
  const {node, address} = visit;
  const frame = new Frame(walkFrame, node, address, false, true, walkFrame.pass, 0);
  frame.call = countCall(scope, node, frame);
  return frame;
}

/**
 * Pops what `enterFrame` pushed.
 *
 * @param onLeave is called with each frame that ends
 * @param detail is handed to `onLeave`
 */
export function leaveFrame<T>(
  innermost: CaptureScope,
  onLeave: (scope: CaptureScope, frame: Frame, detail: T) => void,
  detail: T,
): void {
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    const {frame} = scope;
    if (frame === null) continue; // the scope opened after this frame was entered
    if (frame.reentries > 0) {
      frame.reentries--;
      continue;
    }
    scope.frame = frame.below();
    onLeave(scope, frame, detail);
  }
}

function makeFrame(
  scope: CaptureScope,
  parent: Frame | null,
  owner: object | null,
  name: string,
  kind: FrameKind,
): Frame {
  const outermost = parent === null || !parent.inLayer;
  if (kind === 'name') {
    const frame = new Frame(parent, owner, name, false, !outermost, parent?.pass ?? 0, 0);
    frame.call = countCall(scope, frame.name, frame);
    return frame;
  }
  if (outermost && kind === 'model') return new Frame(parent, owner, name, true, true, 0, 0);
  const pass = outermost
    ? scope.nextPass++
    : parent.isRoot
      ? passOfRoot(scope, parent)
      : parent.pass;
  const frame = new Frame(parent, owner, name, false, true, pass, 0);
  frame.call = countCall(scope, owner, frame);
  return frame;
}

/**
 * `predict` runs each batch, and `fit` each step, in a tidy of its own: a layer that is called in
 * another tidy than the one before it begins a new pass.
 */
function passOfRoot(scope: CaptureScope, root: Frame): number {
  const tidy = engineInternals().state.activeScope?.id ?? 0;
  if (tidy !== root.passTidy) {
    root.passTidy = tidy;
    root.pass = scope.nextPass++;
  }
  return root.pass;
}

function countCall(scope: CaptureScope, key: unknown, frame: Frame): number {
  const count = scope.calls.get(key);
  if (count === undefined) {
    scope.calls.set(key, {frame, pass: frame.pass, next: 1});
    return 0;
  }
  frame.shareAddress(count.frame);
  if (count.pass !== frame.pass) {
    count.pass = frame.pass;
    count.next = 0;
  }
  return count.next++;
}

/**
 * The hook point of an activation that happens now, if the scope wants it. Counts it in any case.
 *
 * @returns null where the scope does not want it, and for code of the outermost model that is in no
 *     layer: losses and metrics, which are not the model's activations
 */
export function hookPointHere(
  scope: CaptureScope,
  activation: string,
  kernel: string,
): HookPoint | null {
  const frame = currentFrame(scope);
  if (frame === null) return scope.select(null, activation, kernel, scope.nextRawCall++, 0);
  if (frame.isRoot || (frame.parent?.visitFrame === frame && frame.parent.visit?.isPart)) {
    return null;
  }
  return scope.select(frame, activation, kernel, frame.call, frame.slots++);
}
