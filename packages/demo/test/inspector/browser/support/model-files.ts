/** Files for people to drop: a good model, and what else they may have. */
import {copyFileSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {io} from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import {builtInspector} from '../../../../../../test-support/browser/prerequisites.js';

export const goodFolder = join(builtInspector, 'examples/esrgan-slim');

const read = (name: string): Buffer => readFileSync(join(goodFolder, name));
const good = (): io.ModelJSON => JSON.parse(read('model.json').toString()) as io.ModelJSON;

/** The smallest file that begins as a zip does. */
const ZIP = Buffer.from('504b0506' + '00'.repeat(18), 'hex');
const PAGE = '<!doctype html><title>404</title><h1>Not Found</h1>';

type Contents = Readonly<Record<string, string | Buffer>>;

const blank = (width: number, height: number): Promise<Buffer> =>
  sharp({create: {width, height, channels: 3, background: '#000'}, limitInputPixels: false})
    .png({compressionLevel: 1})
    .toBuffer();

function withUnknownLayer(): string {
  const text = JSON.stringify(good());
  return text.replace('"class_name":"Conv2D"', '"class_name":"MyLayer"');
}

function withWeights(change: (group: io.WeightsManifestConfig[number]) => object): string {
  const model = good();
  return JSON.stringify({...model, weightsManifest: model.weightsManifest.map(change)});
}

export interface BadFiles {
  readonly what: string;
  readonly files: () => Contents | Promise<Contents>;
  /** What the page must say of it. */
  readonly says: RegExp;
}

/** Each is one way to get it wrong, and what the person must be told. */
export const badFiles: readonly BadFiles[] = [
  {
    what: 'a shard that was cut short',
    files: () => ({
      'model.json': read('model.json'),
      'weights.bin': read('weights.bin').subarray(0, 5000),
    }),
    says: /888,300 bytes.*weights\.bin \(5,000 bytes\) is too short/s,
  },
  {
    what: 'a shard that is too long',
    files: () => ({
      'model.json': read('model.json'),
      'weights.bin': Buffer.concat([read('weights.bin'), Buffer.alloc(4)]),
    }),
    says: /weights\.bin \(888,304 bytes\) is too long/,
  },
  {
    what: 'a shard that is missing',
    files: () => ({'model.json': read('model.json')}),
    says: /The weights file weights\.bin is missing/,
  },
  {
    what: 'a page in place of a shard',
    files: () => ({'model.json': read('model.json'), 'weights.bin': PAGE}),
    says: /weights\.bin.*HTML/s,
  },
  {
    what: 'JSON that breaks off',
    files: () => ({'model.json': read('model.json').subarray(0, 700), 'weights.bin': 'x'}),
    says: /model\.json.*JSON/s,
  },
  {
    what: 'JSON of something else',
    files: () => ({'package.json': readFileSync('package.json')}),
    says: /package\.json is JSON, but no TensorFlow\.js model/,
  },
  {what: 'a zip archive', files: () => ({'model.json': ZIP}), says: /zip/i},
  {what: 'a page in place of model.json', files: () => ({'model.json': PAGE}), says: /HTML/i},
  {what: 'an empty file', files: () => ({'model.json': ''}), says: /model\.json.*empty/s},
  {
    what: 'shards alone',
    files: () => ({'weights.bin': read('weights.bin')}),
    says: /Only weights came \(weights\.bin\)/,
  },
  {
    what: "another framework's model",
    files: () => ({'model.h5': Buffer.from('894844460d0a1a0a', 'hex')}),
    says: /tensorflowjs_converter/,
  },
  {
    what: 'a layer that TensorFlow.js does not know',
    files: () => ({'model.json': withUnknownLayer(), 'weights.bin': read('weights.bin')}),
    says: /MyLayer/,
  },
  {
    what: 'weights without a model',
    files: () => ({
      'model.json': JSON.stringify({weightsManifest: good().weightsManifest}),
      'weights.bin': read('weights.bin'),
    }),
    says: /model\.json describes weights alone/,
  },
  {
    what: 'weights of a size that no machine has',
    files: () => ({
      'model.json': withWeights(({paths, weights}) => ({
        paths,
        weights: weights.map((weight) => ({...weight, shape: [2 ** 31, 2 ** 31, 4]})),
      })),
      'weights.bin': read('weights.bin'),
    }),
    says: /more than the .* that fit in WebAssembly/,
  },
  {
    what: 'an image that is none',
    files: () => ({'photo.png': 'not a picture'}),
    says: /photo\.png is no image/,
  },
  {
    what: 'an image of more pixels than fit',
    files: async () => ({'huge.png': await blank(8000, 7000)}),
    says: /huge\.png is 8000 × 7000 pixels; at most 50 million/,
  },
];

/** Writes them into a new folder; returns their paths. */
export function writeFiles(folder: string, contents: Contents): string[] {
  mkdirSync(folder, {recursive: true});
  return Object.entries(contents).map(([name, content]) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  });
}

/** The good model and its image, among what lies about in a folder; returns the folder. */
export function goodFolderWith(folder: string, others: Contents): string {
  writeFiles(folder, others);
  for (const name of ['model.json', 'weights.bin', 'image.png'])
    copyFileSync(join(goodFolder, name), join(folder, name));
  return folder;
}
