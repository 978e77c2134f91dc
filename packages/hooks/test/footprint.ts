/** Everything that a capture could leave behind, to compare before and after. */
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

export interface Footprint {
  /** The kernel registry's entries, by identity and in order. */
  readonly kernels: readonly unknown[];
  /** The methods of tfjs-layers' classes, the engine and the backends, by identity. */
  readonly methods: readonly unknown[];
  /** The own fields of every layer, names and values by identity, and their order. */
  readonly instances: readonly unknown[];
  readonly memory: readonly number[];
}

export function footprint(model: tfl.LayersModel): Footprint {
  const backends = Object.values(
    (tf.engine() as unknown as {registry: Record<string, object>}).registry,
  );
  const classes = Object.values(tf.serialization.SerializationMap.getMap().classNameMap).map(
    ([{prototype}]): object => prototype as object,
  );
  const {numTensors, numDataBuffers, numBytes} = tf.memory();
  return {
    kernels: [...kernelRegistry()].flatMap((entry): unknown[] => entry).map(identify),
    methods: [...classes, tf.engine(), ...backends].flatMap(methodsOf).map(identify),
    instances: layersOf(model)
      .flatMap((layer): unknown[] => Object.entries(layer).flat())
      .map(identify),
    memory: [
      numTensors,
      numDataBuffers,
      numBytes,
      ...backends.map((b) => (b as tf.KernelBackend).numDataIds()),
    ],
  };
}

const identities = new Map<unknown, number>();

/** A number that stands for an object's identity: comparing the objects would compare what they hold. */
function identify(value: unknown): unknown {
  if (typeof value !== 'object' && typeof value !== 'function') return value;
  if (!identities.has(value)) identities.set(value, identities.size);
  return `#${identities.get(value)}`;
}

function kernelRegistry(): Map<string, unknown> {
  const globals = (globalThis as unknown as {_tfGlobals: Map<string, Map<string, unknown>>})
    ._tfGlobals;
  return globals.get('kernelRegistry') as Map<string, unknown>;
}

/** The names and values of all methods on an object's prototype chain. */
function methodsOf(object: object): unknown[] {
  const methods: unknown[] = [];
  for (let at = object; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const [name, {value}] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === 'function') methods.push(name, value);
    }
  }
  return methods;
}

function layersOf(layer: tfl.layers.Layer, seen = new Set<tfl.layers.Layer>()): tfl.layers.Layer[] {
  if (seen.has(layer)) return [];
  seen.add(layer);
  for (const value of Object.values(layer).flat() as unknown[]) {
    if (value instanceof tfl.layers.Layer) layersOf(value, seen);
  }
  return [...seen];
}
