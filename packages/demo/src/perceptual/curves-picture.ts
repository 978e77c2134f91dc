import {drawLineChart} from '../image/line-chart.js';
import type {Curve, LineChart} from '../image/line-chart.js';
import type {LabelStyle} from '../image/label.js';
import {GROUND, placeLabel, writeLabelledPicture} from '../image/labelled-picture.js';
import type {PlacedLabel} from '../image/labelled-picture.js';
import {createRaster} from '../image/raster.js';
import type {ImageMeasures} from './image-measures.js';
import type {TrainingMoment} from './train.js';

export interface TrainingCurves {
  readonly layer: string;
  readonly activation: string;
  readonly before: readonly TrainingMoment[];
  readonly after: readonly TrainingMoment[];
  /** Of the bilinear enlargement, which nothing is trained for. */
  readonly bilinear: ImageMeasures;
}

export const CURVES_WIDTH = 1520;
export const CURVES_HEIGHT = 620;

const MARGIN = 32;
const AXIS_WIDTH = 84;
const CHART = {top: 196, width: 380, height: 340};
const TITLE: LabelStyle = {size: 32, colour: '#ffffff', bold: true};
const DETAIL: LabelStyle = {size: 24, colour: '#c8c8d0'};

/** Hues that people with each kind of colour blindness tell apart. */
const BEFORE = {colour: '#f0a030'};
const AFTER = {colour: '#5ab4f0'};
const BILINEAR = {colour: '#b0b0b8', dashed: true};

/**
 * Writes one PNG with three charts over the steps of both trainings: the loss, each as a share of
 * its own start, since the two are of different scales; and two measures that both share.
 */
export async function writeCurvesPicture(path: string, curves: TrainingCurves): Promise<void> {
  const charts = await Promise.all(
    chartsOf(curves).map((chart, index) => drawLineChart(chart, {...CHART, left: leftOf(index)})),
  );
  const legend = await legendOf(curves.activation);
  const {layer, activation, before} = curves;
  const bottom = CHART.top + CHART.height;
  const labels = await Promise.all([
    placeLabel(
      `Perceptual loss at ${layer}, before and after its ${activation}`,
      TITLE,
      MARGIN,
      20,
    ),
    ...charts.map((_, index) =>
      placeLabel('step', DETAIL, leftOf(index) + CHART.width / 2, bottom + 40, 0.5),
    ),
    placeLabel(`${before.length - 1} steps each`, DETAIL, CURVES_WIDTH - MARGIN, 78, 1),
  ]);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${CURVES_WIDTH}" height="${CURVES_HEIGHT}">${charts
    .map((chart) => chart.svg)
    .concat(legend.svg)
    .join('')}</svg>`;
  await writeLabelledPicture(
    path,
    createRaster(CURVES_WIDTH, CURVES_HEIGHT, GROUND),
    [...labels, ...legend.labels, ...charts.flatMap((chart) => chart.labels)],
    [{input: Buffer.from(svg), left: 0, top: 0}],
  );
}

function leftOf(index: number): number {
  return MARGIN + AXIS_WIDTH + index * (CHART.width + AXIS_WIDTH + MARGIN);
}

function chartsOf({before, after, bilinear}: TrainingCurves): LineChart[] {
  const percentOfStart = (moments: readonly TrainingMoment[]) =>
    moments.map(({loss}) => (100 * loss) / (moments[0]?.loss ?? NaN));
  const both = (measure: (moment: TrainingMoment) => number): Curve[] => [
    {values: after.map(measure), ...AFTER},
    {values: before.map(measure), ...BEFORE},
  ];
  return [
    {
      title: 'Loss, % of its start',
      curves: [
        {values: percentOfStart(after), ...AFTER},
        {values: percentOfStart(before), ...BEFORE},
      ],
    },
    {
      title: 'PSNR against the target, dB',
      curves: [{values: [bilinear.psnr], ...BILINEAR}, ...both(({psnr}) => psnr)],
    },
    {
      title: 'Brightness − target, of 255',
      curves: [{values: [bilinear.brightness], ...BILINEAR}, ...both(({brightness}) => brightness)],
    },
  ];
}

interface Legend {
  readonly svg: string;
  readonly labels: readonly PlacedLabel[];
}

async function legendOf(activation: string): Promise<Legend> {
  const entries = [
    {text: `features before ${activation}`, ...BEFORE},
    {text: `features after ${activation}`, ...AFTER},
    {text: 'bilinear, untrained', ...BILINEAR},
  ];
  const labels: PlacedLabel[] = [];
  let svg = '';
  let left = MARGIN;
  for (const {text, colour, ...rest} of entries) {
    const dashes = 'dashed' in rest ? ' stroke-dasharray="10 8"' : '';
    svg += `<path d="M${left} 90h44" stroke="${colour}" stroke-width="4"${dashes}/>`;
    const placed = await placeLabel(text, DETAIL, left + 56, 78);
    labels.push(placed);
    left += 56 + placed.label.width + 48;
  }
  return {svg, labels};
}
