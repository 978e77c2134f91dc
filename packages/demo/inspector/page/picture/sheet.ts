/** A picture to take away: a title, panels side by side, and the colour bar below. */
import {colourBarTicks} from '../../../src/image/colour-bar.js';
import {drawColourBarOn} from './draw-colour-bar.js';

export interface Panel {
  readonly heading: string;
  readonly width: number;
  readonly height: number;
  readonly draw: (context: CanvasRenderingContext2D) => void;
}

export interface Sheet {
  readonly title: string;
  readonly detail: string;
  readonly panels: readonly Panel[];
  /** Where the colours end; null where there is no such scale. */
  readonly limit: number | null;
}

const MARGIN = 32;
const HEADER = 124;
const FOOTER = 96;
const BAR = {width: 640, height: 20};
const SANS = 'system-ui, sans-serif';

/** In the page's own colours, light or dark. */
export function drawSheet({title, detail, panels, limit}: Sheet): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const across = panels.reduce((sum, {width}) => sum + width + MARGIN, MARGIN);
  const down = panels.reduce((most, {height}) => Math.max(most, height), 0);
  canvas.width = Math.max(across, 2 * MARGIN + BAR.width + 80);
  canvas.height = HEADER + down + (limit === null ? MARGIN : FOOTER);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser draws no canvas. Take another browser.');
  const {backgroundColor, color} = getComputedStyle(document.body);
  context.fillStyle = backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = color;
  context.textBaseline = 'top';
  write(context, title, `600 26px ${SANS}`, MARGIN, 24);
  write(context, detail, `400 17px ${SANS}`, MARGIN, 58);
  let left = MARGIN;
  for (const panel of panels) {
    write(context, panel.heading, `600 17px ${SANS}`, left, HEADER - 30);
    context.save();
    context.translate(left, HEADER);
    panel.draw(context);
    context.restore();
    left += panel.width + MARGIN;
  }
  if (limit !== null) drawBar(context, limit, HEADER + down + 24);
  return canvas;
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  font: string,
  left: number,
  top: number,
): void {
  context.font = font;
  context.fillText(text, left, top);
}

function drawBar(context: CanvasRenderingContext2D, limit: number, top: number): void {
  const bar = document.createElement('canvas');
  drawColourBarOn(bar, limit, BAR.width, BAR.height);
  const left = Math.floor((context.canvas.width - BAR.width) / 2);
  context.drawImage(bar, left, top);
  context.textAlign = 'center';
  context.font = `400 15px ${SANS}`;
  for (const {at, text} of colourBarTicks(limit)) {
    context.fillText(text, left + at * BAR.width, top + BAR.height + 8);
  }
  context.textAlign = 'left';
}
