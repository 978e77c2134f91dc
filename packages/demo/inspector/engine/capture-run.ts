/** Runs a model on the page's input, and describes what was captured. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {BackendName, OnProgress} from '../protocol/engine.js';
import type {CaptureRequest, MapLayout, RunInput} from '../protocol/run.js';
import {editsOf} from './edits-of.js';
import {describePoint} from './hook-summary.js';
import {InspectorError} from './inspector-error.js';
import {KeptRun} from './kept-run.js';
import type {LoadedModel} from './loaded-model.js';
import {layoutOf} from './map-layout.js';
import {summariseOutput} from './output-summary.js';
import {inputsOf} from './prepare-input.js';
import {runModel} from './run-model.js';
import type {CapturedPoint, ModelRun} from './run-model.js';

/**
 * @param layouts what is known of the model's layers from runs before; this run's are added. If it has edits, and
 *     nothing is known yet, the model is run without them first
 * @throws InspectorError if the model has no activation
 */
export async function captureRun(
  loaded: LoadedModel,
  {input, edits}: CaptureRequest,
  backend: BackendName,
  layouts: Map<string, MapLayout>,
  onProgress: OnProgress,
): Promise<KeptRun> {
  const {info} = loaded;
  const inputs = inputsOf(loaded, input);
  try {
    if (edits.some(({name}) => !layouts.has(name))) {
      learnLayouts(await runModel(loaded.model, inputs, [], onProgress), layouts);
    }
    const run = await runModel(loaded.model, inputs, editsOf(edits, layouts), onProgress);
    const {points, outputs, milliseconds} = run;
    if (points.length === 0) {
      throw new InspectorError(
        `${info.name} has run, but has no activation functions: there is nothing to see before and after. ` +
          'Choose a model with some, such as ReLUs.',
      );
    }
    learnLayouts(run, layouts);
    const described = points.map((point, index) => {
      onProgress({stage: 'Describing what was captured', share: index / points.length});
      return describePoint(point, index);
    });
    const summary = {
      backend,
      input: {name: nameOf(input), shape: shownInput(loaded, inputs)},
      hooks: described.map((one) => one.summary),
      outputs: outputs.map((output) => summariseOutput(output, info, input)),
      milliseconds,
      bytes: points.reduce((sum, {pre, post}) => sum + pre.byteLength + post.byteLength, 0),
    };
    const captured = {
      summary,
      model: {name: info.name, format: info.format},
      edits,
      values: points.map(({pre, post}: CapturedPoint) => ({pre, post})),
      outputs: outputs.map(({values}) => values),
    };
    return new KeptRun(
      captured,
      described.map(({channels}) => channels),
    );
  } finally {
    for (const tensor of inputs) tensor.dispose();
  }
}

function learnLayouts({points}: ModelRun, layouts: Map<string, MapLayout>): void {
  for (const {name, shape, channelAxis} of points) layouts.set(name, layoutOf(shape, channelAxis));
}

const nameOf = (input: RunInput): string =>
  input.kind === 'image' ? input.picture.name : `noise, seed ${input.seed}`;

/** The shape of the input that gets the image, or of the first one. */
function shownInput({info}: LoadedModel, inputs: readonly Tensor[]): readonly number[] {
  const place = info.inputs.findIndex(({name}) => name === info.imageInput?.name);
  return inputs[Math.max(0, place)]?.shape ?? [];
}
