/** One forward pass of a model of either format, under capture. */
import {engine} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withCapture} from '@tfjs-capture/hooks';
import type {Capture, CaptureOptions} from '@tfjs-capture/hooks';
import {isGraphModel} from './is-graph-model.js';

/** One of the model's outputs. */
export interface NamedOutput {
  readonly name: string;
  readonly tensor: Tensor;
}

export interface ForwardPass {
  readonly capture: Capture<unknown>;
  readonly outputs: readonly NamedOutput[];
}

/** @param inputs in the model's order; they stay the caller's. The capture and the outputs become so */
export async function forwardPass(
  model: LayersModel | GraphModel,
  inputs: readonly Tensor[],
  options: CaptureOptions,
): Promise<ForwardPass> {
  const list = [...inputs];
  if (isGraphModel(model)) {
    const capture = await executeGraph(model, list, options);
    return {capture, outputs: named(model.outputNodes, capture.result)};
  }
  const [first] = list;
  // In one batch: a model of a fixed batch size takes no part of it.
  const batchSize = Math.max(1, first?.shape[0] ?? 1);
  const capture = withCapture(
    () => model.predict(first && list.length === 1 ? first : list, {batchSize}),
    options,
  );
  return {capture, outputs: named(model.outputNames, capture.result)};
}

async function executeGraph(
  model: GraphModel,
  inputs: Tensor[],
  options: CaptureOptions,
): Promise<Capture<Tensor | Tensor[]>> {
  try {
    return withCapture(() => model.execute(inputs), options);
  } catch (error) {
    // It says so before any node runs.
    if (error instanceof Error && error.message.includes('model.executeAsync()')) {
      return executeInTime(model, inputs, options);
    }
    throw error;
  }
}

/** Where there is control flow. What an execution leaves that fails is disposed of here: the executor does not. */
async function executeInTime(
  model: GraphModel,
  inputs: Tensor[],
  options: CaptureOptions,
): Promise<Capture<Tensor | Tensor[]>> {
  const made: Tensor[] = [];
  engine().startScope('forwardPass');
  try {
    const capture = await withCapture(() => model.executeAsync(inputs), options);
    made.push(...[capture.result].flat());
    for (const {pre, post} of capture) made.push(...[pre ?? [], post ?? []].flat());
    return capture;
  } finally {
    engine().endScope(made);
  }
}

function named(names: readonly string[], result: Tensor | Tensor[]): NamedOutput[] {
  return [result]
    .flat()
    .map((tensor, index) => ({name: names[index] ?? `output ${index}`, tensor}));
}
