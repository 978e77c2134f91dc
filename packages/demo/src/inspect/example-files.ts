/** An example model as the inspector reads it: model.json, its weights in one file, a picture. */
import {readFile} from 'node:fs/promises';
import {io} from '@tensorflow/tfjs-core';
import sharp from 'sharp';

/** Pictures are shrunk to this: no model takes more. */
const LONGEST_SIDE = 512;

export interface ExampleSource {
  readonly files: () => io.IOHandler;
  /** The picture's path. */
  readonly image: string;
}

/**
 * Contents by file name. Weights stay as they are stored, quantised or not.
 *
 * @throws Error if the model has no weights or cannot be read
 */
export async function exampleFiles({
  files,
  image,
}: ExampleSource): Promise<Readonly<Record<string, string | Uint8Array>>> {
  const {weightData, weightSpecs, ...model} = (await files().load?.()) ?? {};
  if (weightData === undefined || weightSpecs === undefined)
    throw new Error(`exampleFiles: the model that comes with ${image} holds no weights.`);
  const weightsManifest = [{paths: ['weights.bin'], weights: weightSpecs}];
  return {
    'model.json': JSON.stringify({...model, weightsManifest}),
    'weights.bin': new Uint8Array(io.CompositeArrayBuffer.join(weightData)),
    'image.png': await pictureOf(image),
  };
}

/** The file as it is, if it is small enough. */
async function pictureOf(path: string): Promise<Uint8Array> {
  const {width, height} = await sharp(path).metadata();
  if (Math.max(width, height) <= LONGEST_SIDE) return readFile(path);
  return sharp(path)
    .resize(LONGEST_SIDE, LONGEST_SIDE, {fit: 'inside'})
    .flatten({background: 'white'})
    .png()
    .toBuffer();
}
