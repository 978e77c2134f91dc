/** The API for a copy of TensorFlow.js that this package does not find by itself. */
import {
  addCompanion,
  bindCompanions,
  CaptureArgumentError,
  describe,
  hasCompanion,
  nameScope,
} from '@tfjs-capture/core';
import {bindGlobal, bindLayers} from './bind-layers.js';
import {createGraphBinding} from './graph-binding.js';
import {GRAPH_BINDING} from './graph-executor.js';
import {fedBy} from './graph-names.js';
import {findOtherNamesBy} from './look-up.js';
import type {WithCapture} from './with-capture.js';

/** What `bindTo` returns. */
export interface CaptureApi {
  readonly withCapture: WithCapture;
  readonly nameScope: typeof nameScope;
}

/**
 * Makes a copy of TensorFlow.js known, and returns the API bound to it: its layers and nodes have names
 * then. Nothing is patched while no scope is open.
 *
 * It is needed where classes cannot be found by import: in a browser's bundle for GraphModels, and for
 * another copy of tfjs-layers than the one that this package imports. In Node, and for `window.tf` with
 * the script-tag build, everything is found without it.
 *
 * @param tf a namespace of TensorFlow.js, or as much of it as there are classes to make known:
 *     `window.tf`, `import * as tf from '@tensorflow/tfjs'`, or `{GraphModel}`
 * @throws CaptureArgumentError if it has neither `GraphModel` nor `LayersModel`
 *
 * @example
 * import {GraphModel} from '@tensorflow/tfjs-converter';
 * const {withCapture} = bindTo({GraphModel});
 */
export type BindTo = (tf: object) => CaptureApi;

/** @param withCapture what to hand out */
export function makeBindTo(withCapture: WithCapture): BindTo {
  return function bindTo(tf) {
    bindGraphs();
    if (typeof tf !== 'object' || (tf as unknown) === null || !bindCompanions(tf)) {
      throw new CaptureArgumentError(
        `bindTo: the namespace must have a class GraphModel or LayersModel, got ${describe(tf)}. ` +
          "Pass window.tf, import * as tf from '@tensorflow/tfjs', or {GraphModel}.",
      );
    }
    return {withCapture, nameScope};
  };
}

/** Has core install, with each scope, what gives nodes their names, and layers theirs. */
export function bindGraphs(): void {
  if (!hasCompanion(GRAPH_BINDING)) {
    addCompanion(GRAPH_BINDING, createGraphBinding);
    bindGlobal(); // layers may have been bound to it long since
  }
  bindLayers();
  findOtherNamesBy(fedBy);
}
