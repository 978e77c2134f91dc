import {gentleProgress} from '../../../inspector/engine/gentle-progress.js';
import type {Progress} from '../../../inspector/protocol/engine.js';

function tell(given: readonly [at: number, stage: string, share: number | null][]): Progress[] {
  const told: Progress[] = [];
  let now = 0;
  const gentle = gentleProgress(
    (progress) => told.push(progress),
    () => now,
  );
  for (const [at, stage, share] of given) {
    now = at;
    gentle({stage, share});
  }
  return told;
}

test('thirty times a second at most', () => {
  const given = Array.from({length: 1000}, (_, at) => [at, 'a', at / 1001] as const);
  expect(tell(given as never).length).toBeLessThanOrEqual(31);
  expect(tell(given as never).length).toBeGreaterThan(25);
});

test('each stage’s beginning and end are told at once', () => {
  expect(
    tell([
      [0, 'a', 0],
      [1, 'a', 0.5],
      [2, 'a', 1],
      [3, 'b', 0],
      [4, 'b', 1],
    ]),
  ).toEqual([
    {stage: 'a', share: 0},
    {stage: 'a', share: 1},
    {stage: 'b', share: 0},
    {stage: 'b', share: 1},
  ]);
});

test('never goes back, and is silent where nobody knows', () => {
  expect(
    tell([
      [0, 'a', 0.5],
      [100, 'a', 0.4],
      [200, 'a', null],
      [300, 'a', 0.6],
    ]).map(({share}) => share),
  ).toEqual([0.5, 0.6]);
});
