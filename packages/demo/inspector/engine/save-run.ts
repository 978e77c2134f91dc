/** A run as one safetensors file, with a manifest that says what its tensors are. */
import {version_core} from '@tensorflow/tfjs-core';
import {version} from '@tfjs-capture/hooks';
import type {CapturedRun} from '../protocol/run.js';
import {safetensors} from './safetensors.js';
import type {NamedValues} from './safetensors.js';
import {tensorNames} from './tensor-names.js';

/**
 * The tensors' names are those of `tensorNames`. `__metadata__` has one entry that matters, `manifest`, as JSON text:
 * the model and its format, the input and its shape, the backend, the versions, the edits, and of every hook point and
 * output all that tells it from others, with its tensors' names. Infinite bounds of an edit are null there.
 */
export function saveRun({summary, model, edits, values, outputs}: CapturedRun): Uint8Array {
  const {hooks} = summary;
  const names = tensorNames(hooks, summary.outputs);
  const manifest = {
    model,
    input: summary.input,
    backend: summary.backend,
    versions: {'@tensorflow/tfjs-core': version_core, '@tfjs-capture/hooks': version},
    edits,
    hooks: hooks.map(
      ({name, path, activation, kernel, pass, call, slot, shape, layout}, index) => ({
        ...{name, path, activation, kernel, pass, call, slot, shape},
        channelAxis: layout.channelAxis,
        tensors: names.hooks[index],
      }),
    ),
    outputs: summary.outputs.map(({name, shape}, index) => ({
      ...{name, shape},
      tensor: names.outputs[index],
    })),
  };
  const tensors: NamedValues[] = hooks.flatMap(({shape}, index) => {
    const both = values[index];
    const named = names.hooks[index];
    return both && named
      ? [
          {name: named.pre, shape, values: both.pre},
          {name: named.post, shape, values: both.post},
        ]
      : [];
  });
  summary.outputs.forEach(({shape}, index) => {
    const output = outputs[index];
    const name = names.outputs[index];
    if (output && name !== undefined) tensors.push({name, shape, values: output});
  });
  return safetensors(tensors, {format: 'tfjs-capture', manifest: JSON.stringify(manifest)});
}
