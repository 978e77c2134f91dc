import Table from 'cli-table3';
import type {ImageMeasures} from './image-measures.js';
import type {TrainingMoment} from './train.js';

export interface TrainedSide {
  readonly moments: readonly TrainingMoment[];
  /** Share of the features through which the loss reaches the image, at the end of training. */
  readonly carrying: number;
}

/** What the two trainings came to, beside the bilinear enlargement, which nothing is trained for. */
export function trainingTable(
  activation: string,
  before: TrainedSide,
  after: TrainedSide,
  bilinear: ImageMeasures,
): string {
  const table = new Table({
    head: ['', `before ${activation}`, `after ${activation}`, 'bilinear'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: {head: [], border: [], compact: true},
  });
  const row = (
    what: string,
    show: (side: TrainedSide) => string,
    untrained: (measures: ImageMeasures) => string = () => '',
  ) => table.push([what, show(before), show(after), untrained(bilinear)]);
  const image = (what: string, show: (measures: ImageMeasures) => string) =>
    row(what, ({moments}) => show(lastOf(moments)), show);

  row('loss at the start', ({moments}) => number(moments[0]?.loss ?? NaN));
  row('loss at the end', ({moments}) => number(lastOf(moments).loss));
  row('features that carry gradient', ({carrying}) => `${(100 * carrying).toFixed(1)} %`);
  image('PSNR against the target, dB', ({psnr}) => psnr.toFixed(2));
  image('mean difference of a value, of 255', ({l1}) => l1.toFixed(2));
  image('brightness − target, of 255', ({brightness}) => signed(brightness));
  return table.toString();
}

export function lastOf(moments: readonly TrainingMoment[]): TrainingMoment {
  const last = moments.at(-1);
  if (last === undefined) throw new Error('lastOf: a training has at least one moment, got none.');
  return last;
}

/** With two decimals and its sign, a true minus; 0 has none. */
export function signed(value: number): string {
  const digits = Math.abs(value).toFixed(2);
  if (Number(digits) === 0) return digits;
  return `${value < 0 ? '−' : '+'}${digits}`;
}

function number(value: number): string {
  return value.toFixed(4);
}
