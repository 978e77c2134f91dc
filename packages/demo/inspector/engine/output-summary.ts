/** What the page is told of an output: its statistics, its classes, the image that it is. */
import {statisticsOf} from '../../src/report/statistics.js';
import type {ModelInfo} from '../protocol/model.js';
import type {ClassScore, OutputSummary, RunInput} from '../protocol/run.js';
import {outputPicture} from './output-picture.js';
import type {OutputValues} from './run-model.js';

/** So many classes at most are told. */
const TOP = 10;

export function summariseOutput(
  output: OutputValues,
  info: ModelInfo,
  input: RunInput,
): OutputSummary {
  const {name, shape, values} = output;
  const statistics = statisticsOf(values);
  const isOfClasses = info.classCount !== null && shape.length === 2;
  return {
    name,
    shape,
    statistics,
    top: isOfClasses ? topOf(values.subarray(0, shape[1]), info.classes) : null,
    picture: outputPicture(output, statistics, info, input),
  };
}

/** NaN comes last. */
function topOf(scores: Float32Array, labels: readonly string[] | null): ClassScore[] {
  const rank = ({score}: ClassScore) => (Number.isNaN(score) ? -Infinity : score);
  return Array.from(scores, (score, index) => ({
    index,
    label: labels?.[index] ?? `class ${index}`,
    score,
  }))
    .sort((a, b) => (rank(a) === rank(b) ? a.index - b.index : rank(b) - rank(a)))
    .slice(0, TOP);
}
