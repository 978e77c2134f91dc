/** The errors of captures. Those of arguments and scopes are core's. */
import {CaptureError} from '@tfjs-capture/core';

/** No captured layer has the name that was asked for. */
export class LayerNotFoundError extends CaptureError {
  override name = 'LayerNotFoundError';
}

/** More than one layer, call or slot fits what was asked for. */
export class AmbiguousLayerError extends CaptureError {
  override name = 'AmbiguousLayerError';
}

/** The hook point was captured, but not what was asked of it. */
export class NotRecordedError extends CaptureError {
  override name = 'NotRecordedError';
}

/** No path leads from what was captured to the value that is differentiated. */
export class NoGradientError extends CaptureError {
  override name = 'NoGradientError';
}

/** The capture has been disposed of. */
export class CaptureDisposedError extends CaptureError {
  override name = 'CaptureDisposedError';
}

/** More was to be captured than `maxBytes` allows. */
export class CaptureBudgetError extends CaptureError {
  override name = 'CaptureBudgetError';
}
