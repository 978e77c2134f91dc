/** The chart of differences as one PNG. */
import {saveCanvas} from './save-file.js';
import {drawSheet} from './sheet.js';

export async function saveChart(
  model: string,
  against: string,
  chart: HTMLCanvasElement,
): Promise<void> {
  const {width, height} = chart;
  const canvas = drawSheet({
    title: `${model} · original and ${against}`,
    detail: 'What goes into each activation, in the order of execution',
    panels: [
      {
        heading: 'Largest difference, relative to the largest magnitude',
        width,
        height,
        draw: (context) => {
          context.drawImage(chart, 0, 0);
        },
      },
    ],
    limit: null,
  });
  await saveCanvas(canvas, [model, 'compared', against]);
}
