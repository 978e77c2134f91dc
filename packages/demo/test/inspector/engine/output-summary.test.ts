import {outputPicture} from '../../../inspector/engine/output-picture.js';
import {summariseOutput} from '../../../inspector/engine/output-summary.js';
import type {ImageInput, ModelInfo, PixelRange} from '../../../inspector/protocol/model.js';
import type {RunInput} from '../../../inspector/protocol/run.js';
import {statisticsOf} from '../../../src/report/statistics.js';

const imageInput: ImageInput = {
  name: 'x',
  height: null,
  width: null,
  channels: 3,
  isChannelsFirst: false,
  dtype: 'float32',
};
const noise: RunInput = {kind: 'noise', seed: 1};
const image = (range: PixelRange): RunInput => ({
  kind: 'image',
  picture: {name: 'photo', width: 1, height: 1, rgba: new Uint8ClampedArray(4)},
  preparation: {range, longestSide: 64},
});

function pictureOf(
  channels: number,
  valueAt: (index: number) => number,
  input: RunInput,
  known: Partial<ImageInput> = {},
  shape = [1, 8, 9, channels],
) {
  const values = Float32Array.from({length: 72 * channels}, (_, index) => valueAt(index));
  const info = {imageInput: {...imageInput, ...known}};
  return outputPicture({name: 'out', shape, values}, statisticsOf(values), info, input);
}
const first = (picture: ReturnType<typeof pictureOf>) => [...picture!.rgba.slice(0, 8)];

test('colours are those of the values', () => {
  const picture = pictureOf(3, (index) => index, image('0 to 255'));
  expect(picture).toMatchObject({name: 'out', width: 9, height: 8});
  expect(first(picture)).toEqual([0, 1, 2, 255, 3, 4, 5, 255]);
});
test('grey has no colour, and the fourth channel is transparency', () => {
  expect(first(pictureOf(1, (index) => index + 3, noise))).toEqual([3, 3, 3, 255, 4, 4, 4, 255]);
  expect(first(pictureOf(4, (index) => index, noise))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});
test('channels may come first', () => {
  const picture = pictureOf(3, (index) => index, noise, {isChannelsFirst: true}, [1, 3, 8, 9]);
  expect(picture).toMatchObject({width: 9, height: 8});
  expect(first(picture)).toEqual([0, 72, 144, 255, 1, 73, 145, 255]);
});
test('the range is that of the input, if the values lie in it', () => {
  expect(first(pictureOf(3, () => 0.2, image('0 to 1')))[0]).toBe(51);
  expect(first(pictureOf(3, () => 0.2, image('−1 to 1')))[0]).toBe(153);
  expect(first(pictureOf(3, () => 50, image('0 to 1')))[0]).toBe(50);
  // A mask of 0 to 1 made of an image of 0 to 255.
  expect(first(pictureOf(1, () => 0.2, image('0 to 255')))[0]).toBe(51);
  expect(first(pictureOf(3, (index) => (index === 0 ? -1 : 0.2), noise))[0]).toBe(0);
});
test('what is no image is none', () => {
  const of = (shape: number[], known: ModelInfo['imageInput'] = imageInput) => {
    const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
    return outputPicture(
      {name: 'out', shape, values},
      {min: 0, max: 0},
      {imageInput: known},
      noise,
    );
  };
  expect(of([1, 8, 8, 3])).not.toBeNull();
  expect(of([1, 1, 17, 3])).toBeNull();
  expect(of([1, 8, 8, 5])).toBeNull();
  expect(of([1, 64, 3])).toBeNull();
  expect(of([1, 8, 8, 3], null)).toBeNull();
});

describe('classes', () => {
  const top = (values: number[], known: Partial<ModelInfo>, shape = [1, values.length]) =>
    summariseOutput(
      {name: 'out', shape, values: Float32Array.from(values)},
      {classCount: values.length, classes: null, imageInput: null, ...known} as ModelInfo,
      noise,
    ).top;

  test('the largest first, NaN last, ties in their order', () => {
    expect(top([1, NaN, 3, 1], {classes: ['a', 'b', 'c', 'd']})!.map(({label}) => label)).toEqual([
      'c',
      'a',
      'd',
      'b',
    ]);
  });
  test('by their numbers where nothing is known of them', () => {
    expect(top([1, 2], {})).toEqual([
      {index: 1, label: 'class 1', score: 2},
      {index: 0, label: 'class 0', score: 1},
    ]);
  });
  test('ten at most', () => {
    expect(
      top(
        Array.from({length: 1000}, (_, index) => index),
        {},
      ),
    ).toHaveLength(10);
  });
  test('none where the model tells no classes apart', () => {
    expect(top([1, 2], {classCount: null})).toBeNull();
    expect(top([1, 2], {}, [1, 1, 2])).toBeNull();
  });
});
