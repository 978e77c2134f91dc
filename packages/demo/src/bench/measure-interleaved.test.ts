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

test('does not time what a variant prepares, and undoes it', async () => {
  const plain = variantThatTakes(1 / 4, true);
  const log: string[] = [];
  const prepared: Variant = {
    ...plain,
    prepare() {
      clock += 64;
      log.push('on');
      return () => {
        clock += 64;
        log.push('off');
      };
    },
    run() {
      log.push('run');
      void plain.run();
    },
  };
  const timings = await measureInterleaved([plain, prepared], {
    seconds: 0.1,
    fewestSamples: 3,
    onProgress: () => undefined,
  });
  expect(timings.get(prepared)).toMatchObject({ratio: {median: 1, p90: 1}, repeats: 4});
  expect(log.slice(-6)).toEqual(['on', 'run', 'run', 'run', 'run', 'off']);
});

test('undoes it also if a call fails', async () => {
  const undo = jest.fn();
  const failing: Variant = {
    ...variantThatTakes(1, true),
    prepare: () => undo,
    run() {
      throw new Error('fails');
    },
  };
  const options = {seconds: 0.1, fewestSamples: 3, onProgress: () => undefined};
  await expect(measureInterleaved([failing], options)).rejects.toThrow('fails');
  expect(undo).toHaveBeenCalledTimes(1);
});
