/** `tap`: watches a model that a program runs by itself, again and again. */
import type {InferenceModel} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {planOf} from './capture-options.js';
import {ModelTap} from './model-tap.js';
import type {Tap} from './model-tap.js';
import {tapPlan} from './tap-options.js';
import type {TapOptions} from './tap-options.js';
import type {WithCapture} from './with-capture.js';

/**
 * Watches a model in a program that calls it by itself: a camera loop, say. Each call of the model's
 * `predict`, `predictOnBatch`, `predictAsync`, `execute`, `executeAsync`, `apply` or `call` gives a frame
 * with the values inside it, already read back; of calls inside one another the outermost does. Calls by
 * a model around it count, training does not. Results are bit for bit what they are without, and nothing waits
 * for the reading: the model's next call may begin before.
 *
 * Nothing is installed before the first `next()`, and calls before that are not seen. Meanwhile methods of
 * the model's class are swapped, never the model's own; all are put back when the tap ends, by the end of the loop
 * (`break`, an error in its body), by `return()` or by the signal. A tap that is asked by hand must be ended so.
 *
 * Frames come in the order in which calls ended. If they come faster than they are taken some are
 * dropped, see `TapOptions`; `frame.dropped` tells how many. A call that throws gives no frame, and goes on
 * throwing. If values cannot be read, since their backend is gone, the tap ends with that error.
 *
 * In browsers, where asynchronous code cannot be followed, an asynchronous call runs without capture, and
 * counts as dropped, if it is made while another scope is open; and one during which the model is called again
 * is dropped. `withCapture` with an asynchronous function is refused there while such a call goes on.
 *
 * @param model stays the caller's; of any copy of TensorFlow.js
 * @param options what to capture, every pre-activation unless given, and how many frames to hold
 * @returns the frames; they hold no tensors. Until it has been read a call's captured tensors count in `tf.memory()`
 * @throws CaptureArgumentError at once, if the model or an option is wrong
 *
 * @example
 * for await (const frame of tap(model, {layers: 'block*'})) {
 *   draw(frame.records[0].data, frame.records[0].shape);
 * }
 */
export type TapFunction = (model: LayersModel | InferenceModel, options?: TapOptions) => Tap;

/** @param withCapture captures each call */
export function makeTap(withCapture: WithCapture): TapFunction {
  return function tap(model, options = {}) {
    const plan = tapPlan(model, options);
    // Records nothing, but makes the model's classes known, and refuses one whose classes cannot be.
    withCapture(() => undefined, {record: [], model});
    planOf(plan.asked);
    return new ModelTap(withCapture, model, plan);
  };
}
