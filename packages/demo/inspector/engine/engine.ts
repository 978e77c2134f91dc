/** The engine: one model on one backend, and the runs that it keeps. */
import {GraphModel} from '@tensorflow/tfjs-converter';
import {bindTo, enableOptions} from '@tfjs-capture/hooks';
import {transfer} from 'comlink';
import type {BackendName, Engine, RunName} from '../protocol/engine.js';
import type {CapturedRun, MapLayout} from '../protocol/run.js';
import {captureRun} from './capture-run.js';
import {compareRuns} from './compare-runs.js';
import {channelValues, drawMaps} from './feature-maps.js';
import {gentleProgress} from './gentle-progress.js';
import {heatMapOf} from './heat-map.js';
import {InspectorError} from './inspector-error.js';
import {KeptRun} from './kept-run.js';
import {loadModel} from './load-model.js';
import type {LoadedModel} from './loaded-model.js';
import {inputsOf} from './prepare-input.js';
import {saveRun} from './save-run.js';
import {sentenceOf} from './sentence-of.js';
import {startBackend} from './start-backend.js';

/**
 * What it hands out that is large is marked as transferable, and is not kept. What is asked of it is done one after
 * another, in the order in which it was asked for.
 *
 * @param load loads models; for tests
 */
export function createEngine(load = loadModel): Engine {
  // A bundle for browsers has neither unless it is asked for.
  bindTo({GraphModel});
  enableOptions();
  const runs = new Map<RunName, KeptRun>();
  const layouts = new Map<string, MapLayout>();
  let backend: BackendName | null = null;
  let loaded: LoadedModel | null = null;
  let before: Promise<unknown> = Promise.resolve();

  /** @param doing for the sentence if it fails: 'Running the model' */
  function inTurn<T>(doing: string, task: () => T | Promise<T>): Promise<T> {
    const done = before.then(task).catch((error: unknown) => {
      throw sentenceOf(error, doing);
    });
    before = done.catch(() => undefined);
    return done;
  }
  function runOf(name: RunName): KeptRun {
    const run = runs.get(name);
    if (run) return run;
    throw new InspectorError(`There is no run '${name}'. Capture first.`);
  }
  function current(): {loaded: LoadedModel; backend: BackendName} {
    if (backend === null)
      throw new InspectorError('TensorFlow.js has not been started. Reload the page.');
    if (!loaded)
      throw new InspectorError('There is no model yet. Choose one of the examples, or drop yours.');
    return {loaded, backend};
  }

  return {
    start: (name, wasmFolder = './wasm/') =>
      inTurn('Starting TensorFlow.js', async () => {
        await startBackend(name, wasmFolder);
        backend = name;
      }),
    loadModel: (source, onProgress) =>
      inTurn('Loading the model', async () => {
        // The one before is kept until then: if this fails the page goes on with it.
        const next = await load(source, onProgress);
        loaded?.dispose();
        loaded = next;
        runs.clear();
        layouts.clear();
        return next.info;
      }),
    capture: (name, request, onProgress) =>
      inTurn('Running the model', async () => {
        const {loaded: model, backend: on} = current();
        runs.delete(name);
        const run = await captureRun(model, request, on, layouts, gentleProgress(onProgress));
        runs.set(name, run);
        return run.captured.summary;
      }),
    channels: (name, hook) => inTurn('Describing the channels', () => runOf(name).channels(hook)),
    maps: (name, request) =>
      inTurn('Drawing the maps', () => {
        const picture = drawMaps(runOf(name), request);
        return transfer(picture, [picture.rgba.buffer as ArrayBuffer]);
      }),
    channelValues: (name, hook, channel) =>
      inTurn('Reading the map', () => {
        const values = channelValues(runOf(name), hook, channel);
        return transfer(values, buffersOf([values.pre, values.post]));
      }),
    compare: (name, other, threshold) =>
      inTurn('Comparing', () =>
        compareRuns(runOf(name).captured, runOf(other).captured, threshold),
      ),
    heatMap: ({input, layer, classIndex}) =>
      inTurn('Making the heat map', async () => {
        const {loaded: model} = current();
        const inputs = inputsOf(model, input);
        try {
          const heat = await heatMapOf(model, inputs, layer, classIndex, layouts);
          return transfer(heat, buffersOf([heat.values]));
        } finally {
          for (const tensor of inputs) tensor.dispose();
        }
      }),
    save: (name) =>
      inTurn('Saving', () => {
        const file = saveRun(runOf(name).captured);
        return transfer(file, [file.buffer as ArrayBuffer]);
      }),
    handOver: (name) =>
      inTurn('Handing the run over', () => {
        const {captured} = runOf(name);
        runs.delete(name);
        return transfer(captured, arraysOf(captured));
      }),
    takeOver: (name, captured) =>
      inTurn('Taking the run over', () => {
        runs.set(name, new KeptRun(captured));
      }),
    forget: (name) =>
      inTurn('Forgetting the run', () => {
        runs.delete(name);
      }),
  };
}

const arraysOf = ({values, outputs, summary}: CapturedRun): ArrayBuffer[] => [
  ...buffersOf([...values.flatMap(({pre, post}) => [pre, post]), ...outputs]),
  ...summary.outputs.flatMap(({picture}) => (picture ? [picture.rgba.buffer as ArrayBuffer] : [])),
];

/** Each once: a buffer that is transferred twice is an error. */
const buffersOf = (arrays: readonly Float32Array[]): ArrayBuffer[] => [
  ...new Set(arrays.map(({buffer}) => buffer as ArrayBuffer)),
];
