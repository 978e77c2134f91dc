import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import {withCapture} from '@tfjs-capture/hooks';
import {capturedActivations} from './captured-activation.js';
import {activationTable} from './report/activation-table.js';
import {checkActivations} from './verify/check-activations.js';
import {checkMemory, memoryNow} from './verify/check-memory.js';
import {checkSameBits} from './verify/check-same-bits.js';
import {checkLine} from './verify/check.js';
import type {Check} from './verify/check.js';
import {compareTimes, timesLine} from './verify/compare-times.js';
import {writeFeatureMaps} from './write-feature-maps.js';

export interface Demonstration {
  readonly model: LayersModel;
  /** A batch of one. */
  readonly input: Tensor;
  /** Where the pictures go. It is made if need be. */
  readonly folder: string;
  /** Shows the network's output, in `folder` or in the sentence that it returns. */
  readonly showOutput: (output: Tensor, folder: string) => Promise<string>;
}

/**
 * Captures every pre- and post-activation of the model in one forward pass, prints their table,
 * draws their feature maps, and verifies the capture against the model without it.
 *
 * @returns whether all that was verified holds
 */
export async function demonstrate({
  model,
  input,
  folder,
  showOutput,
}: Demonstration): Promise<boolean> {
  await mkdir(folder, {recursive: true});
  const predict = () => model.predict(input) as Tensor;
  const capturePredict = () => withCapture(predict, {record: ['pre', 'post']});

  const plain = predict();
  const memoryBefore = memoryNow();
  const capture = capturePredict();
  const activations = capturedActivations(capture.records);
  const maps = join(folder, 'feature-maps');
  console.log(activationTable(await writeFeatureMaps(activations, maps)));
  console.log(`\nFeature maps before and after each activation: ${join(maps, '*.png')}`);
  console.log(await showOutput(capture.result, folder));

  const checks: Check[] = [
    checkActivations(activations, model),
    await checkSameBits(capture.result, plain),
  ];
  const {bytes} = capture.memory();
  capture.dispose();
  capture.result.dispose();
  checks.push(checkMemory(memoryBefore, bytes));
  plain.dispose();

  const times = await compareTimes(
    () => readAndDispose(predict()),
    async () => {
      using timed = capturePredict();
      await readAndDispose(timed.result);
    },
  );
  console.log(`\nVerified\n${checks.map(checkLine).join('\n')}\n  ${timesLine(times)}`);
  return checks.every(({passed}) => passed);
}

async function readAndDispose(output: Tensor): Promise<void> {
  await output.data();
  output.dispose();
}
