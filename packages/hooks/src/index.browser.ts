/**
 * The API for bundles that run in browsers: the same, but that GraphModels come with `bindTo`, so that an
 * app without them does not carry what names their nodes, and that asynchronous scopes are not told apart.
 */
import {bindLayers} from './bind-layers.js';
import {makeAttributionPatching} from './attribution-patching.js';
import {makeBindTo} from './bind-to.js';
import {makeGradCam} from './grad-cam.js';
import {makeIntegratedGradients} from './integrated-gradients.js';
import {makePatchSweep} from './patch-sweep.js';
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
export type {CaptureOptions} from './capture-options.js';
export {enableEdits} from './edit-options.js';
export type {Edit, Edits, EditsAt} from './edit-options.js';
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
export {replaceWith} from './replace-with.js';
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

/** {@inheritDoc BindTo} */
export const bindTo = /* @__PURE__ */ makeBindTo(withCapture);

/** {@inheritDoc PatchSweepFunction} */
export const patchSweep = /* @__PURE__ */ makePatchSweep(withCapture);

/** {@inheritDoc AttributionPatching} */
export const attributionPatching = /* @__PURE__ */ makeAttributionPatching(
  withCapture,
  withGradients,
);
