/** An example and its input in Node, on the same WASM binary as the page's. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import {loadModel} from '../../../../inspector/engine/load-model.js';
import type {LoadedModel} from '../../../../inspector/engine/loaded-model.js';
import {inputsOf} from '../../../../inspector/engine/prepare-input.js';
import type {Preparation} from '../../../../inspector/protocol/model.js';
import type {Picture} from '../../../../inspector/protocol/run.js';
import {builtInspector} from '../../../../../../test-support/browser/prerequisites.js';

export interface ReferenceModelRequest {
  /** An example's. */
  readonly id: string;
  readonly preparation: Preparation;
  /** A picture's path; the example's own unless given. */
  readonly image?: string;
}

export interface ReferenceModel {
  readonly model: LoadedModel['model'];
  readonly inputs: Tensor[];
  /** The model and its inputs. */
  dispose(): void;
}

export async function referenceModel(request: ReferenceModelRequest): Promise<ReferenceModel> {
  const {id, preparation} = request;
  const folder = join(builtInspector, 'examples', id);
  const files = ['model.json', 'weights.bin'].map(
    (name) => new File([readFileSync(join(folder, name))], name),
  );
  const loaded = await loadModel({kind: 'files', files}, () => undefined);
  const picture = await decoded(request.image ?? join(folder, 'image.png'));
  const inputs = inputsOf(loaded, {kind: 'image', picture, preparation});
  const dispose = () => {
    tf.dispose(inputs);
    loaded.dispose();
  };
  return {model: loaded.model, inputs, dispose};
}

async function decoded(path: string): Promise<Picture> {
  const {data, info} = await sharp(path).ensureAlpha().raw().toBuffer({resolveWithObject: true});
  const {width, height} = info;
  return {name: 'image.png', width, height, rgba: new Uint8ClampedArray(data)};
}
