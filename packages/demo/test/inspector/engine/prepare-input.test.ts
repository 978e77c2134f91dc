import * as fc from 'fast-check';
import * as tf from '@tensorflow/tfjs-core';
import {framingOf} from '../../../inspector/engine/framing.js';
import {imageInputOf} from '../../../inspector/engine/image-input.js';
import {InspectorError} from '../../../inspector/engine/inspector-error.js';
import type {LoadedModel} from '../../../inspector/engine/loaded-model.js';
import {inputsOf} from '../../../inspector/engine/prepare-input.js';
import type {ModelInput, PixelRange, Preparation} from '../../../inspector/protocol/model.js';
import {PIXEL_RANGES} from '../../../inspector/protocol/model.js';
import type {Picture, RunInput} from '../../../inspector/protocol/run.js';

type Shape = readonly (number | null)[];

/** Inputs alone: nothing else of a model matters here. */
function modelWith(...shapes: (Shape | Partial<ModelInput>)[]): LoadedModel {
  const inputs = shapes.map((each, index) => {
    const own = Array.isArray(each) ? {shape: each as Shape} : (each as Partial<ModelInput>);
    return {name: `x${index}`, dtype: 'float32', shape: [], ...own};
  });
  const info = {name: 'm', inputs, imageInput: imageInputOf(inputs)};
  return {info} as unknown as LoadedModel;
}

function pictureOf(width: number, height: number, value: (place: number) => number): Picture {
  const rgba = Uint8ClampedArray.from({length: width * height * 4}, (_, place) => value(place));
  return {name: 'photo.png', width, height, rgba};
}

const preparation: Preparation = {range: '0 to 255', longestSide: 512};
const imageOf = (picture: Picture, changes: Partial<Preparation> = {}): RunInput => {
  return {kind: 'image', picture, preparation: {...preparation, ...changes}};
};
const noise = (seed: number): RunInput => ({kind: 'noise', seed});

/** The only input's tensor. */
function only(model: LoadedModel, input: RunInput): tf.Tensor {
  const tensors = inputsOf(model, input);
  expect(tensors).toHaveLength(1);
  return tensors[0]!;
}

/** One pixel in the model's channels, before any range. */
function colourAt({rgba, width}: Picture, row: number, column: number, channels: number) {
  const [r = 0, g = 0, b = 0, a = 0] = rgba.subarray((row * width + column) * 4);
  if (channels === 4) return [r, g, b, a];
  const rgb = [r, g, b].map((value) => (value * a) / 255 + 255 - a);
  return channels === 3 ? rgb : [0.299 * rgb[0]! + 0.587 * rgb[1]! + 0.114 * rgb[2]!];
}

const RANGES: Record<PixelRange, (value: number) => number> = {
  '0 to 255': (value) => value,
  '0 to 1': (value) => value / 255,
  '−1 to 1': (value) => value / 127.5 - 1,
};

/** Bilinear between the centres of pixels, one value at a time: [row][column][channel]. */
function reference(picture: Picture, input: {height: number; width: number; channels: number}) {
  const {height, width, channels} = input;
  const scale = Math.max(height / picture.height, width / picture.width);
  const rows = Math.min(picture.height, Math.max(1, Math.round(height / scale)));
  const columns = Math.min(picture.width, Math.max(1, Math.round(width / scale)));
  const top = Math.floor((picture.height - rows) / 2);
  const left = Math.floor((picture.width - columns) / 2);
  const places = (to: number, from: number) =>
    Array.from({length: to}, (_, index) => {
      const place = Math.min(from - 1, Math.max(0, ((index + 0.5) * from) / to - 0.5));
      const low = Math.floor(place);
      return {low, high: Math.min(from - 1, low + 1), share: place - low};
    });
  const mix = (a: number, b: number, share: number) => a + (b - a) * share;
  return places(height, rows).map((y) =>
    places(width, columns).map((x) => {
      const at = (row: number, column: number) =>
        colourAt(picture, top + row, left + column, channels);
      return at(y.low, x.low).map((corner, channel) =>
        mix(
          mix(corner, at(y.low, x.high)[channel]!, x.share),
          mix(at(y.high, x.low)[channel]!, at(y.high, x.high)[channel]!, x.share),
          y.share,
        ),
      );
    }),
  );
}

/** Single precision at 255, after a dozen operations. */
const ROUNDING = 255 * 2 ** -19;

test('an image is what a plain loop makes of it', () => {
  const side = fc.integer({min: 1, max: 12});
  fc.assert(
    fc.property(
      fc.record({
        width: side,
        height: side,
        seed: fc.integer({min: 1, max: 1e6}),
        toWidth: side,
        toHeight: side.filter((height) => height !== 1 && height !== 3 && height !== 4),
        channels: fc.constantFrom(1, 3, 4),
        range: fc.constantFrom(...PIXEL_RANGES),
        isChannelsFirst: fc.boolean(),
        batch: fc.constantFrom(null, 1, 2),
      }),
      ({width, height, seed, toWidth, toHeight, channels, range, isChannelsFirst, batch}) => {
        // With a last side of 1, 3 or 4 the layout would be another one.
        const isFirst = isChannelsFirst && ![1, 3, 4].includes(toWidth);
        const picture = pictureOf(
          width,
          height,
          (place) => (seed * (place + 7) * 2654435761) >>> 24,
        );
        const shape = isFirst
          ? [batch, channels, toHeight, toWidth]
          : [batch, toHeight, toWidth, channels];
        const tensor = only(modelWith(shape), imageOf(picture, {range}));
        expect(tensor.shape).toEqual([batch ?? 1, ...shape.slice(1)]);
        const got = tensor.arraySync() as number[][][][];
        tensor.dispose();
        const expected = reference(picture, {height: toHeight, width: toWidth, channels});
        for (const image of got) {
          for (const [row, line] of expected.entries()) {
            for (const [column, pixel] of line.entries()) {
              for (const [channel, value] of pixel.entries()) {
                const found = isFirst
                  ? image[channel]![row]![column]!
                  : image[row]![column]![channel]!;
                const scale = range === '0 to 255' ? 1 : range === '0 to 1' ? 255 : 127.5;
                expect(Math.abs(found - RANGES[range](value)) * scale).toBeLessThan(ROUNDING);
              }
            }
          }
        }
      },
    ),
    {numRuns: 150},
  );
});

test('pixels that need no scaling stay as they are, exactly', async () => {
  const picture = pictureOf(5, 4, (place) => (place % 4 === 3 ? 255 : (place * 37) % 256));
  const rgb = [...picture.rgba].filter((_, place) => place % 4 !== 3);
  const own = only(modelWith([null, null, null, 3]), imageOf(picture));
  expect(own.shape).toEqual([1, 4, 5, 3]);
  expect([...(await own.data())]).toEqual(rgb);
  const scaled = only(modelWith([null, null, null, 3]), imageOf(picture, {range: '0 to 1'}));
  expect([...(await scaled.data())]).toEqual(rgb.map((value) => Math.fround(value / 255)));
});

test('what is transparent stands before white', async () => {
  const picture = pictureOf(1, 1, (place) => [200, 100, 0, 0][place]!);
  expect([...(await only(modelWith([1, 1, 1, 3]), imageOf(picture)).data())]).toEqual([
    255, 255, 255,
  ]);
  expect([...(await only(modelWith([1, 1, 1, 4]), imageOf(picture)).data())]).toEqual([
    200, 100, 0, 0,
  ]);
});

test('a view of a longer buffer is read from where it begins', async () => {
  const long = new Uint8ClampedArray([9, 9, 9, 9, 1, 2, 3, 255, 9]);
  const picture = {name: 'p', width: 1, height: 1, rgba: long.subarray(4, 8)};
  expect([...(await only(modelWith([1, 1, 1, 3]), imageOf(picture)).data())]).toEqual([1, 2, 3]);
});

test('whole numbers are 0 to 255 and rounded, whatever the range', async () => {
  const picture = pictureOf(2, 1, (place) => (place < 4 ? 10 : 21));
  const model = modelWith({shape: [1, 1, 1, 3], dtype: 'int32'});
  const opaque = {
    ...picture,
    rgba: picture.rgba.map((value, place) => (place % 4 === 3 ? 255 : value)),
  };
  const tensor = only(model, imageOf(opaque, {range: '0 to 1'}));
  expect(tensor.dtype).toBe('int32');
  const centre = [...(await tensor.data())];
  expect(centre).toEqual(centre.map(() => centre[0]));
  // Cut to a square, one of the two pixels is left.
  expect(centre[0]).toBe(10);
});

describe('the size', () => {
  const free = {height: null, width: null};

  test('of a free input is the image’s own, shrunk to the longest side and never enlarged', () => {
    const side = fc.integer({min: 1, max: 5000});
    fc.assert(
      fc.property(side, side, side, (height, width, longestSide) => {
        const {size, rows, columns, top, left} = framingOf({height, width}, free, longestSide);
        expect({rows, columns, top, left}).toEqual({rows: height, columns: width, top: 0, left: 0});
        expect(Math.max(...size)).toBe(Math.min(longestSide, Math.max(height, width)));
        const scale = Math.min(1, longestSide / Math.max(height, width));
        expect(Math.abs(size[0] - Math.max(1, height * scale))).toBeLessThanOrEqual(0.5);
        expect(Math.abs(size[1] - Math.max(1, width * scale))).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  test('of a fixed input is its own, and the part is in the middle and as large as can be', () => {
    const side = fc.integer({min: 1, max: 3000});
    fc.assert(
      fc.property(side, side, side, side, (height, width, toHeight, toWidth) => {
        const input = {height: toHeight, width: toWidth};
        const {size, rows, columns, top, left} = framingOf({height, width}, input, 7);
        expect(size).toEqual([toHeight, toWidth]);
        expect(rows === height || columns === width).toBe(true);
        expect(Math.abs(height - rows - 2 * top)).toBeLessThanOrEqual(1);
        expect(Math.abs(width - columns - 2 * left)).toBeLessThanOrEqual(1);
        // Its proportions are the input's, to the nearest pixel.
        const wanted =
          rows === height ? (height * toWidth) / toHeight : (width * toHeight) / toWidth;
        const got = rows === height ? columns : rows;
        if (columns !== width || rows !== height)
          expect(Math.abs(got - Math.max(1, wanted))).toBeLessThanOrEqual(0.5 + 1e-9);
      }),
    );
  });

  test('follows where one side alone is fixed', () => {
    const picture = {height: 300, width: 200};
    expect(framingOf(picture, {height: 60, width: null}, 9).size).toEqual([60, 40]);
    expect(framingOf(picture, {height: null, width: 400}, 9).size).toEqual([600, 400]);
  });
});

describe('noise', () => {
  const model = modelWith(
    [null, null, null, 3],
    [2, 5],
    {shape: [1, 8, 8, 1], dtype: 'int32'},
    {shape: [3, null], dtype: 'int32'},
    {shape: [4], dtype: 'bool'},
    [],
  );

  test('is the same for each seed, and another for another', async () => {
    const values = async (seed: number) =>
      Promise.all(inputsOf(model, noise(seed)).map(async (tensor) => [...(await tensor.data())]));
    expect(await values(0)).toEqual(await values(0));
    const [zero, one] = [await values(0), await values(1)];
    expect(zero[0]).not.toEqual(one[0]);
    expect(zero[1]).not.toEqual(one[1]);
  });

  test('of two like inputs differs', async () => {
    const [a, b] = inputsOf(modelWith([2, 9], [2, 9]), noise(4));
    expect([...(await a!.data())]).not.toEqual([...(await b!.data())]);
  });

  test('has the shape, the type and the range that each input takes', async () => {
    const tensors = inputsOf(model, noise(3));
    expect(tensors.map(({shape}) => shape)).toEqual([
      [1, 64, 64, 3],
      [2, 5],
      [1, 8, 8, 1],
      [3, 16],
      [4],
      [],
    ]);
    expect(tensors.map(({dtype}) => dtype)).toEqual([
      'float32',
      'float32',
      'int32',
      'int32',
      'bool',
      'float32',
    ]);
    const range = async (tensor: tf.Tensor) => {
      const values = [...(await tensor.data())];
      return [Math.min(...values), Math.max(...values)] as const;
    };
    const [low, high] = await range(tensors[0]!);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(low).toBeLessThan(0.01);
    expect(high).toBeLessThanOrEqual(1);
    expect(high).toBeGreaterThan(0.99);
    expect((await range(tensors[1]!))[0]).toBeLessThan(0);
    const [least, most] = await range(tensors[2]!);
    expect(least).toBeGreaterThanOrEqual(0);
    expect(most).toBeGreaterThan(200);
    expect(most).toBeLessThanOrEqual(255);
    expect(await range(tensors[3]!)).toEqual([0, 1]);
    expect((await range(tensors[4]!))[1]).toBeLessThanOrEqual(1);
  });

  test('goes to all inputs but the image’s', async () => {
    const picture = pictureOf(2, 2, () => 255);
    const [first, second, third] = inputsOf(
      modelWith([1, 4], [1, 2, 2, 3], [1, 2, 2, 3]),
      imageOf(picture),
    );
    expect([...(await second!.data())]).toEqual(new Array(12).fill(255));
    expect([first!.shape, third!.shape]).toEqual([
      [1, 4],
      [1, 2, 2, 3],
    ]);
    expect(Math.max(...(await third!.data()))).toBeLessThanOrEqual(1);
  });
});

describe('what cannot be fed is said, and leaves nothing behind', () => {
  const picture = pictureOf(2, 2, () => 9);

  test.each<[string, LoadedModel, RunInput, RegExp]>([
    [
      'an image where none is taken',
      modelWith([null, 4]),
      imageOf(picture),
      /^m takes no image: none of its inputs \(\[any, 4\]\) has four dimensions with 1, 3 or 4 channels\. Run it on noise\.$/,
    ],
    [
      'a string',
      modelWith([2, 2], {shape: [1], dtype: 'string'}),
      noise(1),
      /^The input x1 takes values of type string/,
    ],
    [
      'a shape that nobody knows',
      modelWith({isRankUnknown: true}),
      noise(1),
      /^The model does not say what shape its input x0 takes/,
    ],
    [
      'nothing',
      modelWith([1, 0]),
      noise(1),
      /^The input x0 takes the shape \[1, 0\], which holds nothing/,
    ],
    [
      'too much',
      modelWith([1, 2 ** 20, 2 ** 20]),
      noise(1),
      /^The input x0 takes the shape .* 4,398,046,511,104 bytes/,
    ],
    [
      'an image of no height',
      modelWith([1, 0, 5, 3]),
      imageOf(picture),
      /^The input x0 takes images of 0 × 5 pixels/,
    ],
    [
      'a batch of none',
      modelWith([0, 4, 5, 3]),
      imageOf(picture),
      /0 at once, which holds nothing/,
    ],
    [
      'a longest side of nothing',
      modelWith([1, null, null, 3]),
      imageOf(picture, {longestSide: 0}),
      /^The longest side of the image is to be 0 pixels\. Choose 1 or more\.$/,
    ],
    [
      'a longest side that is no number',
      modelWith([1, null, null, 3]),
      imageOf(picture, {longestSide: NaN}),
      /^The longest side of the image is to be NaN pixels/,
    ],
    [
      'a picture of another size',
      modelWith([1, 4, 5, 3]),
      imageOf({...picture, width: 3}),
      /^The image photo\.png could not be decoded \(3 × 2 pixels, 16 values\)/,
    ],
    [
      'an empty picture',
      modelWith([1, 4, 5, 3]),
      imageOf(pictureOf(0, 0, () => 0)),
      /could not be decoded/,
    ],
  ])('%s', (_, model, input, message) => {
    const before = tf.memory().numTensors;
    expect(() => inputsOf(model, input)).toThrow(message);
    expect(() => inputsOf(model, input)).toThrow(InspectorError);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('a photo never lies in memory as floats as a whole', async () => {
  const photo = {...pictureOf(1, 1, () => 0), width: 1200, height: 900};
  const rgba = new Uint8ClampedArray(photo.width * photo.height * 4);
  const input = imageOf({...photo, rgba}, {longestSide: 120});
  const {peakBytes} = await tf.profile(() => inputsOf(modelWith([null, null, null, 3]), input));
  expect(peakBytes).toBeLessThan(rgba.length * Float32Array.BYTES_PER_ELEMENT);
});

test('the inputs are all that is left', () => {
  const before = tf.memory().numTensors;
  const tensors = inputsOf(
    modelWith([1, 5, 5, 1], [1, 3]),
    imageOf(pictureOf(9, 7, (place) => place)),
  );
  expect(tf.memory().numTensors).toBe(before + 2);
  tf.dispose(tensors);
  expect(tf.memory().numTensors).toBe(before);
});
