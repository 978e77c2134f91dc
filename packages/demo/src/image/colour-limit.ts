const SAMPLES = 50_000;

/**
 * The magnitude at which the colour scale ends: `share` of the values that are not 0 lie within ±
 * it, rounded up to two digits. Leaving the largest out keeps a few extreme values from darkening
 * the whole picture.
 *
 * @param samples how many values are looked at, about, of more
 */
export function colourLimit(values: ArrayLike<number>, share = 0.98, samples = SAMPLES): number {
  // Odd: an even one would see some of 64 channels alone, or one.
  const stride = Math.floor(values.length / samples) | 1;
  const all = new Float64Array(Math.ceil(values.length / stride));
  let count = 0;
  for (let index = 0; index < values.length; index += stride) {
    const magnitude = Math.abs(values[index] ?? 0);
    if (magnitude > 0 && magnitude < Infinity) all[count++] = magnitude;
  }
  if (count === 0) return 1;
  const magnitudes = all.subarray(0, count).sort();
  return roundUp(magnitudes[Math.ceil((magnitudes.length - 1) * share)] ?? 1);
}

function roundUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit) * unit).toPrecision(2));
}
