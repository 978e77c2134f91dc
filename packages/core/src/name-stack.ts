/**
 * The layer name stack of a scope: which layer runs now, and how its calls and passes are counted.
 *
 * Each scope has a stack of its own, since each counts from where it began. Layers run synchronously,
 * so a frame is pushed before a layer's `call` and popped after it, whatever happens in between.
 */
import type {HookPoint} from './hook-point.js';
import {Frame} from './frame.js';
import {runtime} from './runtime.js';
import {selectPoint} from './scope.js';
import type {CaptureScope} from './scope.js';
import {engineInternals} from './tfjs-internals.js';

/** What a frame stands for. */
export type FrameKind = 'model' | 'layer' | 'name';

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

/** What runs now: the top of the stack or, on a walk, the node where that is. */
export const currentFrame = (scope: CaptureScope): Frame | null =>
  scope.frame && (scope.frame.inner(scope) ?? scope.frame);

/**
 * Pops what `enterFrame` pushed, from one scope's stack: call it for each.
 *
 * @returns the frame that ends; null if it goes on, or began before the scope
 */
export function leaveFrame(scope: CaptureScope): Frame | null {
  const {frame} = scope;
  if (!frame || frame.reentries-- > 0) return null;
  scope.frame = frame.parent?.visitOf ?? frame.parent;
  return frame;
}

function makeFrame(
  scope: CaptureScope,
  parent: Frame | null,
  owner: object | null,
  name: string,
  kind: FrameKind,
): Frame {
  const isName = kind === 'name';
  const isOutermost = !parent?.inLayer;
  if (isOutermost && kind === 'model') return new Frame(parent, owner, name, true, true, 0, 0);
  let pass = parent?.pass ?? 0;
  if (isOutermost && !isName) pass = scope.nextPass++;
  else if (parent?.isRoot && !isName) pass = passOfRoot(scope, parent);
  const frame = new Frame(parent, owner, name, false, !isName || !isOutermost, pass, 0);
  frame.call = countCall(scope, owner ?? frame.name, frame);
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
  if (!count) {
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
 * @param frame the scope's current frame
 * @returns null where the scope does not want it, and for code of the outermost model that is in no
 *     layer: losses and metrics, which are not the model's activations
 */
export function hookPointIn(
  scope: CaptureScope,
  frame: Frame | null,
  activation: string,
  kernel: string,
): HookPoint | null {
  if (frame === null) {
    const call = scope.nextRawCall++;
    if (call === 0) for (const companion of runtime().companions) companion.meetUnnamed?.();
    return selectPoint(scope, null, activation, kernel, call, 0);
  }
  if (frame.isRoot || frame.isPart) return null;
  return selectPoint(scope, frame, activation, kernel, frame.call, frame.slots++);
}
