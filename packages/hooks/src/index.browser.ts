/**
 * The API for bundles that run in browsers: the same, but that GraphModels come with `bindTo`, so that an
 * app without them does not carry what names their nodes, and that asynchronous scopes are not told apart.
 */
import {bindLayers} from './bind-layers.js';
import {makeBindTo} from './bind-to.js';
import {makeWithCapture} from './with-capture.js';

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
  NotRecordedError,
} from './errors.js';
export type {EditFunction, EditPoint, HookPoint, LayerFilter, RecordKind} from '@tfjs-capture/core';
export type {ActivationRecord} from './activation-record.js';
export type {BindTo, CaptureApi} from './bind-to.js';
export type {Capture} from './capture.js';
export type {CaptureOptions} from './capture-options.js';
export {enableEdits} from './edit-options.js';
export type {Edit, Edits, EditsAt} from './edit-options.js';
export type {At} from './look-up.js';
export type {WithCapture} from './with-capture.js';

/** {@inheritDoc WithCapture} */
export const withCapture = /* @__PURE__ */ makeWithCapture(bindLayers);

/** {@inheritDoc BindTo} */
export const bindTo = /* @__PURE__ */ makeBindTo(withCapture);
