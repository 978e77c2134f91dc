/** Makes a model's inputs: an image where it takes one, noise everywhere else. */
import {tidy} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {RunInput} from '../protocol/run.js';
import {imageTensor} from './image-tensor.js';
import {InspectorError} from './inspector-error.js';
import type {LoadedModel} from './loaded-model.js';
import {noiseTensor} from './noise-tensor.js';

/**
 * What the model is to be called with, in the order of its inputs. The caller disposes of the tensors.
 *
 * @throws InspectorError if an input cannot be fed: a shape or type that nobody can make, or an
 *   image for a model that takes none
 */
export function inputsOf({info}: LoadedModel, input: RunInput): Tensor[] {
  const {inputs, imageInput, name} = info;
  if (input.kind === 'image' && imageInput === null) {
    const shapes = inputs.map(({shape}) => `[${shape.map((size) => size ?? 'any').join(', ')}]`);
    throw new InspectorError(
      `${name} takes no image: none of its inputs (${shapes.join(', ')}) has four dimensions with 1, 3 or 4 channels. ` +
        'Run it on noise.',
    );
  }
  return tidy(() =>
    inputs.map((each, index) => {
      if (input.kind === 'noise') return noiseTensor(each, input.seed, index);
      return each.name === imageInput?.name
        ? imageTensor(input.picture, imageInput, each.shape[0] ?? 1, input.preparation)
        : noiseTensor(each, 0, index);
    }),
  );
}
