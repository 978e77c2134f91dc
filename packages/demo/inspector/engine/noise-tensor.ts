/** Seeded noise for a model's input. */
import {cast, randomNormal, randomUniform, util} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {ModelInput} from '../protocol/model.js';
import {asImageInput} from './image-input.js';
import {bytesInWords} from './in-words.js';
import {InspectorError} from './inspector-error.js';

/** Where an input takes any size: height and width of an image, which may be halved six times; all else. */
const IMAGE_SIDE = 64;
const LENGTH = 16;

/** More is an accident. */
const MOST_BYTES = 2 ** 30;

/** Prime, and more than the inputs of any model: none shares its noise with another, at no seed. */
const MOST_INPUTS = 1009;

/**
 * The same for each seed and each of a model's inputs, on every backend.
 *
 * Images are uniform, from 0 to 1, or whole numbers from 0 to 255; other floats are normal; other
 * whole numbers are 0 or 1, since they may be places in a table whose length nobody tells. Where it
 * is told, any place.
 *
 * @param seed a whole number
 * @param index the input's place among the model's inputs
 * @throws InspectorError if there is no such tensor
 */
export function noiseTensor(input: ModelInput, seed: number, index: number): Tensor {
  const shape = noiseShape(input);
  // An odd number: TensorFlow.js takes a seed of 0 for none.
  const own = 2 * (seed * MOST_INPUTS + index) + 1;
  const isImage = asImageInput(input) !== null;
  const {dtype, tableLength} = input;
  if (tableLength !== undefined && (dtype === 'float32' || dtype === 'int32')) {
    return cast(randomUniform(shape, 0, tableLength, 'int32', own), dtype);
  }
  switch (dtype) {
    case 'float32':
      return isImage
        ? randomUniform(shape, 0, 1, 'float32', own)
        : randomNormal(shape, 0, 1, 'float32', own);
    case 'int32':
      return randomUniform(shape, 0, isImage ? 256 : 2, 'int32', own);
    case 'bool':
      return cast(randomUniform(shape, 0, 2, 'int32', own), 'bool');
    default:
      throw new InspectorError(
        `The input ${input.name} takes values of type ${dtype}, which cannot be made up. ` +
          'Take a model whose inputs are numbers.',
      );
  }
}

function noiseShape(input: ModelInput): number[] {
  const {name, shape} = input;
  if (input.isRankUnknown) {
    throw new InspectorError(
      `The model does not say what shape its input ${name} takes. Convert it with an input signature.`,
    );
  }
  const isImage = asImageInput(input) !== null;
  const sizes = shape.map((size, axis) => size ?? (axis === 0 ? 1 : isImage ? IMAGE_SIDE : LENGTH));
  if (sizes.some((size) => !Number.isSafeInteger(size) || size < 1)) {
    throw new InspectorError(
      `The input ${name} takes the shape [${sizes.join(', ')}], which holds nothing. Convert the model with another input shape.`,
    );
  }
  const bytes = util.sizeFromShape(sizes) * 4;
  if (bytes > MOST_BYTES) {
    throw new InspectorError(
      `The input ${name} takes the shape [${sizes.join(', ')}], which is ${bytesInWords(bytes)}. Convert the model with a smaller input.`,
    );
  }
  return sizes;
}
