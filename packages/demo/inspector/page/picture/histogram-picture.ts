/** A layer's histogram, large, as one PNG. */
import type {HookSummary} from '../../protocol/run.js';
import {formatNumber} from '../format-number.js';
import {HISTOGRAM_SIZE, histogramShape} from '../histogram-shape.js';
import {saveCanvas} from './save-file.js';
import {drawSheet} from './sheet.js';

const TIMES = 10;

export async function saveHistogram(model: string, hook: HookSummary): Promise<void> {
  const {name, activation, histogram, pre} = hook;
  const {negative, positive, zero} = histogramShape(histogram);
  const width = HISTOGRAM_SIZE.width * TIMES;
  const height = HISTOGRAM_SIZE.height * TIMES;
  const colours = getComputedStyle(document.documentElement);
  const canvas = drawSheet({
    title: `${name} · before ${activation}`,
    detail: `${model} · ${pre.count} values from ${formatNumber(pre.min)} to ${formatNumber(pre.max)}`,
    limit: null,
    panels: [
      {
        heading: 'How often (root of counts)',
        width,
        height: height + 32,
        draw: (context) => {
          const text = context.fillStyle;
          context.save();
          context.scale(TIMES, TIMES);
          context.fillStyle = colourOf('is-negative', colours);
          context.fill(new Path2D(negative));
          context.fillStyle = colourOf('is-positive', colours);
          context.fill(new Path2D(positive));
          context.restore();
          context.fillStyle = text;
          context.fillRect(0, height, width, 1);
          if (zero !== null) context.fillRect(zero * TIMES - 1, 0, 2, height);
          context.font = '400 15px system-ui, sans-serif';
          if (zero !== null) context.fillText('0', zero * TIMES - 4, height + 8);
        },
      },
    ],
  });
  await saveCanvas(canvas, [model, name, 'histogram']);
}

/** As the page's own histograms are filled. */
function colourOf(className: string, fallback: CSSStyleDeclaration): string {
  const drawn = document.querySelector(`.histogram .${className}`);
  return drawn === null ? fallback.color : getComputedStyle(drawn).fill;
}
