/** Tells the two formats of models apart. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {LayersModel} from '@tensorflow/tfjs-layers';

export const isGraphModel = (model: LayersModel | GraphModel): model is GraphModel =>
  'executeAsync' in model;
