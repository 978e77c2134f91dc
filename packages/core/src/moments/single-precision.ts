/** Numbers of single precision beside those of double precision. */

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** The least number of single precision that is not less. */
export function roundedUp(value: number): number {
  const rounded = Math.fround(value);
  return rounded >= value ? rounded : neighbour(rounded, 1);
}

/** The largest number of single precision that is not more. */
export function roundedDown(value: number): number {
  const rounded = Math.fround(value);
  return rounded <= value ? rounded : neighbour(rounded, -1);
}

/** The next number of single precision in a direction. */
export function neighbour(value: number, direction: 1 | -1): number {
  if (value === 0) return direction * 2 ** -149;
  single[0] = value;
  bits[0] = (bits[0] as number) + (value > 0 ? direction : -direction);
  return single[0];
}
