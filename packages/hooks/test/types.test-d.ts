// What the compiler promises users of the public API. `npm run typecheck` checks it; nothing here runs.
import {GraphModel} from '@tensorflow/tfjs-converter';
import type {NamedTensorMap, Scalar, Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel, layers} from '@tensorflow/tfjs-layers';
import {expectTypeOf} from 'expect-type';

import {
  ablate,
  addVector,
  bindTo,
  channelStats,
  clampTo,
  findNonFinite,
  gradCam,
  integratedGradients,
  nameScope,
  patchSweep,
  registerGradientKernels,
  replaceWith,
  scaleBy,
  stats,
  tap,
  withCapture,
  withGradients,
} from '@tfjs-capture/hooks';
import type {
  ActivationRecord,
  ChannelStats,
  Capture,
  CaptureOptions,
  EditFunction,
  GradientCapture,
  GradientOptions,
  HookPoint,
  PatchRow,
  NonFinite,
  PatchSweep,
  Stats,
  TapFrame,
} from '@tfjs-capture/hooks';

declare const model: LayersModel;
declare const conv: layers.Layer;
declare const graph: GraphModel;
declare const x: Tensor;

// A function that returns a value gives a capture; one that returns a promise, the promise of one.
const capture = withCapture(() => model.predict(x));
expectTypeOf(capture.result).toEqualTypeOf<Tensor | Tensor[]>();
expectTypeOf(withCapture(() => 'a').result).toEqualTypeOf<string>();
const later = withCapture(async () => model.fit(x, x));
expectTypeOf(later).toExtend<Promise<Capture<unknown>>>();
expectTypeOf((await later).result.history).not.toBeAny();
expectTypeOf(withCapture(() => Promise.resolve(1))).resolves.toHaveProperty('result');

// A capture is a resource, and can be walked over.
expectTypeOf(capture).toExtend<Disposable>();
expectTypeOf(capture).toExtend<Iterable<ActivationRecord>>();
expectTypeOf(capture.records).toExtend<readonly ActivationRecord[]>();
// @ts-expect-error -- the records are read-only
capture.records.push();
// @ts-expect-error -- so is the result
capture.result = x;

// Look-up is by name or by layer, with an address where there are several.
expectTypeOf(capture.pre('block4_conv3')).toExtend<Tensor>();
expectTypeOf(capture.pre(conv)).toExtend<Tensor>();
expectTypeOf(capture.post('lstm', {pass: 0, call: 1, slot: 2})).toExtend<Tensor>();
expectTypeOf(capture.output('block4_pool')).toExtend<Tensor>();
expectTypeOf(capture.get('fc1')).toExtend<ActivationRecord>();
expectTypeOf(capture.find(/conv/)).toExtend<ActivationRecord[]>();
expectTypeOf(capture.names()).toEqualTypeOf<string[]>();
expectTypeOf(capture.memory()).toExtend<{tensors: number; bytes: number}>();
expectTypeOf(capture.table()).toBeString();
// @ts-expect-error -- an address has only pass, call and slot
capture.pre('lstm', {step: 1});
// @ts-expect-error -- a layer's index is no name
capture.pre(3);

// A record is a hook point, and holds what was asked for.
expectTypeOf<ActivationRecord>().toExtend<HookPoint>();
expectTypeOf<ActivationRecord['pre']>().toExtend<Tensor | undefined>();
expectTypeOf<HookPoint['path']>().toExtend<readonly string[]>();
expectTypeOf<HookPoint>().toHaveProperty('activation').toExtend<string | null>();
expectTypeOf<Pick<HookPoint, 'pass' | 'call' | 'slot'>>().toExtend<
  Record<'pass' | 'call' | 'slot', number>
>();

// Filters are globs, regular expressions, predicates, or arrays of these.
withCapture(() => x, {layers: 'block*_conv*'});
withCapture(() => x, {layers: [/conv/, '**/fc1', (point) => point.activation === 'relu']});
withCapture(() => x, {activations: 'relu', record: ['pre', 'post', 'output']});
withCapture(() => x, {activations: ['relu', 'softmax']});
// @ts-expect-error -- a number filters nothing
withCapture(() => x, {layers: 4});
// @ts-expect-error -- there is no such kind of record
withCapture(() => x, {record: ['input']});
// @ts-expect-error -- a misspelt option must not go unnoticed
withCapture(() => x, {layer: 'fc1'});
// @ts-expect-error -- a tensor is not a function
withCapture(x);
expectTypeOf<CaptureOptions>().toExtend<object>();

// Edits are functions by name and kind, or each with a filter; ready-made ones are such functions.
withCapture(() => x, {edit: {conv: (pre) => pre, 'block*': {post: [ablate(), () => undefined]}}});
withCapture(() => x, {
  edit: [{layers: /conv/, output: (t, at) => (at.kind === 'output' ? t : undefined)}],
});
expectTypeOf(ablate([1, 2], {axis: 1})).toEqualTypeOf<EditFunction>();
expectTypeOf(replaceWith(capture)).toEqualTypeOf<EditFunction>();
expectTypeOf(replaceWith(x)).toEqualTypeOf<EditFunction>();
expectTypeOf(addVector([1, 2], 0.5)).toEqualTypeOf<EditFunction>();
expectTypeOf(clampTo(0, 6, {units: 3})).toEqualTypeOf<EditFunction>();
expectTypeOf(scaleBy(2)).toEqualTypeOf<EditFunction>();
// @ts-expect-error -- there is no such kind of edit
withCapture(() => x, {edit: {conv: {input: (t: Tensor) => t}}});
// @ts-expect-error -- an edit returns a tensor or nothing
withCapture(() => x, {edit: {conv: () => 3}});
// @ts-expect-error -- an edit is no promise
withCapture(() => x, {edit: {conv: async (t: Tensor) => Promise.resolve(t)}});

// A sweep gives numbers; what `fn` returns is what `metric` gets.
const sweep = patchSweep((input: Tensor) => [input], {
  clean: x,
  corrupted: x,
  metric: ([first]) => first!.sum<Scalar>(),
  signal: new AbortController().signal,
});
expectTypeOf(sweep).resolves.toEqualTypeOf<PatchSweep>();
expectTypeOf<PatchRow['channel']>().toEqualTypeOf<number | undefined>();
void patchSweep(async (input: Tensor) => Promise.resolve(input), {
  clean: x,
  corrupted: x,
  metric: () => 1,
});
// @ts-expect-error -- a metric is a number
void patchSweep((input: Tensor) => input, {clean: x, corrupted: x, metric: () => 'much'});

expectTypeOf(nameScope('loss', () => x as Scalar)).toEqualTypeOf<Scalar>();

expectTypeOf(registerGradientKernels('wasm')).toEqualTypeOf<() => void>();
// @ts-expect-error -- a backend is told by its name
registerGradientKernels();

// A function of a scalar gives a capture with gradients; never a promise.
const loss = (): Scalar => x as Scalar;
const gradients = withGradients(loss, {layers: 'block*', guidedRelu: true});
expectTypeOf(gradients).toEqualTypeOf<GradientCapture>();
expectTypeOf(gradients).toExtend<Capture<Scalar>>();
expectTypeOf(gradients).toExtend<Disposable>();
expectTypeOf(gradients.value).toEqualTypeOf<Scalar>();
expectTypeOf(gradients.gradient('block4_conv3')).toExtend<Tensor>();
expectTypeOf(gradients.gradient(conv, {pass: 0, call: 1, slot: 2, of: 'post'})).toExtend<Tensor>();
expectTypeOf<GradientOptions>().toExtend<CaptureOptions>();
// @ts-expect-error -- there is no gradient of an input
gradients.gradient('block4_conv3', {of: 'input'});
// @ts-expect-error -- the value is read-only
gradients.value = x;
// @ts-expect-error -- a promise has no gradient
withGradients(async () => loss());
// @ts-expect-error -- nor has a number
withGradients(() => 3);
// @ts-expect-error -- a misspelt option must not go unnoticed
withGradients(loss, {guidedReLU: true});
// @ts-expect-error -- guided or not
withGradients(loss, {guidedRelu: 'relu'});

expectTypeOf(gradCam(model, x, 281, 'out_relu')).toEqualTypeOf<Tensor>();
expectTypeOf(gradCam(graph, x, 281, conv)).toEqualTypeOf<Tensor>();
// @ts-expect-error -- maps are a layer's
gradCam(model, x, 281);
expectTypeOf(integratedGradients(model, x, 281, null)).toEqualTypeOf<Tensor>();
integratedGradients(graph, x, 281, 'conv', {baseline: x, steps: 30, of: 'output', at: {call: 1}});
// @ts-expect-error -- there is no such method of integration
integratedGradients(model, x, 281, null, {method: 'trapezoid'});

// GraphModels are as good as LayersModels, and any namespace that has a class can be bound.
expectTypeOf(withCapture(() => graph.predict(x), {model: graph}).result).toEqualTypeOf<
  Tensor | Tensor[] | NamedTensorMap
>();
withCapture(() => x, {model});
// @ts-expect-error -- a layer is no model
withCapture(() => x, {model: conv});
expectTypeOf(bindTo({GraphModel}).withCapture).toEqualTypeOf(withCapture);
expectTypeOf(bindTo({GraphModel}).nameScope).toEqualTypeOf(nameScope);

// A pass that may be ended has no result to count on; other options leave it as it is.
const stopped = withCapture(() => 'a', {layers: ['x'], stopAfterLast: true});
expectTypeOf(stopped.result).toEqualTypeOf<string | undefined>();
expectTypeOf(withCapture(() => 'a', {stopWhen: ({name}) => name === 'x'}).result).toEqualTypeOf<
  string | undefined
>();
expectTypeOf(
  (await withCapture(async () => Promise.resolve('a'), {layers: 'x', stopAfterLast: true})).result,
).toEqualTypeOf<string | undefined>();
expectTypeOf(withCapture(() => 'a', {maxBytes: 10}).result).toEqualTypeOf<string>();
declare const options: CaptureOptions;
expectTypeOf(withCapture(() => 'a', options).result).toEqualTypeOf<string>();

// A reducer tells what its values are.
const reduced = withCapture(() => model.predict(x), {reduce: channelStats()});
expectTypeOf(reduced.get('a').value).toEqualTypeOf<ChannelStats | undefined>();
expectTypeOf(reduced.merge(reduced)).toEqualTypeOf(reduced);
expectTypeOf(
  withCapture(() => 1, {reduce: (value) => value.shape.length}).records[0]?.value,
).toEqualTypeOf<number | undefined>();
const sums = withCapture(() => 1, {
  reduce: {
    init: () => [0],
    step(state: number[], value) {
      state.push(value.size);
    },
    merge(state: number[], other: number[]) {
      state.push(...other);
    },
    finish: (state: number[]) => state.length,
  },
});
expectTypeOf(sums.get('a').value).toEqualTypeOf<number | undefined>();
const both = withCapture(() => 1, {
  reduce: stats(),
  layers: ['a'],
  stopAfterLast: true,
});
expectTypeOf(both.result).toEqualTypeOf<number | undefined>();
expectTypeOf(both.get('a').value).toEqualTypeOf<Stats | undefined>();
// @ts-expect-error -- what has no reducer cannot be merged
capture.merge(capture);

expectTypeOf(findNonFinite(() => model.predict(x))).toEqualTypeOf<NonFinite | null>();
expectTypeOf(
  findNonFinite(async () => Promise.resolve(1)),
).resolves.toEqualTypeOf<NonFinite | null>();
for await (const frame of tap(model)) expectTypeOf(frame).toEqualTypeOf<TapFrame>();
