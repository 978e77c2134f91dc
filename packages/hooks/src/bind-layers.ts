/** Has core install, with each scope, what gives layers their names. */
import {addCompanion, bindCompanions} from '@tfjs-capture/core';
import {ownNamespace} from './layer-classes.js';
import {createLayersBinding, LAYERS_BINDING} from './layers-binding.js';

let isBound = false;

/** Binds the copy of tfjs-layers that this package imports. */
export function bindLayers(): void {
  if (isBound) return;
  addCompanion(LAYERS_BINDING, createLayersBinding);
  bindCompanions(ownNamespace());
  isBound = true;
}
