/** A hook point for tests: what they do not name is made up. */
import type {HookSummary, RunSummary} from '../../../inspector/protocol/run.js';
import {statisticsOf} from '../../../src/report/statistics.js';

export function hookSummary(
  index: number,
  given: Partial<HookSummary> & {name: string},
): HookSummary {
  return {
    index,
    path: given.name.split('/'),
    activation: 'relu',
    kernel: null,
    pass: 0,
    call: 0,
    slot: 0,
    shape: [1, 4],
    layout: {height: 1, width: 1, channels: 4, channelAxis: 1},
    pre: statisticsOf([1]),
    post: statisticsOf([1]),
    histogram: {edges: [0, 1], counts: [1]},
    dead: 0,
    saturated: 0,
    nonFinite: 0,
    ...given,
  };
}

export function runSummary(hooks: readonly HookSummary[]): RunSummary {
  const input = {name: 'noise', shape: [1, 2]};
  return {backend: 'wasm', input, hooks, outputs: [], milliseconds: 1, bytes: 0};
}
