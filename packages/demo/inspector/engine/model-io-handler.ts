/** Hands TensorFlow.js a model from any folder, once all of its bytes are there and of the right size. */
import {io} from '@tensorflow/tfjs-core';
import {weightBytes} from '../../src/io/weight-bytes.js';
import type {OnProgress} from '../protocol/engine.js';
import {foreignFormat, HEAD_BYTES} from './foreign-format.js';
import {bytesWithStrings, checkGroupSize} from './group-size.js';
import type {SizedShard} from './group-size.js';
import {bytesInWords, listInWords} from './in-words.js';
import {InspectorError} from './inspector-error.js';
import type {ModelFolder, ShardFile} from './model-folder.js';

interface Group {
  readonly weights: readonly io.WeightsManifestEntry[];
  readonly shards: readonly ShardFile[];
  /** Undefined where strings are among the weights. */
  readonly expected: number | undefined;
}

/**
 * Its `load` reads shard after shard, and reports the share of bytes that came.
 *
 * @throws InspectorError (from `load`): a shard is missing, unreadable, something else or of another size
 */
export function modelIOHandler(
  folder: ModelFolder,
  onProgress: OnProgress,
): {load: io.LoadHandler} {
  return {
    load: async () => {
      const {model, modelName} = folder;
      const groups = model.json.weightsManifest.map(({paths, weights}) => {
        return {
          weights,
          shards: paths.map((path) => folder.shard(path)),
          expected: weightBytes(weights),
        };
      });
      const onBytes = countBytes(groups, onProgress);
      const shards: ArrayBuffer[] = [];
      for (const group of groups) shards.push(...(await readGroup(group, modelName, onBytes)));
      const artifacts = await io.getModelArtifactsForJSON(model.json, (manifest) =>
        Promise.resolve([manifest.flatMap((group) => group.weights), shards]),
      );
      return {...artifacts, format: model.format};
    },
  };
}

function countBytes(groups: readonly Group[], onProgress: OnProgress): (bytes: number) => void {
  const total = groups.reduce((sum, {expected}) => sum + (expected ?? NaN), 0);
  let read = 0;
  const report = (bytes: number) => {
    read += bytes;
    const share = Number.isNaN(total) ? null : total === 0 ? 1 : Math.min(1, read / total);
    onProgress({stage: 'Reading the weights', share});
  };
  report(0);
  return report;
}

/** The shards as they are, empty ones left out: TensorFlow.js takes weights across their borders. */
async function readGroup(
  {weights, shards, expected}: Group,
  model: string,
  onBytes: (bytes: number) => void,
): Promise<ArrayBuffer[]> {
  const read: (SizedShard & {bytes: Uint8Array<ArrayBuffer>})[] = [];
  let left = expected ?? Infinity;
  for (const shard of shards) {
    const bytes = await shard.read(left, onBytes);
    checkContent(shard.name, bytes);
    left -= bytes.length;
    const isWhole = shard.size !== undefined || left >= 0;
    read.push({name: shard.name, size: shard.size ?? bytes.length, isWhole, bytes});
  }
  if (expected !== undefined) checkGroupSize(read, expected, model);
  const buffers = read.map(({bytes}) => bytes.buffer).filter((buffer) => buffer.byteLength > 0);
  if (expected === undefined) checkStrings(weights, buffers, read, model);
  return buffers;
}

function checkContent(name: string, bytes: Uint8Array): void {
  // Not by the name: a shard may be called anything.
  const foreign = foreignFormat('', bytes.subarray(0, HEAD_BYTES));
  if (foreign === undefined) return;
  throw new InspectorError(`${name} is ${foreign.what}, no weights. ${foreign.remedy}`);
}

function checkStrings(
  weights: readonly io.WeightsManifestEntry[],
  buffers: ArrayBuffer[],
  shards: readonly SizedShard[],
  model: string,
): void {
  const joined = io.CompositeArrayBuffer.join(buffers);
  const expected = bytesWithStrings(weights, joined);
  if (expected !== undefined) {
    checkGroupSize(shards, expected, model);
    return;
  }
  const names = listInWords(shards.map(({name}) => name));
  throw new InspectorError(
    `${model} asks for more weights than the ${bytesInWords(joined.byteLength)} that came: ${names} is too short. ` +
      'It was cut off on its way, or it belongs to another model. Get it anew, together with its model.json.',
  );
}
