/** What this project does. */
import {LayersModel} from '@tensorflow/tfjs-layers';
import type {Tensor} from '@tensorflow/tfjs-core';
import {withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions} from '@tfjs-capture/hooks';
import {disposeOutput, hookKey, predict, tensorsOf} from './variant.js';
import type {Subject, TensorsByHook, Variant, Yielded} from './variant.js';

export const CAPTURE_VARIANTS = {
  all: 'capture of all pre-activations',
  nothing: 'capture of nothing: layers: []',
  noMatch: "capture of nothing: layers: 'no/such/layer'",
  oneLayer: 'capture of one layer or node, at a fifth of the depth',
} as const;

/** @param names the layers or nodes that hold the model's activations, in execution order */
export function captureVariants(subject: Subject, names: readonly string[]): Variant[] {
  const layer = layerAtAFifth(names);
  return [
    captureVariant(CAPTURE_VARIANTS.all, subject),
    captureVariant(CAPTURE_VARIANTS.nothing, subject, {layers: []}),
    captureVariant(CAPTURE_VARIANTS.noMatch, subject, {layers: 'no/such/layer'}),
    captureVariant(CAPTURE_VARIANTS.oneLayer, subject, {layers: layer}),
  ];
}

export function captureVariant(name: string, subject: Subject, options?: CaptureOptions): Variant {
  return {
    name,
    isBudgeted: true,
    run() {
      const captured = withCapture(() => predict(subject), options);
      captured.dispose();
      disposeOutput(captured.result);
    },
    yield: () => capture(subject, options),
  };
}

/**
 * Captures pre and post of everything, and what every node of a graph gave: what all other variants are
 * checked against.
 */
export function captureAll(subject: Subject): CaptureYielded {
  const isGraph = !(subject.model instanceof LayersModel);
  return capture(subject, {record: ['pre', 'post', ...(isGraph ? (['output'] as const) : [])]});
}

export interface CaptureYielded extends Yielded {
  readonly pre: TensorsByHook;
  readonly output: TensorsByHook;
  readonly results: readonly Tensor[];
  /** The layers or nodes that hold activations, in execution order. */
  readonly names: readonly string[];
}

function layerAtAFifth(names: readonly string[]): string {
  const name = names[Math.floor(names.length / 5)];
  if (name === undefined) throw new Error('captureVariants: the model has no hook point.');
  return name;
}

function capture(subject: Subject, options?: CaptureOptions): CaptureYielded {
  const captured = withCapture(() => predict(subject), options);
  const {result, records} = captured;
  const pre = new Map<string, Tensor>();
  const post = new Map<string, Tensor>();
  const output = new Map<string, Tensor>();
  for (const record of records) {
    const key = hookKey(record.name, record.call, record.slot);
    if (record.pre) pre.set(key, record.pre);
    if (record.post) post.set(key, record.post);
    if (record.output) output.set(key, record.output);
  }
  const activated = records.filter(({activation}) => activation !== null);
  return {
    names: [...new Set(activated.map(({name}) => name))],
    pre,
    post,
    output,
    results: tensorsOf(result),
    captured: captured.memory(),
    dispose() {
      captured.dispose();
      disposeOutput(result);
    },
  };
}
