/** What a model gives as one PNG: images as they are, classes as bars, all else in a few figures. */
import type {ClassScore, OutputSummary, Picture} from '../../protocol/run.js';
import {formatNumber} from '../format-number.js';
import {factsOf} from '../output-facts.js';
import {drawPixels} from './draw-pixels.js';
import {saveCanvas} from './save-file.js';
import {drawSheet} from './sheet.js';
import type {Panel} from './sheet.js';

export interface ShownOutput {
  /** 'Original', 'Edited' */
  readonly title: string;
  readonly output: OutputSummary;
}

const ROW = 28;
const LABEL = 180;
const BAR = 200;
const WIDTH = LABEL + BAR + 80;
/** The room of a heading. */
const LEAST_WIDTH = 240;

/** @param input what the model was run on */
export async function saveOutputs(
  model: string,
  input: string,
  shown: readonly ShownOutput[],
): Promise<void> {
  const panels = shown.map(({title, output}) => panelOf(`${title} · ${output.name}`, output));
  const canvas = drawSheet({title: 'Output', detail: `${model} · ${input}`, panels, limit: null});
  await saveCanvas(canvas, [model, 'output']);
}

function panelOf(heading: string, {picture, top, statistics}: OutputSummary): Panel {
  if (picture !== null) return panelOfPicture(heading, picture);
  const rows = top ?? factsOf(statistics);
  return {
    heading,
    width: WIDTH,
    height: ROW * rows.length,
    draw: (context) => {
      context.font = '400 16px system-ui, sans-serif';
      if (top === null) drawFacts(context, factsOf(statistics));
      else drawClasses(context, top);
    },
  };
}

const panelOfPicture = (heading: string, picture: Picture): Panel => ({
  heading,
  width: Math.max(picture.width, LEAST_WIDTH),
  height: picture.height,
  draw: (context) => {
    const drawn = document.createElement('canvas');
    drawPixels(drawn, picture);
    context.drawImage(drawn, 0, 0);
  },
});

function drawFacts(
  context: CanvasRenderingContext2D,
  facts: readonly (readonly [name: string, figure: string])[],
): void {
  facts.forEach(([name, figure], row) => {
    context.fillText(name, 0, row * ROW);
    context.fillText(figure, LABEL, row * ROW);
  });
}

function drawClasses(context: CanvasRenderingContext2D, classes: readonly ClassScore[]): void {
  const text = context.fillStyle;
  const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent');
  const most = Math.max(...classes.map(({score}) => score), Number.MIN_VALUE);
  classes.forEach(({label, score}, row) => {
    context.fillStyle = text;
    context.fillText(label, 0, row * ROW, LABEL - 16);
    context.fillText(formatNumber(score), LABEL + BAR + 16, row * ROW);
    context.fillStyle = accent;
    context.fillRect(LABEL, row * ROW + 3, (BAR * Math.max(0, score)) / most, 12);
  });
}
