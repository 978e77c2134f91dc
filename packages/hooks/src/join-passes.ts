/** Joins what several passes recorded of one hook point: `predict` on 70 rows runs three. */
import {concat, engine} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {NotRecordedError} from './errors.js';

interface Tidy {
  readonly id: number;
  readonly track: Tensor[];
}

/**
 * Concatenates along axis 0. The result lives as long as its parts: it joins the tidy that they are
 * in, wherever that is on the stack, and is differentiable as they are.
 *
 * @param parts at least one
 * @param name whose parts these are, for the message
 * @throws NotRecordedError if the parts differ in more than their first dimension, or have none
 */
export function joinPasses(parts: readonly Tensor[], name: string): Tensor {
  const [first] = parts as [Tensor];
  const rest = first.shape.slice(1).join();
  if (first.rank === 0 || parts.some(({shape}) => shape.slice(1).join() !== rest)) {
    throw new NotRecordedError(
      `capture: the ${parts.length} passes of '${name}' cannot be joined, got shapes ` +
        `${parts.map(({shape}) => `[${shape.join()}]`).join(', ')}. Ask for one with {pass}.`,
    );
  }
  const kept = first.kept;
  const {state} = engine() as unknown as {state: {scopeStack: Tidy[]}};
  const home = state.scopeStack.find(({id}) => id === first.scopeId);
  engine().startScope();
  const joined = concat([...parts], 0);
  joined.kept = true;
  engine().endScope();
  joined.kept = kept;
  if (home && !kept) {
    joined.scopeId = home.id;
    home.track.push(joined);
  }
  return joined;
}
