/** Reducers that are asked for most, ready-made. Each brings the options about keeping into a bundle. */
import {wrongArgument} from '@tfjs-capture/core';
import {enableKeeping} from './keep-options.js';
import type {Reducer} from './reducer.js';
import {channelStatsReducer, statsReducer} from './reducers/channel-statistics.js';
import type {ChannelStats, Stats} from './reducers/channel-statistics.js';
import {firstNonFiniteReducer} from './reducers/first-non-finite.js';
import type {FirstNonFinite} from './reducers/first-non-finite.js';
import {histogramReducer} from './reducers/histogram.js';
import type {Histogram, HistogramOptions} from './reducers/histogram.js';
import {topKReducer} from './reducers/top-k.js';
import type {TopK, TopKOptions} from './reducers/top-k.js';

/**
 * Statistics of all of a hook point's values. Means and variances are computed in double precision where JavaScript
 * can read the values (WASM, CPU), in two passes of single precision on a GPU, and merged by Chan, Golub and
 * LeVeque's formulae (1979, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances").
 *
 * @example
 * using capture = withCapture(() => model.predict(x), {reduce: stats()});
 * capture.get('block4_conv3').value.nonPositiveFraction;
 */
export function stats(): Reducer<Stats> {
  enableKeeping();
  return statsReducer();
}

/**
 * `stats()` of each channel: units of a Dense layer, feature maps of a convolution. Channels lie where the
 * layer's data format says.
 *
 * @param options.axis along which they lie instead; from the end if it is negative
 * @throws CaptureArgumentError if `axis` is no integer
 */
export function channelStats({axis}: {readonly axis?: number} = {}): Reducer<ChannelStats> {
  if (axis !== undefined && !Number.isInteger(axis)) {
    const remedy = "Leave it out for the layer's own.";
    throw wrongArgument('channelStats', 'axis must be an integer', axis, remedy);
  }
  enableKeeping();
  return channelStatsReducer(axis);
}

/**
 * How often values lie in which bin.
 *
 * @throws CaptureArgumentError unless `bins` is a whole number of 1 or more and `range` ascends
 */
export function histogram(options: HistogramOptions = {}): Reducer<Histogram> {
  enableKeeping();
  return histogramReducer(options);
}

/** Where the first NaN or Infinity is, and how many there are; null if there is none. */
export function firstNonFinite(): Reducer<FirstNonFinite | null> {
  enableKeeping();
  return firstNonFiniteReducer();
}

/**
 * The inputs that excite each channel most: rows of axis 0, counted over all passes and merged captures, by
 * their largest value in that channel. NaN does not count.
 *
 * @throws CaptureArgumentError unless `k` is a whole number of 1 or more
 */
export function topK(options: TopKOptions): Reducer<TopK> {
  enableKeeping();
  return topKReducer(options);
}
