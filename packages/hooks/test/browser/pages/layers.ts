/** What the tests of layers run inside a page. Each function returns plain data. */
import {
  clipByValue,
  elu,
  getBackend,
  mul,
  neg,
  relu,
  sigmoid,
  softmax,
  step,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {layers, model as modelOf, sequential} from '@tensorflow/tfjs-layers';
import {
  enableEdits,
  registerGradientKernels,
  ScopeOverlapError,
  withCapture,
  withGradients,
} from '@tfjs-capture/hooks';
import type {ActivationRecord, Capture} from '@tfjs-capture/hooks';
import {seeded, setSeededWeights} from '../../fidelity/seeded-values.js';
import {countChangedKernels, countReads, memoryNow} from './left-behind.js';
import type {Memory} from './left-behind.js';
import {NETS} from './models.js';
import type {Net, NetName} from './models.js';
import {reduceOnDevice} from './reduce.js';
import {startBackend} from './start-backend.js';
import {takeValues, valuesOf} from './values.js';
import type {Values} from './values.js';

const ROWS = 5;
/** Makes three passes of five rows. */
const BATCHES = {batchSize: 2};
const BOTH = {record: ['pre', 'post']} as const;

interface CapturedPoint {
  readonly name: string;
  readonly activation: string | null;
  readonly pre: Values;
  readonly post: Values;
  /** The activation function as tfjs's operations compute it from `pre`. */
  readonly activated: Values;
  /** What a copy of the model without this activation has there. */
  readonly linear: Values;
  /** What a sub-model that ends here returns. */
  readonly subModel: Values;
}

interface CapturedNet {
  readonly names: string[];
  readonly passes: number;
  readonly result: Values;
  readonly plain: Values;
  readonly points: CapturedPoint[];
}

/** Captures a net in three passes, and has the same values computed in other ways. */
async function captureNet(name: NetName): Promise<CapturedNet> {
  const net = NETS[name]();
  const x = inputOf(net);
  const plain = await takeValues(predict(net, x));
  const capture = withCapture(() => predict(net, x), BOTH);
  const names = capture.names();
  const points: CapturedPoint[] = [];
  for (const point of names) points.push(await pointOf(name, net, x, capture, point));
  const found = {
    names,
    passes: new Set(capture.records.map(({pass}) => pass)).size,
    result: await takeValues(capture.result),
    plain,
    points,
  };
  capture.dispose();
  return found;
}

async function pointOf(
  netName: NetName,
  net: Net,
  x: Tensor,
  capture: Capture<Tensor>,
  name: string,
): Promise<CapturedPoint> {
  const {activation} = capture.get(name);
  const pre = capture.pre(name);
  return {
    name,
    activation,
    pre: await valuesOf(pre),
    post: await valuesOf(capture.post(name)),
    activated: await takeValues(activate(name === 'cap' ? 'relu6' : activation, pre)),
    linear: await takeValues(predict(subModel(NETS[netName](name), name), x)),
    subModel: await takeValues(predict(subModel(net, name), x)),
  };
}

function activate(activation: string | null, x: Tensor): Tensor {
  switch (activation) {
    case 'relu':
      return relu(x);
    case 'relu6':
      return clipByValue(x, 0, 6);
    case 'elu':
      return elu(x);
    case 'swish':
      return tidy(() => mul(sigmoid(x), x));
    case 'softmax':
      return softmax(x);
    default:
      throw new Error(`No net of this page has the activation ${activation}.`);
  }
}

const inputOf = ({inputShape}: Net): Tensor => seeded([ROWS, ...inputShape], 3);

const predict = ({model}: Pick<Net, 'model'>, x: Tensor): Tensor =>
  model.predict(x, BATCHES) as Tensor;

const subModel = ({model, outputs}: Net, name: string): Pick<Net, 'model'> => ({
  model: modelOf({inputs: model.inputs, outputs: outputs[name]!}),
});

interface CapturedLstm {
  readonly names: string[];
  readonly result: Values;
  readonly plain: Values;
  /** Activation, call and slot of each record. */
  readonly addresses: string[];
  /** The forget gate at the third time step. */
  readonly gate: Values;
}

async function captureLstm(): Promise<CapturedLstm> {
  const model = sequential({layers: [layers.lstm({name: 'lstm', units: 2, inputShape: [3, 2]})]});
  setSeededWeights(model);
  const x = seeded([2, 3, 2], 5);
  const plain = await takeValues(model.predict(x) as Tensor);
  const capture = withCapture(() => model.predict(x) as Tensor);
  const found = {
    names: capture.names(),
    result: await takeValues(capture.result),
    plain,
    addresses: capture.records.map(addressOf),
    gate: await valuesOf(capture.pre('lstm', {call: 2, slot: 1})),
  };
  capture.dispose();
  return found;
}

const addressOf = ({activation, call, slot}: ActivationRecord): string =>
  `${activation} ${call} ${slot}`;

interface LeftBehind {
  readonly before: Memory;
  readonly during: Memory;
  readonly after: Memory;
  readonly changedKernels: {readonly during: number; readonly after: number};
}

/** Captures and disposes of everything. */
function captureAndDispose(): LeftBehind {
  const {net, x, before} = warmNet();
  let changedDuring = 0;
  const capture = withCapture(() => {
    changedDuring = countChangedKernels();
    return predict(net, x);
  }, BOTH);
  capture.result.dispose();
  const during = memoryNow();
  const changedKernels = {during: changedDuring, after: countChangedKernels()};
  capture.dispose();
  return {before, during, after: memoryNow(), changedKernels};
}

interface Thrown {
  readonly sameError: boolean;
  readonly before: Memory;
  readonly after: Memory;
  readonly changedKernels: number;
  /** Names that a capture has afterwards. */
  readonly names: string[];
}

/** Throws inside of a capture, after the model ran. */
function throwInside(): Thrown {
  const {net, x, before} = warmNet();
  const mine = new Error('mine');
  let caught: unknown;
  try {
    withCapture((): void => {
      predict(net, x).dispose();
      throw mine;
    }, BOTH);
  } catch (error) {
    caught = error;
  }
  const after = memoryNow();
  const changedKernels = countChangedKernels();
  using capture = withCapture(() => {
    predict(net, x).dispose();
  });
  return {sameError: caught === mine, before, after, changedKernels, names: capture.names()};
}

/** A net that has run with and without capture, so that what tfjs itself keeps is there already. */
function warmNet() {
  const net = NETS.relus();
  const x = inputOf(net);
  withCapture(() => predict(net, x), BOTH).dispose();
  predict(net, x).dispose();
  return {net, x, before: memoryNow()};
}

interface Reads {
  readonly predicting: number;
  readonly capturing: number;
  readonly looking: number;
}

/** How often values are downloaded by plain predict, by a capture, and by looking at what that captured. */
async function countDownloads(): Promise<Reads> {
  const {net, x} = warmNet();
  const predicting = countReads(() => predict(net, x));
  const capturing = countReads(() => withCapture(() => predict(net, x), BOTH));
  const capture = capturing.result;
  const looking = countReads(() => capture.pre('stem', {pass: 0}).data());
  await looking.result;
  for (const each of [predicting.result, capture.result, capture]) each.dispose();
  return {predicting: predicting.reads, capturing: capturing.reads, looking: looking.reads};
}

interface Overlap {
  readonly refused: boolean;
  readonly message: string;
  readonly first: string[];
  readonly next: string[];
  readonly before: Memory;
  readonly after: Memory;
  readonly changedKernels: number;
}

/** Opens an asynchronous scope while another one waits, and one more when that is over. */
async function overlapScopes(): Promise<Overlap> {
  const {net, x, before} = warmNet();
  const run = () => predict(net, x).dispose();
  const later = async () => {
    await tick();
    run();
  };
  const first = withCapture(later);
  const error = await withCapture(async () => {
    run();
    await tick();
  }).then(() => null, identity);
  const names: string[][] = [];
  for (const capture of [await first, await withCapture(later)]) {
    names.push(capture.names());
    capture.dispose();
  }
  const [firstNames = [], next = []] = names;
  return {
    refused: error instanceof ScopeOverlapError,
    message: String(error),
    first: firstNames,
    next,
    before,
    after: memoryNow(),
    changedKernels: countChangedKernels(),
  };
}

interface Edited {
  /** What an edit gets before `enableEdits`. */
  readonly refusal: string;
  readonly plain: Values;
  readonly identity: Values;
  readonly edited: Values;
  readonly editedByHand: Values;
  /** d sum of the results / d pre of 'hidden', by `withGradients` and by hand. */
  readonly gradient: Values;
  readonly gradientByHand: Values;
  readonly before: Memory;
  readonly after: Memory;
}

/** Edits the layer before the last, and differentiates with respect to it. */
async function editAndDifferentiate(): Promise<Edited> {
  const {net, x, before} = warmNet();
  const {model} = net;
  const out = model.getLayer('out');
  const run = () => predict(net, x);
  const edit = {hidden: (value: Tensor) => neg(value)};
  const refusal = messageOf(() => withCapture(run, {edit}));
  enableEdits();
  const plain = withCapture(run, {layers: 'hidden'});
  const identical = withCapture(run, {edit: {'**': (value: Tensor) => value}, layers: []});
  const edited = withCapture(run, {edit, layers: []});
  const hidden = plain.pre('hidden');
  const undo = registerGradientKernels(getBackend());
  const gradients = withGradients(() => sum(model.apply(x) as Tensor), {layers: 'hidden'});
  undo();
  const byHand = tidy<[Tensor, Tensor]>(() => [
    out.apply(relu(neg(hidden))) as Tensor,
    mul(step(hidden), sum(out.getWeights()[0] as Tensor, 1)),
  ]);
  const found = {
    refusal,
    plain: await takeValues(plain.result),
    identity: await takeValues(identical.result),
    edited: await takeValues(edited.result),
    editedByHand: await takeValues(byHand[0]),
    gradient: await valuesOf(gradients.gradient('hidden')),
    gradientByHand: await takeValues(byHand[1]),
    before,
  };
  for (const capture of [plain, identical, edited, gradients]) capture.dispose();
  return {...found, after: memoryNow()};
}

function messageOf(run: () => unknown): string {
  try {
    run();
    return 'nothing was thrown';
  } catch (error) {
    return String(error);
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const identity = (value: unknown): unknown => value;

const inPage = {
  startBackend,
  captureNet,
  captureLstm,
  captureAndDispose,
  throwInside,
  countDownloads,
  overlapScopes,
  editAndDifferentiate,
  reduceOnDevice,
};
export type LayersPage = typeof inPage;
Object.assign(globalThis, {inPage});
