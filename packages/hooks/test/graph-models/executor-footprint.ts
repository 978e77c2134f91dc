/** Everything of a GraphModel that a capture could change: classes, executors, nodes, by identity and in order. */
import * as v8 from 'node:v8';
import {runInThisContext} from 'node:vm';

import type {GraphModel} from '@tensorflow/tfjs-converter';

interface Executor {
  readonly graph: {readonly nodes: Readonly<Record<string, object>>};
  readonly functionExecutorMap: Readonly<Record<string, Executor>>;
}

const executorsOf = (model: GraphModel): Executor[] => {
  const {executor} = model as unknown as {executor: Executor};
  return [executor, ...Object.values(executor.functionExecutorMap)];
};

/** The nodes of the graph and of its functions. */
export const nodesOf = (model: GraphModel): object[] =>
  executorsOf(model).flatMap(({graph}) => Object.values(graph.nodes));

/** The classes: whose methods may be others while a scope is open, but not before and after. */
export const graphClasses = (model: GraphModel): unknown[] =>
  [model, executorsOf(model)[0]!].flatMap((object): unknown[] =>
    prototypesOf(object).flatMap(describe),
  );

/** The model, its executors, its nodes and what these hold: never anybody else's, scope or not. */
export const graphObjects = (model: GraphModel): unknown[] =>
  [model, ...executorsOf(model), ...nodesOf(model)].flatMap((object): unknown[] => [
    identify(Object.getPrototypeOf(object)),
    Object.isExtensible(object),
    ...describe(object),
  ]);

/** An object's own properties, in order, with their attributes. */
function describe(object: object): unknown[] {
  return Reflect.ownKeys(object).flatMap((key): unknown[] => {
    const {value, get, set, ...attributes} = Object.getOwnPropertyDescriptor(object, key)!;
    return [key, identify(value), identify(get), identify(set), JSON.stringify(attributes)];
  });
}

function prototypesOf(object: object): object[] {
  const found: object[] = [];
  let at = Object.getPrototypeOf(object) as object;
  for (; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) found.push(at);
  return found;
}

const identities = new Map<unknown, number>();

/** A number that stands for an object's identity: comparing the objects would compare what they hold. */
function identify(value: unknown): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
  if (!identities.has(value)) identities.set(value, identities.size);
  return `#${identities.get(value)}`;
}

v8.setFlagsFromString('--allow-natives-syntax');

/** Whether V8 keeps both objects in the same shape: what its compiled code asks. */
export const haveSameShape = runInThisContext('(a, b) => %HaveSameMap(a, b)') as (
  a: object,
  b: object,
) => boolean;

/** Whether an object's properties lie in an array, rather than in a dictionary. */
export const isFast = runInThisContext('(object) => %HasFastProperties(object)') as (
  object: object,
) => boolean;
