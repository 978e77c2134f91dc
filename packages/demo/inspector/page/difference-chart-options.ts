/** How the chart of differences is drawn. */
import uPlot from 'uplot';
import type {ComparisonRow} from '../protocol/comparison.js';
import {formatNumber} from './format-number.js';

const HEIGHT = 260;

/** On a logarithmic axis there is no 0: what does not differ has no bar. Infinity is drawn as 1. */
export function chartValues(rows: readonly ComparisonRow[], isLog: boolean): (number | null)[] {
  return rows.map(({relative}) => {
    if (relative === 0) return isLog ? null : 0;
    return Number.isFinite(relative) ? relative : 1;
  });
}

export function chartOptions(
  box: HTMLElement,
  rows: readonly ComparisonRow[],
  isLog: boolean,
  threshold: number,
): uPlot.Options {
  // The style sheet says what is text and what is a bar.
  const {color, fill} = getComputedStyle(box);
  const grid = {stroke: color, width: 0.15};
  const paths = uPlot.paths.bars?.({size: [0.7, 40], align: 0});
  const range = rangeOf(rows, isLog, threshold);
  return {
    width: box.clientWidth,
    height: HEIGHT,
    legend: {show: true, live: true},
    cursor: {y: false, points: {show: false}},
    scales: {
      x: {time: false, range: [-0.6, Math.max(0.6, rows.length - 0.4)]},
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a const enum that only types know
      y: {distr: isLog ? 3 : 1, range},
    },
    axes: [
      {stroke: color, grid: {show: false}, ticks: grid, values: (_, ticks) => ticks.map(wholeOnly)},
      {stroke: color, grid, ticks: grid, size: 64, values: (_, ticks) => ticks.map(tickText)},
    ],
    series: [
      {label: 'Layer', value: (_, at) => rows[at]?.name ?? '—'},
      {
        label: 'largest relative difference',
        fill,
        stroke: fill,
        width: 0,
        points: {show: false},
        ...(paths === undefined ? {} : {paths}),
        fillTo: range[0],
        value: (_, value) => (Number.isFinite(value) ? formatNumber(value) : '—'),
      },
    ],
    hooks: {
      draw: [
        (plot) => {
          drawThreshold(plot, threshold, color);
        },
      ],
    },
  };
}

const wholeOnly = (tick: number): string => (Number.isInteger(tick) ? String(tick) : '');
/** A logarithmic axis leaves some ticks out, and gives null for them. */
const tickText = (tick: number | null): string => (tick === null ? '' : formatNumber(tick));

function rangeOf(
  rows: readonly ComparisonRow[],
  isLog: boolean,
  threshold: number,
): [number, number] {
  const values = rows.map(({relative}) => relative).filter((value) => value > 0);
  const finite = [...values.filter(Number.isFinite), threshold].filter((value) => value > 0);
  const most = Math.max(...finite, values.includes(Infinity) ? 1 : 1e-12);
  if (!isLog) return [0, most * 1.05];
  const least = Math.min(...finite, most);
  return [10 ** Math.floor(Math.log10(least) - 0.01), 10 ** Math.ceil(Math.log10(most))];
}

function drawThreshold(plot: uPlot, threshold: number, colour: string): void {
  if (threshold <= 0) return;
  const {ctx, bbox} = plot;
  const y = Math.round(plot.valToPos(threshold, 'y', true));
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
