/** Checks what model.json says of its weights, before anything is read or allocated by it. */
import {util} from '@tensorflow/tfjs-core';
import type {io} from '@tensorflow/tfjs-core';
import {bytesInWords} from './in-words.js';
import {InspectorError} from './inspector-error.js';
import {isObject} from './json-object.js';

const DTYPES: readonly unknown[] = ['float32', 'int32', 'bool', 'string', 'complex64'];
const QUANTISED: readonly unknown[] = ['uint8', 'uint16', 'float16'];

/** WebAssembly addresses no more, and all weights lie in it at once. */
const MOST_BYTES = 2 ** 32;

/**
 * Takes a manifest that TensorFlow.js can read.
 *
 * @param model what model.json is called
 * @throws InspectorError that names the weight: no list of weights, an impossible shape or type, more than fits in memory
 */
export function checkedManifest(manifest: unknown, model: string): io.WeightsManifestConfig {
  if (!isManifest(manifest)) {
    throw new InspectorError(
      `${model} is damaged: its "weightsManifest" is no list of {paths, weights}. Save or convert the model again.`,
    );
  }
  let bytes = 0;
  for (const {weights} of manifest) {
    for (const weight of weights) bytes += bytesInMemory(checkedWeight(weight, model));
  }
  if (bytes > MOST_BYTES) {
    throw new InspectorError(
      `${model} asks for ${bytesInWords(bytes)} of weights, more than the ${bytesInWords(MOST_BYTES)} ` +
        'that fit in WebAssembly. It is damaged, or too large for a browser: take a smaller model.',
    );
  }
  return manifest;
}

function isManifest(manifest: unknown): manifest is io.WeightsManifestConfig {
  return Array.isArray(manifest) && manifest.every(isGroup);
}

function isGroup(group: unknown): group is io.WeightsManifestConfig[number] {
  return (
    isObject(group) &&
    Array.isArray(group['paths']) &&
    group['paths'].every((path) => typeof path === 'string' && path !== '') &&
    Array.isArray(group['weights'])
  );
}

function checkedWeight(weight: unknown, model: string): io.WeightsManifestEntry {
  const damaged = (what: string) =>
    new InspectorError(`${model} is damaged: ${what}. Save or convert the model again.`);
  if (!isObject(weight) || typeof weight['name'] !== 'string') {
    throw damaged('its "weightsManifest" has a weight without a name');
  }
  const {name, shape, dtype, quantization} = weight;
  if (!Array.isArray(shape) || !shape.every(isLength)) {
    throw damaged(`its weight "${name}" has the shape ${JSON.stringify(shape)}`);
  }
  if (!DTYPES.includes(dtype)) {
    throw damaged(`its weight "${name}" has the unknown type ${JSON.stringify(dtype)}`);
  }
  if (quantization !== undefined && !isQuantisation(quantization, dtype)) {
    throw damaged(
      `its weight "${name}" of type ${String(dtype)} is quantised as ${JSON.stringify(quantization)}`,
    );
  }
  return weight as unknown as io.WeightsManifestEntry;
}

function isLength(length: unknown): length is number {
  return Number.isSafeInteger(length) && (length as number) >= 0;
}

function isQuantisation(quantisation: unknown, dtype: unknown): boolean {
  if (!isObject(quantisation) || !QUANTISED.includes(quantisation['dtype'])) return false;
  if (quantisation['dtype'] === 'float16') return dtype === 'float32';
  const isScaled =
    typeof quantisation['scale'] === 'number' && typeof quantisation['min'] === 'number';
  return isScaled && (dtype === 'float32' || dtype === 'int32');
}

/** Strings take at least their lengths. */
function bytesInMemory({shape, dtype}: io.WeightsManifestEntry): number {
  return util.sizeFromShape(shape) * (dtype === 'string' ? 4 : util.bytesPerElement(dtype));
}
