import {measureInterleaved} from './measure-interleaved.js';
import type {Variant} from './variant.js';

/** The time as the benchmark sees it: it passes while a variant runs, and so does not depend on the machine. */
let now = 0;

beforeEach(() => {
  jest.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  jest.restoreAllMocks();
});

function variantThatTakes(milliseconds: number, isBudgeted: boolean): Variant {
  return {
    name: `${milliseconds} ms`,
    isBudgeted,
    run() {
      now += milliseconds;
    },
    yield: () => ({dispose: () => undefined}),
  };
}

test('compares with the first variant, and runs slow ones less often', async () => {
  const plain = variantThatTakes(2, true);
  const double = variantThatTakes(4, true);
  const slow = variantThatTakes(40, false);
  const timings = await measureInterleaved([plain, double, slow], {
    seconds: 0.4,
    fewestSamples: 3,
    onProgress: () => undefined,
  });
  const ratio = timings.get(double)?.ratio;
  expect(ratio?.median).toBeCloseTo(2, 10);
  expect(timings.get(plain)?.ratio.p90).toBe(1);
  expect(ratio?.samples).toBeGreaterThan(10);
  expect(timings.get(slow)?.ratio.samples).toBeLessThan((ratio?.samples ?? NaN) / 2);
});
