import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {CapturedActivation} from './captured-activation.js';
import {writeBeforeAfterPicture} from './image/before-after-picture.js';
import type {ActivationRow} from './report/activation-table.js';
import {startProgress} from './report/progress.js';
import {statisticsOf} from './report/statistics.js';

/**
 * Writes one picture per activation into `folder`, numbered in the order of execution.
 *
 * @returns what the table of the activations shows
 */
export async function writeFeatureMaps(
  activations: readonly CapturedActivation[],
  folder: string,
): Promise<ActivationRow[]> {
  await mkdir(folder, {recursive: true});
  const progress = startProgress('Drawing feature maps', activations.length);
  const digits = String(activations.length).length;
  const rows: ActivationRow[] = [];
  for (const [index, {layer, activation, pre, post}] of activations.entries()) {
    const [before, after] = await Promise.all([pre.data(), post.data()]);
    const row = {
      layer,
      activation,
      shape: pre.shape,
      before: statisticsOf(before),
      after: statisticsOf(after),
      bytes: before.byteLength + after.byteLength,
    };
    const file = `${String(index + 1).padStart(digits, '0')}-${layer.replaceAll('/', '.')}.png`;
    await writeBeforeAfterPicture(join(folder, file), {
      layer,
      activation,
      before: {values: before, shape: pre.shape},
      after: {values: after, shape: post.shape},
      zeroBefore: row.before.zero,
      zeroAfter: row.after.zero,
      dead: row.after.nonPositive,
    });
    rows.push(row);
    progress.step(layer);
  }
  progress.end();
  return rows;
}
