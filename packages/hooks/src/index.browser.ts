/**
 * The API for bundles that run in browsers: the same, but that GraphModels come with `bindTo`, so that an
 * app without them does not carry what names their nodes, and that asynchronous scopes are not told apart.
 */
import {bindLayers} from './bind-layers.js';
import {makeAttributionPatching} from './attribution-patching.js';
import {makeBindTo} from './bind-to.js';
import {makeFindNonFinite} from './find-non-finite.js';
import {makeGradCam} from './grad-cam.js';
import {makeIntegratedGradients} from './integrated-gradients.js';
import {makeMonitor} from './monitor/monitor.js';
import {makePatchSweep} from './patch-sweep.js';
import {makeTap} from './tap.js';
import {makeWithCapture} from './with-capture.js';
import {makeWithGradients} from './with-gradients.js';

export {
  CaptureArgumentError,
  CaptureError,
  nameScope,
  registerGradientKernels,
  ScopeOverlapError,
} from '@tfjs-capture/core';
export {
  AmbiguousLayerError,
  CaptureBudgetError,
  CaptureDisposedError,
  LayerNotFoundError,
  NoGradientError,
  NotRecordedError,
} from './errors.js';
export type {EditFunction, EditPoint, HookPoint, LayerFilter, RecordKind} from '@tfjs-capture/core';
export type {ActivationRecord} from './activation-record.js';
export type {AttributionPatching, AttributionPatchingOptions} from './attribution-patching.js';
export type {BindTo, CaptureApi} from './bind-to.js';
export type {Capture} from './capture.js';
export type {CaptureOptions, EarlyStopOptions, Reducing} from './capture-options.js';
export type {OnBudget} from './capture-budget.js';
export {enableEdits} from './edit-options.js';
export {enableOptions} from './enable-options.js';
export type {Edit, Edits, EditsAt} from './edit-options.js';
export type {FindNonFinite, FindOptions} from './find-non-finite.js';
export type {NonFinite} from './non-finite-record.js';
export type {Classifier} from './class-score.js';
export type {GradCam} from './grad-cam.js';
export type {GradientAt, GradientCapture} from './gradient-capture.js';
export type {IntegratedGradients, IntegratedGradientsOptions} from './integrated-gradients.js';
export type {Units, UnitAxis} from './edited-units.js';
export type {At} from './look-up.js';
export type {
  PatchProgress,
  PatchSweepFunction,
  PatchSweepOptions,
  SweepSignal,
} from './patch-sweep.js';
export type {PatchRow, PatchSweep} from './patch-sweep-result.js';
export {ablate, addVector, clampTo, scaleBy} from './ready-made-edits.js';
export type {OfUnits} from './ready-made-edits.js';
export {all, any, not} from './combine-filters.js';
export {downstreamOf, upstreamOf} from './filter-by-graph.js';
export {estimate} from './estimate.js';
export type {EstimateOptions} from './estimate.js';
export type {Estimate, EstimatedHookPoint} from './estimate-result.js';
export {consoleWriter} from './monitor/console-writer.js';
export type {ConsoleWriterOptions} from './monitor/console-writer.js';
export {jsonLinesWriter} from './monitor/json-lines-writer.js';
export type {ReportTarget} from './monitor/report-target.js';
export type {
  ClosableReportWriter,
  HistogramSummary,
  ReportWriter,
  Summary,
} from './monitor/report-writer.js';
export type {Monitor, TrainingMonitor} from './monitor/monitor.js';
export type {MonitorOptions} from './monitor/monitor-options.js';
export type {
  EpochReport,
  FirstNonFiniteReport,
  LayerReport,
  TrainingReport,
} from './monitor/training-report.js';
export {tensorBoardWriter} from './monitor/tensorboard-writer.js';
export {replaceWith} from './replace-with.js';
export {channelStats, firstNonFinite, histogram, stats, topK} from './ready-made-reducers.js';
export {canDie, FLAT_PARTS} from './reducers/activation-shape.js';
export type {FlatParts} from './reducers/activation-shape.js';
export type {InPlaceReducer, Reduce, ReducedPoint, Reducer} from './reducer.js';
export type {ChannelStats, Stats} from './reducers/channel-statistics.js';
export type {FirstNonFinite} from './reducers/first-non-finite.js';
export type {Histogram, HistogramOptions} from './reducers/histogram.js';
export type {TopInput, TopK, TopKOptions} from './reducers/top-k.js';
export type {ReducedCapture} from './reduced-capture.js';
export type {Slice} from './slice-option.js';
export type {Tap} from './model-tap.js';
export type {TapFunction} from './tap.js';
export type {TapOptions, TapSignal} from './tap-options.js';
export type {TapFrame, TapRecord} from './tapped-frame.js';
export type {DropPolicy} from './frame-queue.js';
export {version} from './version.js';
export type {WithCapture} from './with-capture.js';
export type {GradientOptions, WithGradients} from './with-gradients.js';

/** {@inheritDoc WithCapture} */
export const withCapture = /* @__PURE__ */ makeWithCapture(bindLayers);

/** {@inheritDoc WithGradients} */
export const withGradients = /* @__PURE__ */ makeWithGradients(bindLayers);

/** {@inheritDoc GradCam} */
export const gradCam = /* @__PURE__ */ makeGradCam(withCapture, withGradients);

/** {@inheritDoc IntegratedGradients} */
export const integratedGradients = /* @__PURE__ */ makeIntegratedGradients(
  withCapture,
  withGradients,
);

/** {@inheritDoc FindNonFinite} */
export const findNonFinite = /* @__PURE__ */ makeFindNonFinite(withCapture);

/** {@inheritDoc BindTo} */
export const bindTo = /* @__PURE__ */ makeBindTo(withCapture);

/** {@inheritDoc PatchSweepFunction} */
export const patchSweep = /* @__PURE__ */ makePatchSweep(withCapture);

/** {@inheritDoc AttributionPatching} */
export const attributionPatching = /* @__PURE__ */ makeAttributionPatching(
  withCapture,
  withGradients,
);

/** {@inheritDoc Monitor} */
export const monitor = /* @__PURE__ */ makeMonitor(withCapture);

/** {@inheritDoc TapFunction} */
export const tap = /* @__PURE__ */ makeTap(withCapture);
