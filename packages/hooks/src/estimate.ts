/** What a capture would hold, from shapes alone. */
import {CaptureArgumentError, DryRun, wrongArgument} from '@tfjs-capture/core';
import {getBackend} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {planOf} from './capture-options.js';
import type {CaptureOptions} from './capture-options.js';
import {Estimate} from './estimate-result.js';
import {isGraphModel} from './graph-executor.js';
import {isModel} from './layer-classes.js';
import {fresh, ShapeWalk} from './shape-walk.js';

export interface EstimateOptions extends Pick<CaptureOptions, 'layers' | 'activations' | 'record'> {
  /** How many rows `predict` runs at a time: each batch is a pass. 32 unless given, as there. */
  readonly batchSize?: number;
}

/**
 * What `withCapture(() => model.predict(x, {batchSize}), options)` would hold, without running the model or
 * making a tensor. It is what the capture holds, to the byte, but for the three cases below.
 *
 * Data that several records share is counted once, as `capture.memory()` does. What shares is known of tfjs's
 * own layers, for the backend that is set: an output with its layer's `post`, what Flatten and Reshape give with what
 * they are given, an RNN's output with that of its cell's last step. Not known are a mask, behind which an
 * RNN's output and a Softmax's `pre` are data of their own; a pooling of one by one, which shares on some
 * backends; and what backends that keep values in textures copy to give them another shape.
 * Values are counted as float32.
 *
 * A layer of a user's own with a field `activation` is taken to apply that once, to what
 * `computeOutputShape` says. What others do nobody knows: see `Estimate.unknown`.
 *
 * @param inputShape of `x`, with its rows, [8, 224, 224, 3]; for several inputs an array of shapes
 * @throws CaptureArgumentError for a GraphModel, for shapes that the model does not take, and for wrong options
 *
 * @example
 * console.log(estimate(model, [8, 224, 224, 3], {layers: 'block*'}).table());
 */
export function estimate(
  model: LayersModel,
  inputShape: readonly number[] | readonly (readonly number[])[],
  options?: EstimateOptions,
): Estimate {
  if (typeof model !== 'object' || (model as unknown) === null || !isModel(model)) {
    throw refusedModel(model);
  }
  const {batchSize = 32, ...capture} = options ?? {};
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw wrongArgument('estimate', 'batchSize must be a positive integer', batchSize, 'Pass 32.');
  }
  // What is no object at all is for `planOf` to refuse.
  const isObject = typeof options === 'object' && (options as unknown) !== null;
  const plan = planOf(isObject ? capture : options, 'estimate');
  if (plan.editing ?? plan.runner) {
    const rule = 'options are layers, activations, record and batchSize';
    throw wrongArgument('estimate', rule, Object.keys(capture).join(', '), 'Leave out the others.');
  }
  const run = new DryRun(plan);
  const walk = new ShapeWalk(run, getBackend() === 'wasm');
  const shapes = shapesOfInputs(model, inputShape);
  const [rows = 0] = shapes[0] ?? [];
  for (let row = 0; row < rows; row += batchSize) {
    const size = Math.min(batchSize, rows - row);
    // Each batch is a slice: data of its own.
    walk.pass(
      model,
      shapes.map(([, ...rest]) => fresh([size, ...rest])),
    );
  }
  return new Estimate(run.records, [...walk.unknown]);
}

function refusedModel(model: unknown): CaptureArgumentError {
  return typeof model === 'object' && model !== null && isGraphModel(model)
    ? wrongArgument(
        'estimate',
        "the model must be a LayersModel, since a graph's nodes have no shapes before they run",
        model,
        'Capture one input with {reduce: (t) => t.shape}.',
      )
    : wrongArgument('estimate', 'the model must be a LayersModel', model, 'Pass a model.');
}

/** One shape per input, all with as many rows. */
function shapesOfInputs(
  model: LayersModel,
  inputShape: readonly number[] | readonly (readonly number[])[],
): number[][] {
  if (!Array.isArray(inputShape)) {
    throw wrongArgument('estimate', 'inputShape must be an array', inputShape, 'Pass [1, …].');
  }
  const isNested = inputShape.length > 0 && inputShape.every((one) => Array.isArray(one));
  const given = (isNested ? inputShape : [inputShape]) as readonly (readonly number[])[];
  // A vector is a column to `predict`.
  const shapes = given.map((shape) => (shape.length === 1 ? [...shape, 1] : [...shape]));
  const expected = model.inputs.map(({shape}) => shape);
  const fits = (shape: number[], i: number): boolean =>
    shape.length === expected[i]?.length &&
    shape.every(
      (size, axis) =>
        Number.isInteger(size) &&
        size > 0 &&
        (axis === 0 ? size === shapes[0]?.[0] : [null, size].includes(expected[i]?.[axis] ?? null)),
    );
  if (shapes.length === expected.length && shapes.every(fits)) return shapes;
  throw new CaptureArgumentError(
    `estimate: inputShape must fit the model's inputs, ${written(expected)}, with the same rows in each, ` +
      `got ${written(given)}. Pass whole shapes, rows first.`,
  );
}

const written = (shapes: readonly (readonly (number | null)[])[]): string =>
  shapes.map((shape) => `[${shape.map((size) => size ?? 'any').join()}]`).join(' and ');
