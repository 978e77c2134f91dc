/**
 * Says so when hook points lose their names because a model's classes are not known: those of another
 * copy of TensorFlow.js, or GraphModel in a browser's bundle. Code outside every model has no names
 * either, so the stack must show that a model runs.
 */

import {hasCompanion} from '@tfjs-capture/core';
import {GRAPH_BINDING} from './graph-executor.js';

/** Methods of models, by name, as bundles keep it; files of TensorFlow.js, where there is no bundle. */
const IN_MODEL =
  /\b(predictLoop|processStack)\b|\.(apply|call|execute) .*\btf(js)?-(layers|converter)/;
/** What else shows a GraphModel, where these are not bound. */
const IN_GRAPH = /\.execute\b/;

/** Scopes in which it is looked for: a stack takes some 20 µs. */
let attempts = 20;

export function warnIfUnnamed(): void {
  if (attempts-- <= 0) return;
  const {console, tf} = globalThis as unknown as Platform;
  const stack = deepStack();
  const maybeGraph = !hasCompanion(GRAPH_BINDING) && (tf || IN_GRAPH.test(stack));
  if (!maybeGraph && !IN_MODEL.test(stack)) return;
  attempts = 0;
  console.warn(
    'withCapture: hook points have no names, got a model of an unknown copy of TensorFlow.js. ' +
      'Use bindTo(tf) with its namespace, or pass {model}.',
  );
}

interface Platform {
  readonly console: {warn(message: string): void};
  readonly tf?: object;
  readonly Error: {stackTraceLimit: number | undefined};
}

function deepStack(): string {
  const settings = (globalThis as unknown as Platform).Error;
  const {stackTraceLimit} = settings;
  settings.stackTraceLimit = 100;
  const {stack} = new Error();
  settings.stackTraceLimit = stackTraceLimit;
  return stack ?? '';
}
