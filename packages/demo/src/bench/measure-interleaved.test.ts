import {measureInterleaved} from './measure-interleaved.js';
import type {Variant} from './variant.js';

let clock = 0;
beforeEach(() => jest.spyOn(performance, 'now').mockImplementation(() => clock));
afterEach(() => jest.restoreAllMocks());

function variantThatTakes(milliseconds: number, isBudgeted: boolean): Variant {
  return {
    name: `${milliseconds} ms`,
    isBudgeted,
    run() {
      clock += milliseconds;
    },
    yield: () => ({dispose: () => undefined}),
  };
}

test('compares with the first variant, and runs slow ones less often', async () => {
  const plain = variantThatTakes(2, true);
  const double = variantThatTakes(4, true);
  const slow = variantThatTakes(40, false);
  const timings = await measureInterleaved([plain, double, slow], {
    seconds: 0.8,
    fewestSamples: 3,
    onProgress: () => undefined,
  });
  // Rounds of 2 + 4 + 40 · 2/40 ms.
  expect(timings.get(plain)).toMatchObject({milliseconds: {median: 2, samples: 100}, repeats: 1});
  expect(timings.get(double)?.ratio).toMatchObject({median: 2, p10: 2, p90: 2, samples: 100});
  expect(timings.get(slow)?.ratio).toMatchObject({median: 20, samples: 5});
});

test('repeats short calls to a millisecond', async () => {
  const plain = variantThatTakes(1 / 16, true);
  const timings = await measureInterleaved([plain], {
    seconds: 0.1,
    fewestSamples: 3,
    onProgress: () => undefined,
  });
  expect(timings.get(plain)).toMatchObject({milliseconds: {median: 1 / 16}, repeats: 16});
});
