/** What the page must show: a model's activations, captured by hooks in Node on the same WASM binary. */
import type {Tensor} from '@tensorflow/tfjs-core';
import {withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions} from '@tfjs-capture/hooks';
import {referenceModel} from './reference-model.js';
import type {ReferenceModelRequest} from './reference-model.js';

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

export interface ReferenceRequest extends ReferenceModelRequest {
  /** As `withCapture` takes it. */
  readonly edit?: CaptureOptions['edit'];
}

export async function referenceRun({edit, ...request}: ReferenceRequest): Promise<ReferenceRun> {
  const {model, inputs, dispose} = await referenceModel(request);
  using capture = withCapture(() => model.predict(inputs.length === 1 ? inputs[0]! : inputs), {
    record: ['pre', 'post'],
    ...(edit && {edit}),
  });
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
  for (const output of outputs) output.dispose();
  dispose();
  return run;
}

/** WASM hands out views of its memory. */
const copied = (tensor: Tensor): Float32Array => Float32Array.from(tensor.dataSync<'float32'>());
