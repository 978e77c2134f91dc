/** Statistics of all values of a hook point, or of each of its channels. */
import {CaptureArgumentError, emptyMoments, mergeMoments, momentsOf} from '@tfjs-capture/core';
import type {ChannelMoments} from '@tfjs-capture/core';
import type {InPlaceReducer, ReducedPoint} from '../reducer.js';
import {layoutOfChannels, WHOLE} from './channel-layout.js';
import type {ChannelLayout} from './channel-layout.js';
import {inPlaceReducer} from './in-place-reducer.js';
import {addDeviceMoments, deviceMoments} from './device-moments.js';

/**
 * Values that are not finite are counted, and left out of all the rest. Where there are no others, `min`,
 * `max`, `mean`, `variance` and `nonPositiveFraction` are NaN.
 */
export interface Stats {
  /** How many finite values. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Of the population: the mean of squared differences from the mean. */
  readonly variance: number;
  /** Which part is 0 or less: what a ReLU lets nothing through of. */
  readonly nonPositiveFraction: number;
  readonly nan: number;
  /** Infinity and -Infinity. */
  readonly infinite: number;
}

/** `Stats`, with one entry per channel in each array. */
export type ChannelStats = {readonly [K in keyof Stats]: readonly number[]};

interface MomentsState {
  /** Null before the first value, which tells how many channels there are. */
  moments: ChannelMoments | null;
}

export const statsReducer = (): InPlaceReducer<Stats, MomentsState> => ({
  ...momentsReducer('stats', () => WHOLE),
  finish({moments}) {
    const arrays = Object.entries(statisticsOf(moments ?? emptyMoments(1)));
    return Object.fromEntries(arrays.map(([field, [value]]) => [field, value])) as unknown as Stats;
  },
});

/** @param axis along which channels lie; by the layer's data format unless given */
export const channelStatsReducer = (axis?: number): InPlaceReducer<ChannelStats, MomentsState> =>
  momentsReducer(
    axis === undefined ? 'channelStats' : `channelStats along axis ${axis}`,
    (shape, {name, channelAxis}) => {
      const given = axis ?? channelAxis;
      const fromStart = given < 0 ? given + shape.length : given;
      if (axis === undefined || fromStart in shape) return layoutOfChannels(shape, fromStart);
      throw new CaptureArgumentError(
        `channelStats: axis must be one of those of '${name}' of shape [${shape.join()}], got ${axis}. ` +
          'Select layers by layers.',
      );
    },
  );

type LayoutOf = (shape: readonly number[], at: ReducedPoint) => ChannelLayout;

function momentsReducer(
  kind: string,
  layoutOf: LayoutOf,
): InPlaceReducer<ChannelStats, MomentsState> {
  /** What values of so many channels are added to. */
  function momentsIn(state: MomentsState, channels: number, name: string): ChannelMoments {
    const moments = (state.moments ??= emptyMoments(channels));
    if (moments.count.length === channels) return moments;
    throw new CaptureArgumentError(
      `${kind}: '${name}' must have as many channels in each pass, got ${channels} ` +
        `after ${moments.count.length}. Pass an axis that does not change, or stats().`,
    );
  }
  return inPlaceReducer<ChannelStats, MomentsState>({
    kind,
    init: (): MomentsState => ({moments: null}),
    read(state, {values, shape, backend}, at) {
      const {channels, inner} = layoutOf(shape, at);
      momentsOf(values(), channels, inner, backend, momentsIn(state, channels, at.name));
    },
    onDevice: (value, at) => deviceMoments(value, layoutOf(value.shape, at)),
    absorb(state, reduced, shape, at) {
      addDeviceMoments(momentsIn(state, layoutOf(shape, at).channels, at.name), reduced);
    },
    merge(state, {moments}) {
      if (!moments) return;
      mergeMoments(momentsIn(state, moments.count.length, 'merged captures'), moments);
    },
    finish: ({moments}) => statisticsOf(moments ?? emptyMoments(0)),
  });
}

function statisticsOf(moments: ChannelMoments): ChannelStats {
  const {count} = moments;
  const listOf = (entryAt: (channel: number) => number | undefined): number[] => {
    // Array.from takes ten times as long, and deep networks have some ten thousand channels.
    const list: number[] = [];
    for (let channel = 0; channel < count.length; channel++) list.push(entryAt(channel) as number);
    return list;
  };
  const known = (values: readonly number[]): number[] =>
    listOf((channel) => (count[channel] === 0 ? NaN : values[channel]));
  const perValue = (values: readonly number[]): number[] =>
    listOf((channel) => (values[channel] as number) / (count[channel] as number));
  return {
    count: listOf((channel) => count[channel]),
    min: known(moments.min),
    max: known(moments.max),
    mean: known(moments.mean),
    variance: perValue(moments.squares),
    nonPositiveFraction: perValue(moments.nonPositive),
    nan: listOf((channel) => moments.nan[channel]),
    infinite: listOf((channel) => moments.infinite[channel]),
  };
}
