/** A heat map over the input image as one PNG. */
import type {HeatMap} from '../../protocol/run.js';
import {drawRegion} from '../input-canvas.js';
import {heatClass, heatLayer, heatOpacity} from '../state/grad-cam.js';
import {inputRegion} from '../state/input-region.js';
import {model} from '../state/session.js';
import {colouredMap} from './coloured-map.js';
import {drawPixels} from './draw-pixels.js';
import {saveCanvas} from './save-file.js';
import {drawSheet} from './sheet.js';

const SIDE = 640;

export async function saveHeatMap({width, height, values, max}: HeatMap): Promise<void> {
  const times = SIDE / Math.max(width, height);
  const size = [Math.round(width * times), Math.round(height * times)] as const;
  const name = model.value?.name ?? 'model';
  const label = heatClass.value?.label ?? 'class';
  const layer = heatLayer.value ?? '';
  const canvas = drawSheet({
    title: `Grad-CAM · ${label}`,
    detail: `${name} · ${layer}`,
    panels: [
      {
        heading: 'Heat map over the input',
        width: size[0],
        height: size[1],
        draw: (context) => {
          const drawn = document.createElement('canvas');
          const region = inputRegion.value;
          if (region !== null) {
            drawRegion(drawn, region);
            context.drawImage(drawn, 0, 0, ...size);
            context.globalAlpha = heatOpacity.value;
          }
          drawPixels(drawn, colouredMap(values, width, height, max || 1));
          context.drawImage(drawn, 0, 0, ...size);
        },
      },
    ],
    limit: max || 1,
  });
  await saveCanvas(canvas, [name, layer, 'grad-cam', label]);
}
