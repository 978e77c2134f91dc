/** Compares the sizes of shards with what the weights manifest asks for. */
import {util} from '@tensorflow/tfjs-core';
import type {io} from '@tensorflow/tfjs-core';
import {weightBytes} from '../../src/io/weight-bytes.js';
import {bytesInWords, listInWords} from './in-words.js';
import {InspectorError} from './inspector-error.js';

/** What TensorFlow.js and its converter write into every shard but the last. */
const SHARD_BYTES = 4 * 1024 * 1024;

export interface SizedShard {
  readonly name: string;
  readonly size: number;
  /** False if reading ended early: it is larger than `size` tells. */
  readonly isWhole: boolean;
}

/**
 * @param model what model.json is called
 * @throws InspectorError that names the shard, and says whether it is too short or too long
 */
export function checkGroupSize(
  shards: readonly SizedShard[],
  expected: number,
  model: string,
): void {
  const size = shards.reduce((sum, shard) => sum + shard.size, 0);
  if (size === expected) return;
  const suspects = suspectsAmong(shards, expected);
  const sizes = suspects.map(({name, size, isWhole}) => {
    return `${name} (${bytesInWords(size)}${isWhole ? '' : ' and more'})`;
  });
  const which = (sizes.length === 1 ? '' : 'one of ') + listInWords(sizes);
  const asked = `${model} asks for ${bytesInWords(expected)} of weights`;
  const belongs = 'or it belongs to another model. Get it anew, together with its model.json.';
  throw new InspectorError(
    size < expected
      ? `${asked}, but ${bytesInWords(size)} came: ${which} is too short. It was cut off on its way, ${belongs}`
      : `${asked}, but more came: ${which} is too long. Something was added to it, ${belongs}`,
  );
}

/**
 * How many bytes weights take, strings among them, whose lengths stand before each.
 *
 * @returns undefined if the bytes end before the weights do
 */
export function bytesWithStrings(
  weights: readonly io.WeightsManifestEntry[],
  bytes: ArrayBuffer,
): number | undefined {
  const view = new DataView(bytes);
  let offset = 0;
  for (const weight of weights) {
    const size = weightBytes([weight]);
    if (size !== undefined) {
      offset += size;
      continue;
    }
    for (let left = util.sizeFromShape(weight.shape); left > 0; left--) {
      if (offset + 4 > bytes.byteLength) return undefined;
      offset += 4 + view.getUint32(offset, true);
    }
  }
  return offset > bytes.byteLength ? undefined : offset;
}

/** Those shards that are not as long as TensorFlow.js makes them; all if it cut them otherwise. */
function suspectsAmong(shards: readonly SizedShard[], expected: number): readonly SizedShard[] {
  if (shards.length !== Math.ceil(expected / SHARD_BYTES)) return shards;
  return shards.filter(
    ({size}, index) => size !== Math.min(SHARD_BYTES, expected - index * SHARD_BYTES),
  );
}
