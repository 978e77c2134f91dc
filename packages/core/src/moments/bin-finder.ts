/** In which bin a value of single precision is, by one multiplication and no look at the edges. */
import {neighbour, roundedDown, roundedUp} from './single-precision.js';

/**
 * The bin of a value from `low` to `high`, counted from the one that begins at `pivot`, is
 * floor((value - pivot) · scale) in double precision: i, or i - 1 if edges are compared and `value` is less than
 * pivot + i · width.
 */
export interface BinFinder {
  /** The largest number of single precision below all bins: it is in bin -1. */
  readonly low: number;
  /** The largest number of single precision in them, in the last one or found one beyond it. */
  readonly high: number;
  readonly pivot: number;
  /** How many bins begin below the pivot. */
  readonly before: number;
  readonly scale: number;
  /** 0 if edges need not be compared. */
  readonly width: number;
}

interface KnownFinder {
  readonly place: readonly [bins: number, low: number, width: number, high: number];
  readonly finder: BinFinder | null;
}

/** Of the bins asked for last: most histograms are of the same range for each hook point. */
let known: KnownFinder | null = null;

/**
 * Bins as `countInBins` has them.
 *
 * @returns null where none is right for all values: it has been tried on both sides of each edge, and of
 *     values in between it is right if it is there, since it never falls as values rise
 */
export function binFinder(
  bins: number,
  low: number,
  width: number,
  high: number,
): BinFinder | null {
  const place = [bins, low, width, high] as const;
  if (known?.place.every((one, i) => one === place[i])) return known.finder;
  const plain = plainFinder(bins, low, width, high);
  const finder = finds(plain, bins, low, width) ? plain : comparingFinder(low, width, high);
  const isRight = finder === plain || finds(finder, bins, low, width);
  known = {place, finder: isRight ? finder : null};
  return known.finder;
}

/**
 * Around zero the numbers of single precision are so close together that only a difference tells on which side of an edge
 * they are: so the pivot is the edge nearest to zero.
 */
function plainFinder(bins: number, low: number, width: number, high: number): BinFinder {
  const before = Math.min(bins, Math.max(0, Math.round(-low / width)));
  return {
    low: neighbour(roundedUp(low), -1),
    high: roundedDown(high),
    pivot: low + before * width,
    before,
    scale: 1 / width,
    width: 0,
  };
}

/** A little more than the width's inverse outweighs what edges and quotients are rounded by: it finds no bin too low. */
function comparingFinder(low: number, width: number, high: number): BinFinder {
  const slack = (2 ** -48 * Math.max(Math.abs(low), Math.abs(high))) / width;
  return {
    low: neighbour(roundedUp(low), -1),
    high: roundedDown(high),
    pivot: low,
    before: 0,
    scale: (1 + slack) / width,
    width,
  };
}

function finds(finder: BinFinder, bins: number, low: number, width: number): boolean {
  const {pivot, before, scale} = finder;
  const binOf = (value: number): number => {
    const bin = Math.floor((value - pivot) * scale);
    return before + (finder.width !== 0 && value < pivot + bin * width ? bin - 1 : bin);
  };
  // Bins may be so narrow that no number of single precision is in any, or in the last.
  const last = binOf(finder.high);
  const hasEnds = binOf(finder.low) === -1 && (last === bins - 1 || last === bins);
  if (!(scale > 0 && hasEnds)) return false;
  for (let bin = 0; bin < bins; bin++) {
    const first = roundedUp(low + bin * width);
    if (!(binOf(first) >= bin && binOf(neighbour(first, -1)) < bin)) return false;
  }
  return true;
}
