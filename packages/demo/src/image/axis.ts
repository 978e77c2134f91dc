/** A scale from one round number to another, with round numbers between them. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 5, 10];

/** The shortest axis in steps of 1, 2 or 5 times a power of ten that holds all values. */
export function axisOver(values: readonly number[], mostTicks = 6): Axis {
  const finite = values.filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Infinity);
  const high = finite.reduce((most, value) => Math.max(most, value), -Infinity);
  if (low > high) return {from: 0, to: 1, ticks: [0, 1]};
  const least = (high - low || Math.abs(high) || 1) / (mostTicks - 1);
  const power = 10 ** Math.floor(Math.log10(least));
  for (const step of STEPS.concat(STEPS.map((each) => 10 * each))) {
    const first = Math.floor(round(low / (step * power)));
    const last = Math.max(first + 1, Math.ceil(round(high / (step * power))));
    if (last - first >= mostTicks) continue;
    const ticks = Array.from({length: last - first + 1}, (_, index) =>
      round((first + index) * step * power),
    );
    return {from: ticks[0] ?? 0, to: ticks.at(-1) ?? 1, ticks};
  }
  throw new Error(`axisOver: no axis from ${low} to ${high} has ${mostTicks} ticks or fewer.`);
}

/** Without the last digits, in which 0.1 + 0.2 is not 0.3. */
function round(value: number): number {
  return Number(value.toPrecision(12));
}
