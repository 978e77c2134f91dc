/** What the page must show: a model's activations, captured by hooks in Node on the same WASM binary. */
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Tensor} from '@tensorflow/tfjs-core';
import {dispose} from '@tensorflow/tfjs-core';
import {withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions} from '@tfjs-capture/hooks';
import sharp from 'sharp';
import {loadModel} from '../../../../inspector/engine/load-model.js';
import {inputsOf} from '../../../../inspector/engine/prepare-input.js';
import type {Preparation} from '../../../../inspector/protocol/model.js';
import type {Picture} from '../../../../inspector/protocol/run.js';
import {builtInspector} from '../../../../../../test-support/browser/prerequisites.js';

export interface ReferencePoint {
  readonly name: string;
  readonly shape: readonly number[];
  readonly pre: Float32Array;
  readonly post: Float32Array;
}

export interface ReferenceRun {
  /** In the order of execution. */
  readonly points: readonly ReferencePoint[];
  readonly outputs: readonly Float32Array[];
}

export interface ReferenceRequest {
  /** An example's. */
  readonly id: string;
  readonly preparation: Preparation;
  /** A picture's path; the example's own unless given. */
  readonly image?: string;
  /** As `withCapture` takes it. */
  readonly edit?: CaptureOptions['edit'];
}

export async function referenceRun(request: ReferenceRequest): Promise<ReferenceRun> {
  const {id, preparation, edit} = request;
  const folder = join(builtInspector, 'examples', id);
  const files = ['model.json', 'weights.bin'].map(
    (name) => new File([readFileSync(join(folder, name))], name),
  );
  const loaded = await loadModel({kind: 'files', files}, () => undefined);
  const picture = await decoded(request.image ?? join(folder, 'image.png'));
  const inputs = inputsOf(loaded, {kind: 'image', picture, preparation});
  using capture = withCapture(
    () => loaded.model.predict(inputs.length === 1 ? inputs[0]! : inputs),
    {
      record: ['pre', 'post'],
      ...(edit && {edit}),
    },
  );
  const outputs = [capture.result].flat() as Tensor[];
  const run = {
    points: capture.records.map(({name, pre, post}) => ({
      name,
      shape: (pre as Tensor).shape,
      pre: copied(pre as Tensor),
      post: copied(post as Tensor),
    })),
    outputs: outputs.map(copied),
  };
  dispose([inputs, outputs]);
  loaded.dispose();
  return run;
}

/** WASM hands out views of its memory. */
const copied = (tensor: Tensor): Float32Array => Float32Array.from(tensor.dataSync<'float32'>());

async function decoded(path: string): Promise<Picture> {
  const {data, info} = await sharp(path).ensureAlpha().raw().toBuffer({resolveWithObject: true});
  const {width, height} = info;
  return {name: 'image.png', width, height, rgba: new Uint8ClampedArray(data)};
}
