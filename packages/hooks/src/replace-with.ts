/** Activation patching: a value is replaced by another one, by that of another run above all. */
import {CaptureArgumentError, isTensor, wrongArgument} from '@tfjs-capture/core';
import type {EditFunction} from '@tfjs-capture/core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Capture} from './capture.js';
import {enableEdits} from './edit-options.js';
import {alive} from './ready-made-edits.js';

/**
 * Puts another value in the place of the one that is edited: activation patching, also called causal
 * tracing or interchange intervention (Vig et al. 2020, "Causal Mediation Analysis"; Meng et al. 2022,
 * "Locating and Editing Factual Associations in GPT").
 *
 * @param source a tensor of the value's shape and dtype; or a capture, of which the value of the same
 *     kind ('pre', 'post' or 'output') at the same name, pass, call and slot is taken. Both stay their
 *     owner's, and must live as long as the edit is used
 * @throws CaptureArgumentError for anything else; and, when it is applied, for a tensor of another shape
 *     or dtype, or one that has been disposed of
 * @throws LayerNotFoundError, NotRecordedError, CaptureDisposedError when it is applied, if the capture
 *     does not have that value
 *
 * @example
 * using clean = withCapture(() => model.predict(x), {record: ['post']});
 * withCapture(() => model.predict(corrupted), {edit: {'block3_*': {post: replaceWith(clean)}}});
 */
export function replaceWith(source: Tensor | Capture<unknown>): EditFunction {
  if (!isTensor(source) && !isCapture(source)) {
    throw wrongArgument(
      'replaceWith',
      'the source must be a Tensor or a capture',
      source,
      'Pass what withCapture returns.',
    );
  }
  enableEdits();
  return (value, {name, pass, call, slot, kind}) => {
    if (isTensor(source)) return alive('replaceWith', source);
    const found = source[kind](name, {pass, call, slot});
    if (found.shape.join() === value.shape.join()) return alive('replaceWith', found);
    throw new CaptureArgumentError(
      `replaceWith: the ${kind} of '${name}' must have the same shape in both runs, got ` +
        `[${found.shape.join()}] in the capture for [${value.shape.join()}]. Run both on inputs of ` +
        'one shape.',
    );
  };
}

const isCapture = (value: unknown): value is Capture<unknown> =>
  typeof value === 'object' && value !== null && 'records' in value && 'output' in value;
