/** Makes a tensor of an image, as a model wants it. */
import {
  add,
  cast,
  div,
  expandDims,
  image,
  mul,
  round,
  slice,
  sub,
  sum,
  tensor1d,
  tensor3d,
  tidy,
  tile,
  transpose,
} from '@tensorflow/tfjs-core';
import type {Tensor, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import type {ImageInput, PixelRange, Preparation} from '../protocol/model.js';
import type {Picture} from '../protocol/run.js';
import {framingOf} from './framing.js';
import type {Framing} from './framing.js';
import {InspectorError} from './inspector-error.js';
import {pictureRows} from './picture-rows.js';

/** Shares of red, green and blue in what the eye takes for brightness: ITU-R BT.601. */
const LUMA = [0.299, 0.587, 0.114];

/**
 * The image, cut and scaled to what the input takes, once for each of the batch.
 *
 * Transparent pixels stand before white, unless the model takes the alpha channel itself. The range
 * holds for floats; whole numbers are always 0 to 255.
 *
 * @param batch how many copies
 * @throws InspectorError if the picture is none, the longest side is no size, or the input has a side of 0
 */
export function imageTensor(
  picture: Picture,
  input: ImageInput,
  batch: number,
  {range, longestSide}: Preparation,
): Tensor4D {
  const {name, width, height, rgba} = picture;
  if (width < 1 || height < 1 || rgba.length !== width * height * 4) {
    throw new InspectorError(
      `The image ${name} could not be decoded (${width} × ${height} pixels, ${rgba.length} values). Choose another image.`,
    );
  }
  if (batch < 1 || input.height === 0 || input.width === 0) {
    throw new InspectorError(
      `The input ${input.name} takes images of ${input.height ?? 'any'} × ${input.width ?? 'any'} pixels, ${batch} at once, ` +
        'which holds nothing. Convert the model with another input shape.',
    );
  }
  if (!(longestSide >= 1)) {
    throw new InspectorError(
      `The longest side of the image is to be ${longestSide} pixels. Choose 1 or more.`,
    );
  }
  const framing = framingOf(picture, input, longestSide);
  return tidy(() => {
    const scaled = scaledPixels(picture, framing, input.channels);
    const values = input.dtype === 'int32' ? cast(round(scaled), 'int32') : inRange(scaled, range);
    const one = expandDims<Tensor4D>(values, 0);
    const laidOut = input.isChannelsFirst ? transpose(one, [0, 3, 1, 2]) : one;
    return batch === 1 ? laidOut : tile(laidOut, [batch, 1, 1, 1]);
  });
}

/** Bilinear between the centres of pixels: [height, width, channels], 0 to 255. */
function scaledPixels(
  picture: Picture,
  {top, left, rows, columns, size}: Framing,
  channels: ImageInput['channels'],
): Tensor3D {
  const read = (places: readonly number[]) =>
    tidy(() => {
      const inPicture = places.map((place) => top + place);
      return withChannels(pictureRows(picture, inPicture, left, columns), channels);
    });
  const [height, width] = size;
  // A photo has many times the rows that a model sees, and as floats it would fill the memory.
  const isMuchLarger = rows > 2 * height;
  const across = isMuchLarger
    ? mixedRows(read, rows, height)
    : read(Array.from({length: rows}, (_, row) => row));
  const isScaled = across.shape[0] === height && columns === width;
  return isScaled ? across : image.resizeBilinear(across, [height, width], false, true);
}

/** Each of the `height` rows between the two of `rows` that lie nearest to its centre. */
function mixedRows(
  read: (places: readonly number[]) => Tensor3D,
  rows: number,
  height: number,
): Tensor3D {
  const places = Array.from({length: height}, (_, row) => ((row + 0.5) * rows) / height - 0.5);
  const above = places.map(Math.floor);
  const shares = places.map((place, row) => place - (above[row] ?? 0));
  const upper = read(above);
  const lower = read(above.map((place) => place + 1));
  return add(upper, mul(sub(lower, upper), tensor3d(shares, [height, 1, 1])));
}

function withChannels(rgba: Tensor3D, channels: ImageInput['channels']): Tensor3D {
  if (channels === 4) return rgba;
  const [rows, columns] = rgba.shape;
  const alpha = div(slice(rgba, [0, 0, 3], [rows, columns, 1]), 255);
  const colours = slice(rgba, [0, 0, 0], [rows, columns, 3]);
  // Before white, 255: exact where a pixel is opaque.
  const rgb: Tensor3D = add(mul(sub(colours, 255), alpha), 255);
  return channels === 3 ? rgb : sum(mul(rgb, tensor1d(LUMA)), 2, true);
}

function inRange<T extends Tensor>(values: T, range: PixelRange): T {
  switch (range) {
    case '0 to 255':
      return values;
    case '0 to 1':
      return div(values, 255);
    case '−1 to 1':
      return sub(div(values, 127.5), 1);
  }
}
