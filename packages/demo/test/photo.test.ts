import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import {readPhoto} from '../src/image/read-photo.js';
import {writePhoto} from '../src/image/write-photo.js';
import {temporaryFolder} from './temporary-folder.js';

const folder = temporaryFolder();
const file = (name: string) => join(folder, name);

test('what is written is read again, rounded and cut to 0 … 255', async () => {
  await writePhoto(file('a.png'), tf.tensor4d([-3, 0.4, 0.6, 254.4, 255, 999], [1, 1, 2, 3]));
  const {pixels, width, height} = await readPhoto(file('a.png'));
  expect([width, height]).toEqual([2, 1]);
  expect(pixels.shape).toEqual([1, 1, 2, 3]);
  expect([...pixels.dataSync()]).toEqual([0, 0, 1, 254, 255, 255]);
});

test('only images can be written', async () => {
  await expect(writePhoto(file('b.png'), tf.zeros([1, 4, 4, 1]))).rejects.toThrow(
    /got \[1, 4, 4, 1\]/,
  );
});

test('grey becomes RGB, and what is transparent white', async () => {
  const grey = {width: 2, height: 1, channels: 1} as const;
  await sharp(Uint8Array.of(7, 200), {raw: grey}).toColourspace('b-w').png().toFile(file('g.png'));
  expect([...(await readPhoto(file('g.png'))).pixels.dataSync()]).toEqual([7, 7, 7, 200, 200, 200]);

  const clear = {width: 2, height: 1, channels: 4} as const;
  await sharp(Uint8Array.of(9, 9, 9, 0, 1, 2, 3, 255), {raw: clear})
    .png()
    .toFile(file('c.png'));
  expect([...(await readPhoto(file('c.png'))).pixels.dataSync()]).toEqual([255, 255, 255, 1, 2, 3]);
});

test('shrinks to a longest side, and cuts to a square', async () => {
  const create = {width: 40, height: 20, channels: 3, background: '#336699'} as const;
  await sharp({create}).jpeg().toFile(file('wide.jpg'));
  expect((await readPhoto(file('wide.jpg'), {longestSide: 10})).pixels.shape).toEqual([
    1, 5, 10, 3,
  ]);
  expect((await readPhoto(file('wide.jpg'), {longestSide: 99})).pixels.shape).toEqual([
    1, 20, 40, 3,
  ]);
  expect((await readPhoto(file('wide.jpg'), {square: 24})).pixels.shape).toEqual([1, 24, 24, 3]);
});

test('a photo lies as its EXIF entry says', async () => {
  const create = {width: 4, height: 2, channels: 3, background: '#000000'} as const;
  await sharp({create}).withMetadata({orientation: 6}).jpeg().toFile(file('turned.jpg'));
  expect((await readPhoto(file('turned.jpg'))).pixels.shape).toEqual([1, 4, 2, 3]);
});

describe('says what is wrong', () => {
  test('no such file', async () => {
    await expect(readPhoto(file('none.png'))).rejects.toThrow(/there is no file .*none\.png/);
  });

  test('no image', async () => {
    writeFileSync(file('text.png'), 'hello');
    await expect(readPhoto(file('text.png'))).rejects.toThrow(/cannot decode .*text\.png/);
  });

  test('an enormous one', async () => {
    const create = {width: 8, height: 8, channels: 3, background: '#000000'} as const;
    const jpeg = await sharp({create}).jpeg().toBuffer();
    // A JPEG's frame header (marker FF C0) holds its size: no need to make so many pixels.
    const frame = jpeg.indexOf(Uint8Array.of(0xff, 0xc0));
    jpeg.writeUInt16BE(7000, frame + 5);
    jpeg.writeUInt16BE(8000, frame + 7);
    writeFileSync(file('large.jpg'), jpeg);
    await expect(readPhoto(file('large.jpg'))).rejects.toThrow(/8000 × 7000 pixels.*50 million/);
  });
});
