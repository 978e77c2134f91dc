/** Times the engine's capture and maps, and plain predict, in turn in one worker. */
import {dispose} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {expose} from 'comlink';
import {createEngine} from '../engine/engine.js';
import {loadModel} from '../engine/load-model.js';
import {inputsOf} from '../engine/prepare-input.js';
import type {ExampleModel} from '../protocol/model.js';
import type {Picture, RunInput} from '../protocol/run.js';

export interface EngineBenchmarkRequest {
  /** One with a single input and output. */
  readonly example: ExampleModel;
  readonly picture: Picture;
  readonly wasmFolder: string;
  readonly rounds: number;
}

/** Milliseconds of each round. */
export interface EngineTimings {
  readonly predict: readonly number[];
  /** A capture, and all maps of the layer with the most channels, before and after. */
  readonly captureAndMaps: readonly number[];
}

export interface EngineBenchmark {
  measure(request: EngineBenchmarkRequest): Promise<EngineTimings>;
}

async function measure(request: EngineBenchmarkRequest): Promise<EngineTimings> {
  const {example, picture, wasmFolder, rounds} = request;
  const source = {kind: 'example', example} as const;
  const input: RunInput = {kind: 'image', picture, preparation: example.preparation};
  const ignore = (): void => undefined;
  const engine = createEngine();
  await engine.start('wasm', wasmFolder);
  await engine.loadModel(source, ignore);
  const plain = await loadModel(source, ignore);

  const predict = async (): Promise<void> => {
    const inputs = inputsOf(plain, input);
    const output = plain.model.predict(inputs) as Tensor;
    await output.data();
    dispose([inputs, output]);
  };
  const captureAndMaps = async (): Promise<void> => {
    const {hooks} = await engine.capture('main', {input, edits: []}, ignore);
    const {index, layout} = hooks.reduce((most, hook) =>
      hook.layout.channels > most.layout.channels ? hook : most,
    );
    const channels = Array.from({length: layout.channels}, (_, channel) => channel);
    for (const side of ['pre', 'post'] as const) {
      await engine.maps('main', {hook: index, side, channels, scale: 'shared'});
    }
  };
  const timings = {predict: [] as number[], captureAndMaps: [] as number[]};
  // The first round of each compiles.
  for (let round = -1; round < rounds; round++) {
    const times = {predict: await timed(predict), captureAndMaps: await timed(captureAndMaps)};
    if (round < 0) continue;
    timings.predict.push(times.predict);
    timings.captureAndMaps.push(times.captureAndMaps);
  }
  return timings;
}

async function timed(run: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

expose({measure} satisfies EngineBenchmark);
