/** Grad-CAM of one class at one layer. */
import {getBackend} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {gradCam, registerGradientKernels} from '@tfjs-capture/hooks';
import {mapSize} from '../../src/image/map-size.js';
import type {HeatMap} from '../protocol/run.js';
import type {Layouts} from './edits-of.js';
import {InspectorError} from './inspector-error.js';
import type {LoadedModel} from './loaded-model.js';
import {readValues} from './read-values.js';

/**
 * @param inputs stay the caller's
 * @param layouts of layers, as far as they are known
 * @throws InspectorError for a model with several inputs or without classes, a class that it does not have, a layer
 *     without maps or with its channels first
 */
export async function heatMapOf(
  {model, info}: LoadedModel,
  inputs: readonly Tensor[],
  layer: string,
  classIndex: number,
  layouts: Layouts,
): Promise<HeatMap> {
  const [x] = inputs;
  if (!x || inputs.length > 1) {
    throw new InspectorError(
      `A heat map needs a model with one input, got ${inputs.length}. Choose a model that classifies images.`,
    );
  }
  if (info.classCount === null) {
    throw new InspectorError(
      `A heat map shows where a class is seen, and ${info.name} has no classes. Choose a model that classifies images.`,
    );
  }
  if (!(classIndex >= 0 && classIndex < info.classCount)) {
    throw new InspectorError(
      `${info.name} has classes 0 to ${info.classCount - 1}, got ${classIndex}. Choose one of these.`,
    );
  }
  const layout = layouts.get(layer);
  if (layout && layout.height * layout.width === 1) {
    throw new InspectorError(
      `${layer} has no maps, but single values. Choose a convolution, best the last one.`,
    );
  }
  if (layout?.channelAxis === 1 && layout.width > 1) {
    throw new InspectorError(
      `${layer} has its channels first, of which no heat map can be made. Choose a layer with its channels last.`,
    );
  }
  const forgetKernels = registerGradientKernels(getBackend());
  try {
    const heat = gradCam(model, x, classIndex, layer);
    const {height, width} = mapSize([...heat.shape, 1]);
    const [all] = (await readValues([heat])) as [Float32Array];
    const values = all.slice(0, height * width);
    return {height, width, values, max: values.reduce((most, value) => Math.max(most, value), 0)};
  } finally {
    forgetKernels();
  }
}
