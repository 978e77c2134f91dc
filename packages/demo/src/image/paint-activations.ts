/** Many values at once in the colours of activations, as pixels in memory. */
import {ACTIVATION_COLOURS, activationColourIndex} from './activation-colours.js';

/** A pixel per colour, as four bytes in memory: RGBA. */
const PIXELS = new Uint32Array(
  Uint8Array.from(ACTIVATION_COLOURS.flatMap((colour) => [...colour, 255])).buffer,
);

/**
 * Writes one opaque pixel per value, in the colour that `activationColour` gives it.
 *
 * @param pixels RGBA: four bytes of memory each
 * @param from where in `pixels` the first value goes
 */
export function paintActivations(
  values: Float32Array,
  limit: number,
  pixels: Uint32Array,
  from = 0,
): void {
  // By index: an iterator takes twice as long.
  for (let at = 0; at < values.length; at++) {
    pixels[from + at] = PIXELS[activationColourIndex(values[at] as number, limit)] as number;
  }
}
