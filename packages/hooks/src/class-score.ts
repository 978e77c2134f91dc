/** One class's score, as attributions take it: before the softmax, which would mix in all other classes. */
import {CaptureArgumentError, isTensor, sourceOnTape, wrongArgument} from '@tfjs-capture/core';
import type {HookPoint, LayerFilter} from '@tfjs-capture/core';
import {slice, sum} from '@tensorflow/tfjs-core';
import type {InferenceModel, Scalar, Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {isLayer} from './layer-classes.js';
import type {Layer} from './layer-classes.js';
import {endsIn, withoutOutputIndex} from './names.js';
import type {WithCapture} from './with-capture.js';

/** A model with one output, [batch, classes]. */
export type Classifier = LayersModel | InferenceModel;

/**
 * The score of a class, summed over the batch: samples do not depend on each other, so the gradient
 * of the sum is that of each.
 *
 * Call it while a tape records: that is where the softmax is looked for.
 *
 * @param withCapture finds what went into a softmax, if the model ends in one
 * @throws CaptureArgumentError if the model has several outputs or no such class
 */
export function classScore(
  withCapture: WithCapture,
  caller: string,
  model: Classifier,
  x: Tensor,
  classIndex: number,
): Scalar {
  const capture = withCapture(() => runModel(model, x), {
    activations: 'softmax',
    record: ['pre', 'post'],
  });
  const {result, records} = capture;
  if (!isTensor(result) || result.rank < 2) {
    throw new CaptureArgumentError(
      `${caller}: the model must have one output of [batch, classes], got ` +
        `${isTensor(result) ? `[${result.shape.join()}]` : 'several'}. Pass a model that classifies.`,
    );
  }
  const classes = result.shape.at(-1) as number;
  if (!Number.isInteger(classIndex) || classIndex < 0 || classIndex >= classes) {
    const rule = `classIndex must be an integer from 0 to ${classes - 1}`;
    throw wrongArgument(caller, rule, classIndex, 'The last axis of the output are the classes.');
  }
  // Graphs end in a copy of their softmax as often as in the softmax itself.
  const source = sourceOnTape(result);
  const last = records.find(({post}) => post && sourceOnTape(post) === source);
  const scores = last?.pre?.shape.at(-1) === classes ? last.pre : result;
  const outer = scores.shape.slice(0, -1);
  return sum(slice(scores, [...outer.map(() => 0), classIndex], [...outer, 1]));
}

function runModel(model: Classifier, x: Tensor): unknown {
  return 'apply' in model ? model.apply(x) : model.predict(x, {});
}

/** Selects the layers that a name, a suffix of path segments or a layer object may stand for. */
export function layersCalled(layer: string | Layer): LayerFilter {
  // A wrapper's or an RNN's object stands for what it calls.
  if (isLayer(layer)) return ({path}: HookPoint) => path.includes(layer.name);
  const name = withoutOutputIndex(layer);
  return ({name: full}: HookPoint) => endsIn(full, name);
}
