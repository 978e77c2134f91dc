/** Which of a model's inputs takes an image, and how. */
import type {ImageInput, ModelInput} from '../protocol/model.js';

/** The first input that can take an image; null if none can. */
export function imageInputOf(inputs: readonly ModelInput[]): ImageInput | null {
  return inputs.map(asImageInput).find((input) => input !== null) ?? null;
}

/** An input as [batch, height, width, channels] or [batch, channels, height, width]; null if it is neither. */
export function asImageInput({name, shape, dtype}: ModelInput): ImageInput | null {
  if (shape.length !== 4 || (dtype !== 'float32' && dtype !== 'int32')) return null;
  const [, first, second, last] = shape;
  if (isChannels(last)) {
    return {...sides(first, second), name, dtype, channels: last, isChannelsFirst: false};
  }
  if (isChannels(first)) {
    return {...sides(second, last), name, dtype, channels: first, isChannelsFirst: true};
  }
  return null;
}

function isChannels(size: number | null | undefined): size is 1 | 3 | 4 {
  return size === 1 || size === 3 || size === 4;
}

function sides(height: number | null | undefined, width: number | null | undefined) {
  return {height: height ?? null, width: width ?? null};
}
