/** Which part of an image a model gets, and in what size. */
import type {ImageInput} from '../protocol/model.js';

/** A part of the image, in pixels, and the size that it is scaled to: [height, width]. */
export interface Framing {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
  readonly size: [number, number];
}

/**
 * A model with a fixed size gets the largest part in the middle that has its proportions. One that
 * takes any size gets the whole image, never enlarged, and no side longer than `longestSide`. Where
 * one side is fixed, the other follows.
 */
export function framingOf(
  {height, width}: {readonly height: number; readonly width: number},
  input: Pick<ImageInput, 'height' | 'width'>,
  longestSide: number,
): Framing {
  if (input.height !== null && input.width !== null) {
    const scale = Math.max(input.height / height, input.width / width);
    const rows = between(1, height, input.height / scale);
    const columns = between(1, width, input.width / scale);
    const top = Math.floor((height - rows) / 2);
    const left = Math.floor((width - columns) / 2);
    return {top, left, rows, columns, size: [input.height, input.width]};
  }
  const whole = {top: 0, left: 0, rows: height, columns: width};
  const scale =
    input.height !== null
      ? input.height / height
      : input.width !== null
        ? input.width / width
        : Math.min(1, longestSide / Math.max(height, width));
  const scaled = (side: number) => Math.max(1, Math.round(side * scale));
  return {...whole, size: [input.height ?? scaled(height), input.width ?? scaled(width)]};
}

function between(least: number, most: number, value: number): number {
  return Math.min(most, Math.max(least, Math.round(value)));
}
