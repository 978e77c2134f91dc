export {CaptureArgumentError, CaptureError, nameScope, ScopeOverlapError} from '@tfjs-capture/core';
export {
  AmbiguousLayerError,
  CaptureDisposedError,
  LayerNotFoundError,
  NotRecordedError,
} from './errors.js';
export {withCapture} from './with-capture.js';
export type {HookPoint, LayerFilter, RecordKind} from '@tfjs-capture/core';
export type {ActivationRecord} from './activation-record.js';
export type {Capture} from './capture.js';
export type {CaptureOptions} from './capture-options.js';
export type {At} from './look-up.js';
