import {axisOver} from './axis.js';
import type {Axis} from './axis.js';
import type {LabelStyle} from './label.js';
import {placeLabel} from './labelled-picture.js';
import type {PlacedLabel} from './labelled-picture.js';
import type {Rectangle} from './raster.js';

export interface Curve {
  /** One value per step, from step 0 on. A single one is drawn as a level across all steps. */
  readonly values: readonly number[];
  /** As '#rrggbb'. */
  readonly colour: string;
  readonly dashed?: boolean;
}

export interface LineChart {
  /** What is drawn, and in which unit. */
  readonly title: string;
  readonly curves: readonly Curve[];
}

export interface DrawnChart {
  /** SVG elements, in the coordinates of the whole picture. */
  readonly svg: string;
  readonly labels: readonly PlacedLabel[];
}

const TITLE: LabelStyle = {size: 24, colour: '#ffffff', bold: true};
const TICK: LabelStyle = {size: 22, colour: '#c8c8d0'};
const TICK_GAP = 10;
/** How far the title's upper edge lies above the chart. */
const TITLE_RISE = 48;

/**
 * Draws curves over steps into a rectangle. Its title stands above that, the numbers on its axes left
 * of it and below.
 */
export async function drawLineChart(chart: LineChart, area: Rectangle): Promise<DrawnChart> {
  const {curves, title} = chart;
  const steps = Math.max(1, ...curves.map(({values}) => values.length - 1));
  const vertical = axisOver(curves.flatMap(({values}) => values));
  const horizontal = {...axisOver([0, steps]), from: 0, to: steps};
  const x = (step: number) => area.left + (step / steps) * area.width;
  const y = (value: number) => area.top + area.height * (1 - share(value, vertical));
  const right = area.left + area.width;
  const bottom = area.top + area.height;

  const grid = vertical.ticks.map((tick) => {
    const colour = tick === 0 ? '#a0a0a8' : '#45454d';
    return line(`M${area.left} ${y(tick)}H${right}`, {colour, width: 1.5});
  });
  const drawn = curves.map(({values, colour, dashed = false}) => {
    const level = values.length === 1 ? `M${x(0)} ${y(values[0] ?? NaN)}H${right}` : undefined;
    const path = level ?? `M${values.map((value, step) => `${x(step)} ${y(value)}`).join('L')}`;
    return line(path, {colour, width: 3, dashed});
  });
  const digits = decimals(vertical);
  const labels = await Promise.all([
    placeLabel(title, TITLE, area.left, area.top - TITLE_RISE),
    ...vertical.ticks.map((tick) => labelLeftOf(minus(tick.toFixed(digits)), area.left, y(tick))),
    ...horizontal.ticks
      .filter((tick) => tick <= steps)
      .map((tick) => placeLabel(String(tick), TICK, x(tick), bottom + TICK_GAP, 0.5)),
  ]);
  return {svg: [...grid, ...drawn].join(''), labels};
}

async function labelLeftOf(text: string, left: number, middle: number): Promise<PlacedLabel> {
  const placed = await placeLabel(text, TICK, left - TICK_GAP, 0, 1);
  return {...placed, top: Math.round(middle - placed.label.height / 2)};
}

function share(value: number, {from, to}: Axis): number {
  return (value - from) / (to - from);
}

/** As many as the axis's steps need, the same for all of its numbers. */
function decimals({ticks}: Axis): number {
  return Math.max(...ticks.map((tick) => String(tick).split('.')[1]?.length ?? 0));
}

function minus(text: string): string {
  return text.replace('-', '−');
}

interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly dashed?: boolean;
}

function line(path: string, {colour, width, dashed = false}: Stroke): string {
  const dashes = dashed ? ' stroke-dasharray="10 8"' : '';
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"${dashes}/>`;
}
