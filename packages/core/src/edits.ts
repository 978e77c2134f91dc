/** Edits: values changed on their way, before, after or instead of what a layer computes. */
import {clone, reshape, transpose, util} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {CaptureArgumentError, describe} from './errors.js';
import type {EditPoint, HookPoint, RecordKind} from './hook-point.js';
import type {PlannedEdit} from './editing.js';
import {currentFrame} from './name-stack.js';
import type {Frame} from './frame.js';
import {runtime} from './runtime.js';
import {activeScope} from './scope.js';
import type {CaptureScope} from './scope.js';
import {engineInternals, isTensor, tapeIsOn} from './tfjs-internals.js';

/** How what a layer's activation computes lies in the layer's output, if it does so otherwise. */
export interface Layout {
  /** How its axes are permuted; null if they are not. */
  readonly perm: readonly number[] | null;
  /** All dimensions of the output but the last; null if the kernel's are these. */
  readonly leading: readonly number[] | null;
}

/** Of the layers that run now, where that is known. */
export const layouts = new WeakMap<Frame, Layout | null>();

/** An edit that a hook point is due. */
export interface DueEdit {
  readonly planned: PlannedEdit;
  readonly point: EditPoint;
  readonly layout: Layout | null;
}

/**
 * The edits of an activation that happens next, or of the layer that runs now: those of the innermost
 * scope first. Counts nothing: ask before the activation is written down.
 *
 * @param activation null for edits of the layer's output
 */
export function editsDue(
  innermost: CaptureScope,
  activation: string | null,
  kernel: string | null,
): DueEdit[] {
  let due = NONE;
  const flat = kernel === '_FusedMatMul' ? FLAT : null;
  for (let scope: CaptureScope | null = innermost; scope?.editing; scope = scope.parent) {
    const {editing} = scope.plan;
    if (!editing || !scope.isOpen || (activation === null && !editing.editsOutputs)) continue;
    const frame = currentFrame(scope);
    if (frame !== null && (frame.isRoot || (activation !== null && frame.isPart))) continue;
    for (const planned of editing.edits) {
      if ((planned.kind === 'output') !== (activation === null)) continue;
      const point = pointAt(scope, frame, activation, kernel, planned.kind);
      if (!selects(planned, point)) continue;
      planned.isUsed = true;
      // What a layer returns lies as it is returned.
      const layout = activation === null ? null : ((frame && layouts.get(frame)) ?? flat);
      if (due === NONE) due = [];
      due.push({planned, point, layout});
    }
  }
  return due;
}

const NONE: DueEdit[] = [];

function pointAt(
  scope: CaptureScope,
  frame: Frame | null,
  activation: string | null,
  kernel: string | null,
  kind: RecordKind,
): EditPoint {
  if (frame === null) {
    const call = scope.nextRawCall;
    return {name: '', path: [], activation, kernel, pass: 0, call, slot: 0, kind};
  }
  const {name, path, pass, call} = frame;
  const slot = kind === 'output' ? 0 : frame.slots;
  return {name, path, activation, kernel, pass, call, slot, kind};
}

/** By its name alone, if that is enough, which is asked once per name. */
function selects({selection, known}: PlannedEdit, point: HookPoint): boolean {
  let byName = known.get(point.name);
  if (byName === undefined && !known.has(point.name)) {
    known.set(point.name, (byName = selection.byName(point.name)));
  }
  return byName ?? selection.byPoint(point);
}

/** Outside layers, a fused product of matrices computes one batch of them. */
const FLAT: Layout = {perm: null, leading: null};

/**
 * Applies the edits of one kind. Call it in a tidy, to which what the edits make on their way is left.
 *
 * @returns the edited value in the layout of `value`, or `value` itself if none has changed it
 */
export function applyEdits(due: readonly DueEdit[], kind: RecordKind, value: Tensor): Tensor {
  let current = value;
  for (const {planned, point, layout} of due) {
    if (planned.kind !== kind) continue;
    const seen = layout ? arrange(current, layout) : current;
    const edited = outsideScopes(() => planned.edit(seen, point));
    if (edited === undefined || edited === seen) continue;
    check(edited, seen, point);
    current = seen === current ? ownOf(edited) : arrangeBack(edited, current, layout);
  }
  return current;
}

/** The model may dispose of what it goes on with: it gets a tensor of its own. */
function ownOf(edited: Tensor): Tensor {
  const isNew = edited.scopeId === engineInternals().state.activeScope?.id && !edited.kept;
  return isNew ? edited : clone(edited);
}

/** As the layer's output lies. */
function arrange(value: Tensor, {perm, leading}: Layout): Tensor {
  if (perm) return transpose(value, [...perm]);
  const {shape, size} = value;
  const outer = leading ?? shape.slice(shape[0] === 1 ? 1 : 0, -1);
  const arranged = [...outer, shape.at(-1) as number];
  const {arraysEqual, sizeFromShape} = util;
  if (sizeFromShape(arranged) !== size || arraysEqual(arranged, shape)) return value;
  const isSqueezed = shape[0] === 1 && arraysEqual(arranged, shape.slice(1));
  return isSqueezed && !tapeIsOn() ? view(value, arranged) : reshape(value, arranged);
}

/** The same data without its first dimension, which is 1: every backend has it lie alike. */
function view({dataId, dtype}: Tensor, shape: number[]): Tensor {
  const engine = engineInternals();
  engine.backendInstance?.incRef(dataId);
  return engine.makeTensorFromTensorInfo({dataId, shape, dtype});
}

/** As the activation computes it. */
function arrangeBack(edited: Tensor, {shape}: Tensor, layout: Layout | null): Tensor {
  const perm = layout?.perm;
  if (!perm) return reshape(edited, shape);
  return transpose(
    edited,
    perm.map((_, axis) => perm.indexOf(axis)),
  );
}

/** A scope that has ended. */
let nowhere: CaptureScope | undefined;

/** Runs what belongs to no scope, as what an edit does. */
export function outsideScopes<T>(fn: () => T): T {
  const shared = runtime();
  const {running, inActivation} = shared;
  shared.running = nowhere ??= {...(activeScope() as CaptureScope), isOpen: false, parent: null};
  shared.inActivation = false;
  try {
    return fn();
  } finally {
    shared.running = running;
    shared.inActivation = inActivation;
  }
}

function check(
  edited: unknown,
  {shape, dtype}: Tensor,
  {name}: HookPoint,
): asserts edited is Tensor {
  const isUsable = isTensor(edited) && !edited.isDisposed;
  if (isUsable && edited.dtype === dtype && edited.shape.join() === shape.join()) return;
  const got = !isTensor(edited)
    ? describe(edited)
    : isUsable
      ? `${edited.dtype} [${edited.shape.join()}]`
      : 'a disposed tensor';
  throw new CaptureArgumentError(
    `withCapture: the edit of '${name}' must return a tensor ${dtype} [${shape.join()}], got ${got}. ` +
      'Or return undefined, to leave the value as it is.',
  );
}
