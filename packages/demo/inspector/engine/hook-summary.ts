/** What the page is told of a hook point. */
import {statisticsOf} from '../../src/report/statistics.js';
import type {ChannelSummary} from '../protocol/feature-maps.js';
import type {HookSummary} from '../protocol/run.js';
import {channelSummaries} from './channel-summaries.js';
import {layoutOf} from './map-layout.js';
import type {CapturedPoint} from './run-model.js';
import {zeroEdgedHistogram} from './zero-edged-histogram.js';

export interface DescribedPoint {
  readonly summary: HookSummary;
  readonly channels: readonly ChannelSummary[];
}

/** @param index its place in the run */
export function describePoint(point: CapturedPoint, index: number): DescribedPoint {
  const {name, path, activation, kernel, pass, call, slot, shape, channelAxis} = point;
  const layout = layoutOf(shape, channelAxis);
  const pre = statisticsOf(point.pre);
  const post = statisticsOf(point.post);
  const channels = channelSummaries({...point, layout});
  const flagged = (isFlagged: (one: ChannelSummary) => boolean) =>
    channels.filter(isFlagged).length;
  const summary = {
    ...{index, name, path, activation, kernel, pass, call, slot, shape, layout, pre, post},
    histogram: zeroEdgedHistogram(point.pre, pre.min, pre.max),
    dead: flagged(({isDead}) => isDead),
    saturated: flagged(({isSaturated}) => isSaturated),
    nonFinite: flagged(({nonFinite}) => nonFinite > 0),
  };
  return {summary, channels};
}
