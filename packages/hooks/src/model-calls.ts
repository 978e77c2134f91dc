/**
 * Tells whoever asks of the calls that a program makes of a model by itself.
 *
 * How: methods that run a forward pass are swapped on the classes that define them, for as long as
 * anybody asks. No model is touched, and a call of another model costs one look-up.
 */
import {methodNamed, swapMethods} from '@tfjs-capture/core';
import type {MethodSwaps} from '@tfjs-capture/core';
import {isModel} from './layer-classes.js';
import {runModel} from './layers-binding.js';
import type {ModelMethod} from './layers-methods.js';

/**
 * Makes a call its own way: `run` is the call, and what is returned goes to the caller. `isAsync` tells
 * beforehand whether that is a promise.
 */
export type CallInterceptor = (run: () => unknown, isAsync: boolean) => unknown;

/** `apply` comes down to `call`, as does a model in another one. Not every class has each. */
const METHODS = ['predict', 'predictOnBatch', 'predictAsync', 'execute', 'executeAsync', 'call'];

/** Those that a scope which opens inside them does not see any more, but must know of. */
const PASSES: readonly string[] = ['execute', 'call'];

const interceptors = new Map<object, readonly CallInterceptor[]>();
/** Models of which a method runs now. */
const running = new Set<object>();
let installed: readonly MethodSwaps[] | null = null;

/**
 * Has `interceptor` make the model's calls from now on: of calls inside one another the outermost. Methods
 * that are the model's own fields, not its class's, are left alone.
 *
 * @returns the undo; idempotent
 */
export function interceptCalls(model: object, interceptor: CallInterceptor): () => void {
  installed ??= METHODS.map((name) =>
    swapMethods(methodNamed<ModelMethod>(name), (original) => intercepted(name, original)),
  );
  for (const swaps of installed) {
    swaps.add(Object.getPrototypeOf(model) as object);
    swaps.install();
  }
  interceptors.set(model, [...(interceptors.get(model) ?? []), interceptor]);
  return () => {
    const others = interceptors.get(model)?.filter((other) => other !== interceptor) ?? [];
    if (others.length > 0) interceptors.set(model, others);
    else interceptors.delete(model);
    if (interceptors.size > 0) return;
    for (const swaps of installed ?? []) swaps.uninstall();
    installed = null;
  };
}

function intercepted(name: string, original: ModelMethod): ModelMethod {
  return function (...args) {
    const asked = interceptors.get(this);
    if (!asked || running.has(this)) return original.apply(this, args);
    const call = (): unknown => original.apply(this, args);
    const isAsync = name.endsWith('Async');
    const isPass = PASSES.includes(name) && isModel(this);
    const run = isPass ? () => runModel(this, call) : call;
    running.add(this);
    try {
      return asked.reduce<() => unknown>((inner, next) => () => next(inner, isAsync), run)();
    } finally {
      running.delete(this);
    }
  };
}
