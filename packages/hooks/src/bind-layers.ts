/** Has core install, with each scope, what gives layers their names. */
import {addCompanion, bindCompanions} from '@tfjs-capture/core';
import {ownNamespace} from './layer-classes.js';
import {createLayersBinding, LAYERS_BINDING} from './layers-binding.js';

let isBound = false;
let boundGlobal: unknown;

/** Binds the copy of tfjs-layers that this package imports, and the one of TensorFlow.js's own script. */
export function bindLayers(): void {
  if (!isBound) {
    addCompanion(LAYERS_BINDING, createLayersBinding);
    bindCompanions(ownNamespace());
    isBound = true;
  }
  const {tf} = globalThis as {tf?: unknown};
  if (tf === boundGlobal) return;
  boundGlobal = tf;
  if (typeof tf === 'object' && tf !== null) bindCompanions(tf);
}
