/** One channel, large, before and after, as one PNG. */
import type {ChannelValues, Side} from '../../protocol/feature-maps.js';
import type {HookSummary} from '../../protocol/run.js';
import {formatShape} from '../format-number.js';
import {drawRegion} from '../input-canvas.js';
import {enlargedLimit, opacity} from '../state/enlarged.js';
import {inputRegion} from '../state/input-region.js';
import {visibleRun} from '../state/session.js';
import {colouredMap} from './coloured-map.js';
import {drawPixels} from './draw-pixels.js';
import {saveCanvas} from './save-file.js';
import {drawSheet} from './sheet.js';
import type {Panel} from './sheet.js';

const SIDE = 640;

export async function saveEnlarged(
  model: string,
  hook: HookSummary,
  channel: number,
  values: ChannelValues,
): Promise<void> {
  const isEdited = visibleRun.value?.name === 'edited';
  const canvas = drawSheet({
    title: `${hook.name} · channel ${channel}${isEdited ? ' · edited' : ''}`,
    detail: `${model} · ${formatShape(hook.shape)}`,
    panels: [
      panelOf(`Before ${hook.activation}`, values, 'pre'),
      panelOf(`After ${hook.activation}`, values, 'post'),
    ],
    limit: enlargedLimit.value,
  });
  const edited = isEdited ? ['edited'] : [];
  await saveCanvas(canvas, [model, hook.name, `channel-${channel}`, ...edited, 'before-after']);
}

function panelOf(heading: string, values: ChannelValues, side: Side): Panel {
  const times = SIDE / Math.max(values.width, values.height);
  const width = Math.round(values.width * times);
  const height = Math.round(values.height * times);
  return {
    heading,
    width,
    height,
    draw: (context) => {
      const layer = document.createElement('canvas');
      const region = inputRegion.value;
      if (region !== null) {
        drawRegion(layer, region);
        context.drawImage(layer, 0, 0, width, height);
        context.globalAlpha = opacity.value;
      }
      const pixels = colouredMap(values[side], values.width, values.height, enlargedLimit.value);
      drawPixels(layer, pixels);
      context.imageSmoothingEnabled = false;
      context.drawImage(layer, 0, 0, width, height);
    },
  };
}
