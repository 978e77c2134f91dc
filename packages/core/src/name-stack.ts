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

  constructor(
    readonly parent: Frame | null,
    readonly owner: object | null,
    readonly path: readonly string[],
    readonly name: string,
    /** The outermost model itself: it gives its layers a pass, and no name. */
    readonly isRoot: boolean,
    /** Whether a model or a layer stands at or below this frame. */
    readonly inLayer: boolean,
    public pass: number,
    readonly call: number,
  ) {}
}

/** How often something was called in the current pass. */
export interface CallCount {
  /** The full name under which it was called first. */
  readonly name: string;
  pass: number;
  next: number;
}

const NO_PATH: readonly string[] = [];

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
    const parent = scope.frame;
    if (owner !== null && parent?.owner === owner) parent.reentries++;
    else scope.frame = makeFrame(scope, parent, owner, name, kind);
  }
}

/** Pops what `enterFrame` pushed. `onLeave` is called with each frame that ends. */
export function leaveFrame(
  innermost: CaptureScope,
  onLeave: ((scope: CaptureScope, frame: Frame) => void) | null,
): void {
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    const {frame} = scope;
    if (frame === null) continue; // the scope opened after this frame was entered
    if (frame.reentries > 0) {
      frame.reentries--;
      continue;
    }
    scope.frame = frame.parent;
    onLeave?.(scope, frame);
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
  if (outermost && kind === 'model') {
    const path = parent === null ? NO_PATH : parent.path;
    return new Frame(parent, owner, path, parent?.name ?? '', true, true, 0, 0);
  }
  const path = parent === null ? [name] : [...parent.path, name];
  const fullName = parent === null || parent.name === '' ? name : `${parent.name}/${name}`;
  if (kind === 'name') {
    const pass = parent?.pass ?? 0;
    const call = countCall(scope, owner ?? fullName, fullName, pass);
    return new Frame(parent, owner, path, fullName, false, parent?.inLayer ?? false, pass, call);
  }
  const pass = outermost ? scope.nextPass++ : parent.isRoot ? passOfRoot(scope, parent) : parent.pass;
  const call = countCall(scope, owner, fullName, pass);
  return new Frame(parent, owner, path, fullName, false, true, pass, call);
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

function countCall(scope: CaptureScope, key: unknown, name: string, pass: number): number {
  const count = scope.calls.get(key);
  if (count === undefined) {
    scope.calls.set(key, {name, pass, next: 1});
    return 0;
  }
  if (count.pass !== pass) {
    count.pass = pass;
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
  const {frame} = scope;
  if (frame === null) return scope.select('', NO_PATH, activation, kernel, 0, scope.nextRawCall++, 0);
  if (frame.isRoot) return null;
  return scope.select(
    frame.name,
    frame.path,
    activation,
    kernel,
    frame.pass,
    frame.call,
    frame.slots++,
  );
}
