/** What a function has made of single passes, joined when it is asked for. */
import {isTensor} from '@tfjs-capture/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Entry} from './activation-record.js';
import {AmbiguousLayerError} from './errors.js';
import {joinPasses} from './join-passes.js';

export class JoinedResults {
  /** By the ids of the tensors that have been joined. */
  readonly #joined = new Map<string, Tensor>();

  /**
   * @param name of the hook point, for the message
   * @returns the one result that there is, or all of them as one tensor, which is the same for the same parts
   * @throws AmbiguousLayerError if there are several, and not all are tensors
   */
  join(results: readonly Entry[], name: string): unknown {
    const values = results.map(({point}) => point.value);
    const [only] = values;
    if (values.length === 1) return only;
    if (!values.every(isTensor)) {
      throw new AmbiguousLayerError(
        `capture.get: '${name}' has results of ${values.length} passes that a function does ` +
          'not merge, got no pass. Pass {pass}, or reduce by {init, step, merge, finish}.',
      );
    }
    const key = values.map(({id}) => id).join();
    const known = this.#joined.get(key);
    const joined = known?.isDisposed === false ? known : joinPasses(values, name);
    this.#joined.set(key, joined);
    return joined;
  }

  tensors(): readonly Tensor[] {
    return [...this.#joined.values()];
  }

  dispose(): void {
    for (const tensor of this.tensors()) tensor.dispose();
    this.#joined.clear();
  }
}
