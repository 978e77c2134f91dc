/**
 * The gradient of a scalar with respect to what a scope has recorded: one forward pass, one backward.
 *
 * How: the engine asks which tensors it shall compute gradients of once the forward pass is over. So what
 * has been recorded meanwhile is added to that list by its ids on the tape.
 */
import {clone, reshape, transpose} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {TensorNote} from './retained-data.js';
import type {CaptureScope} from './scope.js';
import {engineInternals} from './tfjs-internals.js';

/** Gradients by their tensors' ids on the tape. */
export type GradientsById = Map<number, Tensor>;

export interface Differentiated {
  /** Belongs to the caller, as the gradients do. */
  readonly value: Tensor;
  readonly gradients: GradientsById;
}

/**
 * Runs `forward` on a tape, and then backward.
 *
 * @param forward what to differentiate; what it returns has been checked by the caller
 * @param scope the scope in which it runs
 */
export function differentiate(scope: CaptureScope, forward: () => Tensor): Differentiated {
  const engine = engineInternals();
  const {state} = engine;
  // The engine wants one to begin with.
  const ids = [{id: -1}];
  const firstId = engine.nextTensorId();
  let made: Tensor | null = null;
  try {
    const {value, grads} = engine.gradients(
      () => {
        const result = forward();
        // What it returned may be its own to keep.
        const isNew = result.scopeId === state.activeScope?.id && !result.kept;
        made = isNew ? result : clone(result);
        for (const id of idsOf(scope)) ids.push({id});
        return made;
      },
      ids,
      undefined,
      true,
    );
    const gradients: GradientsById = new Map();
    ids.forEach(({id}, i) => {
      const gradient = grads[i];
      if (!gradient) return;
      // A gradient function of the user's may have handed out what it keeps.
      const isNew = gradient.id > firstId && !gradient.kept;
      gradients.set(id, isNew ? gradient : clone(gradient));
    });
    return {value, gradients};
  } catch (error) {
    (made as Tensor | null)?.dispose();
    dropTape();
    throw error;
  }
}

/** Lets go of what the engine leaves behind when a pass fails: what it has saved for the backward pass. */
export function dropTape(): void {
  const {state} = engineInternals();
  if (state.gradientDepth > 0) return; // it is somebody else's too
  for (const {saved} of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
  state.activeTape = null;
}

function idsOf({captured}: CaptureScope): Set<number> {
  const ids = new Set<number>();
  for (const {pre, post, output} of captured) {
    for (const note of [pre, post, output]) {
      // Of other types there are no gradients: to ask for one fails, where they are indices.
      if (note?.dtype !== 'float32') continue;
      for (const id of [note.tapeId, note.from]) if (id != null) ids.add(id);
    }
  }
  return ids;
}

const COPIES = new Set(['Identity', 'Reshape']);

/** The id of what a tensor on the tape is a copy of, in whatever shape; its own if it is none. */
export function sourceOnTape({id}: Tensor): number {
  let source = id;
  for (const {kernelName, inputs, outputs} of [
    ...(engineInternals().state.activeTape ?? []),
  ].reverse()) {
    if (COPIES.has(kernelName) && outputs.some((output) => output.id === source)) {
      source = inputs.x?.id ?? source;
    }
  }
  return source;
}

/**
 * The gradient with respect to what is noted, in its shape, or null if no path leads from it.
 *
 * @returns one of `gradients`, or a tensor made of one
 */
export function gradientOfNote(gradients: GradientsById, note: TensorNote | null): Tensor | null {
  const {tapeId, from, perm, shape} = note ?? {};
  const own = tapeId == null ? undefined : gradients.get(tapeId);
  if (own) return own;
  // Nobody but us reads what was rearranged for the record.
  const source = from == null ? undefined : gradients.get(from);
  if (!source || !shape) return null;
  return perm ? transpose(source, [...perm]) : reshape(source, shape);
}
