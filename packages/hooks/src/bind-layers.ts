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
  if ((globalThis as Global).tf !== boundGlobal) bindGlobal();
}

/** Binds what TensorFlow.js's own script sets, if it has been loaded. */
export function bindGlobal(): void {
  boundGlobal = (globalThis as Global).tf;
  if (typeof boundGlobal === 'object' && boundGlobal !== null) bindCompanions(boundGlobal);
}

interface Global {
  readonly tf?: unknown;
}
