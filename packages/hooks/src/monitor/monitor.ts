/** `monitor`: watches the pre-activations of a model while it trains. */
import {activeScope, bindCompanions, CaptureError, runNamed} from '@tfjs-capture/core';
import type {CaptureScope} from '@tfjs-capture/core';
import {nextFrame} from '@tensorflow/tfjs-core';
import type {Callback} from '@tensorflow/tfjs-layers';
import {enableKeeping} from '../keep-options.js';
import {unitActivityReducer} from '../reducers/unit-activity.js';
import type {WithCapture} from '../with-capture.js';
import {numbersIn, summariesOf, summariesOfBatch, totalsOf} from './batch-summaries.js';
import type {TrainingLogs} from './batch-summaries.js';
import {checkMonitorOptions} from './monitor-options.js';
import type {MonitorOptions} from './monitor-options.js';
import {TrainingActivity} from './training-activity.js';
import type {LayerInBatch} from './training-activity.js';
import type {TrainingReport} from './training-report.js';
import {awaitStep} from './training-step.js';
import type {AwaitedStep, TrainedModel} from './training-step.js';
import {newCallback} from './new-callback.js';

/** What `fit` and `fitDataset` take as `callbacks`, alone or in an array. */
export interface TrainingMonitor extends Callback {
  /** What has been seen so far; later batches do not change it. */
  report(): TrainingReport;
  /** Closes the writers, and waits for no step any more. May be called again. */
  close(): void;
}

/**
 * Watches a model while `fit` or `fitDataset` trains it: dead and saturated units, signs that flip, how close
 * pre-activations are to a kink, how they drift, and where the first NaN or Infinity appears. The forward pass of
 * each observed batch is captured and reduced at once: no tensor is held, and weights come out bit for bit
 * as without it. Validation is not observed, nor are the other batches, which cost nothing.
 *
 * With callbacks that are plain objects put it behind the first: TensorFlow.js takes an array for instances
 * of its class Callback, or for plain objects, by its first entry. The monitor may be used again when the same
 * model is fitted again, unless it has writers, which are closed when training ends.
 *
 * Nothing is installed between batches. If a callback after this one throws in `onBatchBegin`, `fit`
 * tells nobody: a swapped method, which lets everything through, then waits for the next step, `fit` or `close`.
 * Writers stay open if `fit` throws: call `close`.
 *
 * @throws CaptureArgumentError if an option is wrong
 *
 * @example
 * const watch = monitor({every: 10, layers: 'block*', writers: [consoleWriter()]});
 * await model.fit(x, y, {callbacks: watch});
 * console.log(watch.report().table());
 */
export type Monitor = (options?: MonitorOptions) => TrainingMonitor;

/** As long as tfjs-layers has callbacks that are plain objects go on before the event loop gets a turn. */
const YIELD_AFTER_MS = 125;

/** @param withCapture captures the steps */
export function makeMonitor(withCapture: WithCapture): Monitor {
  return function monitor(options = {}) {
    checkMonitorOptions(options);
    enableKeeping();
    const {every = 1, layers, window = 10, writers = []} = options;
    const detailed = writers.filter(({detail}) => detail !== 'epochs');
    const reducer = unitActivityReducer(detailed.length > 0);
    const asked = {reduce: reducer, ...(layers !== undefined && {layers})};
    const activity = new TrainingActivity(reducer, window);
    let model: TrainedModel | null = null;
    let place = {epoch: 0, batch: 0, run: {}};
    /** Batches that have begun, over epochs and fits. */
    let begun = 0;
    /** Of the batch that goes on, if it is observed. */
    let observed: readonly LayerInBatch[] | null = null;
    let isClosed = false;
    let yielded = 0;
    let stopWaiting = (): void => undefined;

    function observe<T>(run: () => T): T {
      const capture = withCapture(() => underModel(model, run), asked);
      try {
        observed = activity.add(capture.records, place);
        return capture.result;
      } finally {
        capture.dispose();
      }
    }

    function close(): void {
      stopWaiting();
      isClosed = true;
      for (const writer of writers) writer.close?.();
    }

    return Object.assign(newCallback(), {
      setModel(trained: object) {
        if (model !== null && model !== trained) {
          const rule = 'monitor: all trainings must be of one model, got another';
          throw new CaptureError(`${rule}. Make a new monitor.`);
        }
        bindCompanions(trained);
        model = trained as TrainedModel;
      },
      onTrainBegin() {
        stopWaiting();
        if (isClosed) {
          throw new CaptureError(
            'monitor: it must not be closed, got another training. Make a new monitor.',
          );
        }
        place = {...place, run: {}};
        yielded = Date.now();
        return Promise.resolve();
      },
      onEpochBegin(epoch: number) {
        place = {...place, epoch};
        return Promise.resolve();
      },
      onBatchBegin(batch: number) {
        stopWaiting();
        observed = null;
        place = {...place, batch};
        const step: AwaitedStep = {model, observe};
        if (begun++ % every === 0) stopWaiting = awaitStep(step);
        return Promise.resolve();
      },
      async onBatchEnd(_batch: number, logs?: TrainingLogs) {
        stopWaiting();
        if (observed && detailed.length > 0) {
          const step = begun - 1;
          const measured = summariesOf(await numbersIn(logs), step, '');
          const summaries = [...measured, ...summariesOfBatch(observed, step)];
          for (const writer of detailed) writer.write(summaries);
        }
        if (Date.now() - yielded < YIELD_AFTER_MS) return;
        await nextFrame();
        yielded = Date.now();
      },
      async onEpochEnd(epoch: number, logs?: TrainingLogs) {
        if (writers.length === 0) return;
        const measured = {...(await numbersIn(logs)), ...totalsOf(activity.report())};
        const summaries = summariesOf(measured, epoch, 'epoch/');
        for (const writer of writers) writer.write(summaries);
      },
      onTrainEnd() {
        stopWaiting();
        if (writers.length > 0) close();
        return Promise.resolve();
      },
      report: () => activity.report(),
      close,
    });
  };
}

/** The model gives its layers their pass; losses and metrics, which are in no layer, are then not recorded. */
function underModel<T>(model: TrainedModel | null, run: () => T): T {
  const scope = activeScope() as CaptureScope;
  const outer = scope.parent?.frame;
  const owner = model ?? (outer?.isRoot ? outer.owner : null) ?? {};
  return runNamed(scope, owner, model?.name ?? '', 'model', null, null, run);
}
