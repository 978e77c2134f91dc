/** Has core install, with each scope, what gives hook points their names. */
import {addCompanion, bindCompanions} from '@tfjs-capture/core';
import {createGraphBinding, GRAPH_BINDING} from './graph-binding.js';
import {bindLoadedCopies} from './known-copies.js';
import {createLayersBinding, LAYERS_BINDING} from './layers-binding.js';

/** @param source a namespace or a model of a copy of TensorFlow.js that may not be known yet */
export function installBindings(source?: object): void {
  addCompanion(LAYERS_BINDING, createLayersBinding);
  addCompanion(GRAPH_BINDING, createGraphBinding);
  bindLoadedCopies();
  if (source) bindCompanions(source);
}
