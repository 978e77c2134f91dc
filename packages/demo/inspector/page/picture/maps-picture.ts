/** The shown page of a layer's maps, before and after, as one PNG. */
import type {MapsPicture} from '../../protocol/feature-maps.js';
import {formatShape} from '../format-number.js';
import type {ShownMaps} from '../state/layer.js';
import {drawPixels} from './draw-pixels.js';
import {saveCanvas} from './save-file.js';
import {drawSheet} from './sheet.js';
import type {Panel} from './sheet.js';

/** How wide a side gets, about, whatever the maps' size; and what lies between two maps. */
const SIDE_WIDTH = 840;
const GAP = 3;

export async function saveMaps(model: string, shown: ShownMaps): Promise<void> {
  const {hook, pictures, channels, run} = shown;
  const {activation, name, shape} = hook;
  const indices = channels.map(({channel}) => channel).join(', ');
  const [limit = 1] = pictures.pre.limits;
  const canvas = drawSheet({
    title: `${name} · ${activation}${run === 'edited' ? ' · edited' : ''}`,
    detail: `${model} · ${formatShape(shape)} · channels ${shorten(indices)}`,
    panels: [
      panelOf(`Before ${activation}`, pictures.pre),
      panelOf(`After ${activation}`, pictures.post),
    ],
    limit: pictures.pre.limits.every((each) => each === limit) ? limit : null,
  });
  const edited = run === 'edited' ? ['edited'] : [];
  await saveCanvas(canvas, [model, name, ...edited, 'before-after']);
}

const shorten = (text: string): string => (text.length > 110 ? `${text.slice(0, 110)}…` : text);

function panelOf(heading: string, picture: MapsPicture): Panel {
  const {width, height, limits} = picture;
  const columns = Math.ceil(Math.sqrt(limits.length));
  const rows = Math.ceil(limits.length / columns);
  const room = Math.floor(SIDE_WIDTH / columns) - GAP;
  const times = Math.max(1, Math.floor(room / Math.max(width, height)));
  const cell = {width: width * times + GAP, height: height * times + GAP};
  return {
    heading,
    width: columns * cell.width,
    height: rows * cell.height,
    draw: (context) => {
      const map = document.createElement('canvas');
      const bytes = 4 * width * height;
      context.imageSmoothingEnabled = false;
      limits.forEach((_, place) => {
        const rgba = picture.rgba.subarray(place * bytes, (place + 1) * bytes);
        drawPixels(map, {width, height, rgba});
        const left = (place % columns) * cell.width;
        const top = Math.floor(place / columns) * cell.height;
        context.drawImage(map, left, top, width * times, height * times);
      });
    },
  };
}
