/** What this project does. */
import {LayersModel} from '@tensorflow/tfjs-layers';
import type {Tensor} from '@tensorflow/tfjs-core';
import {withCapture} from '@tfjs-capture/hooks';
import type {Capture, CaptureOptions, EarlyStopOptions, RecordKind} from '@tfjs-capture/hooks';
import {disposeOutput, hookKey, predict, tensorsOf} from './variant.js';
import type {Output, Subject, TensorsByHook, Variant, Yielded} from './variant.js';

export const CAPTURE_VARIANTS = {
  all: 'capture of all pre-activations',
  nothing: 'capture of nothing: layers: []',
  noMatch: "capture of nothing: layers: 'no/such/layer'",
  oneLayer: 'capture of one layer or node, at a fifth of the depth',
  stopAfterLast: 'the same with stopAfterLast',
} as const;

/** @param names the layers or nodes that hold the model's activations, in execution order */
export function captureVariants(subject: Subject, names: readonly string[]): Variant[] {
  const layer = layerAtAFifth(names);
  return [
    captureVariant(CAPTURE_VARIANTS.all, subject),
    captureVariant(CAPTURE_VARIANTS.nothing, subject, () => ({layers: []})),
    captureVariant(CAPTURE_VARIANTS.noMatch, subject, () => ({layers: 'no/such/layer'})),
    captureVariant(CAPTURE_VARIANTS.oneLayer, subject, () => ({layers: layer})),
    captureVariant(CAPTURE_VARIANTS.stopAfterLast, subject, () => ({
      layers: [layer],
      stopAfterLast: true,
    })),
  ];
}

/** @param options made anew for each call: what they hold may belong to one capture */
export function captureVariant(
  name: string,
  subject: Subject,
  options?: () => CaptureOptions | EarlyStopOptions,
): Variant {
  return {
    name,
    isBudgeted: true,
    run() {
      const captured = captureWith(subject, options?.());
      captured.dispose();
      if (captured.result) disposeOutput(captured.result);
    },
    yield: () => yieldedBy(captureWith(subject, options?.())),
  };
}

/** Without a result where the pass is ended early. */
function captureWith(
  subject: Subject,
  options: CaptureOptions | EarlyStopOptions = {},
): Capture<Output | undefined> {
  // Either kind of options has an overload of its own.
  return withCapture<Output>(() => predict(subject), options as EarlyStopOptions);
}

/**
 * Captures pre and post of everything, and what every node of a graph gave: what all other variants are
 * checked against.
 */
export function captureAll(subject: Subject): CaptureYielded {
  const isGraph = !(subject.model instanceof LayersModel);
  const record: RecordKind[] = ['pre', 'post', ...(isGraph ? (['output'] as const) : [])];
  return yieldedBy(captureWith(subject, {record}));
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

function yieldedBy(captured: Capture<Output | undefined>): CaptureYielded {
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
    results: result ? tensorsOf(result) : [],
    captured: captured.memory(),
    dispose() {
      captured.dispose();
      if (result) disposeOutput(result);
    },
  };
}
