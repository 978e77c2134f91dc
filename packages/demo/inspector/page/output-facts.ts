/** An output that is neither classes nor an image, in a few figures. */
import type {Statistics} from '../../src/report/statistics.js';
import {formatCount, formatNumber} from './format-number.js';

export const factsOf = ({
  count,
  min,
  mean,
  max,
  nonFinite,
}: Statistics): readonly (readonly [name: string, figure: string])[] => [
  ['Values', formatCount(count)],
  ['Least', formatNumber(min)],
  ['Mean', formatNumber(mean)],
  ['Most', formatNumber(max)],
  ['Non-finite', formatCount(nonFinite)],
];
