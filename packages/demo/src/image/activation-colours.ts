import type {Rgb} from './raster.js';

const BLACK: Rgb = [0, 0, 0];
const NOT_A_NUMBER: Rgb = [255, 0, 255];
const STEPS = 256;

// Hues that people with each kind of colour blindness tell apart, as angles in OKLCH.
const POSITIVE = rampOf({hueAtZero: 50, hueAtLimit: 100, chroma: 0.13});
const NEGATIVE = rampOf({hueAtZero: 265, hueAtLimit: 220, chroma: 0.11});

/** All colours that values get: that of 0, those above it and those below it, from 0 outwards, that of NaN. */
export const ACTIVATION_COLOURS: readonly Rgb[] = [BLACK, ...POSITIVE, ...NEGATIVE, NOT_A_NUMBER];

/** The place of a value's colour among `ACTIVATION_COLOURS`. See `activationColour`. */
export function activationColourIndex(value: number, limit: number): number {
  if (value === 0) return 0;
  if (Number.isNaN(value)) return 2 * STEPS + 1;
  const share = (Math.abs(value) / limit) * STEPS;
  const step = share < STEPS ? Math.floor(share) : STEPS - 1;
  return 1 + step + (value > 0 ? 0 : STEPS);
}

/**
 * The colour of a value: 0 is black, above it orange, below it blue, the lighter the farther from
 * 0, to the limit and beyond.
 *
 * Lightness grows linearly in OKLab, alike on both sides, so equal steps look equal. It starts well
 * above black: what is exactly 0, as everything is that a ReLU has stopped, stands out from what is
 * merely small. NaN is magenta.
 */
export function activationColour(value: number, limit: number): Rgb {
  return ACTIVATION_COLOURS[activationColourIndex(value, limit)] ?? BLACK;
}

interface Ramp {
  hueAtZero: number;
  hueAtLimit: number;
  chroma: number;
}

function rampOf({hueAtZero, hueAtLimit, chroma}: Ramp): Rgb[] {
  return Array.from({length: STEPS}, (_, step) => {
    const t = step / (STEPS - 1);
    const lightness = 0.35 + 0.6 * t;
    // Dark and light colours hold less chroma; beyond what the screen can show, the hue would
    // shift.
    const share = Math.min(1, 0.55 + 1.2 * t, 0.45 + 1.7 * (1 - t));
    return oklchToRgb(lightness, chroma * share, hueAtZero + (hueAtLimit - hueAtZero) * t);
  });
}

/** Björn Ottosson, "A perceptual color space for image processing" (2020); hue in degrees. */
function oklchToRgb(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    toByte(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
    toByte(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
    toByte(-0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short),
  ];
}

function toByte(linear: number): number {
  const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
  return Math.round(255 * Math.min(1, Math.max(0, encoded)));
}
