const SAMPLES = 50_000;

/**
 * The magnitude at which the colour scale ends: `share` of the values that are not 0 lie within ±
 * it, rounded up to two digits. Leaving the largest out keeps a few extreme values from darkening
 * the whole picture.
 */
export function colourLimit(values: ArrayLike<number>, share = 0.98): number {
  const stride = Math.max(1, Math.floor(values.length / SAMPLES));
  const magnitudes: number[] = [];
  for (let index = 0; index < values.length; index += stride) {
    const magnitude = Math.abs(values[index] ?? 0);
    if (magnitude > 0 && Number.isFinite(magnitude)) magnitudes.push(magnitude);
  }
  if (magnitudes.length === 0) return 1;
  magnitudes.sort((a, b) => a - b);
  return roundUp(magnitudes[Math.ceil((magnitudes.length - 1) * share)] ?? 1);
}

function roundUp(value: number): number {
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit) * unit).toPrecision(2));
}
