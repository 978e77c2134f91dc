/** What the training monitor wants to know of a hook point's units, in one reading of its values. */
import {emptyMoments, mergeMoments, momentsOf} from '@tfjs-capture/core';
import type {ChannelMoments} from '@tfjs-capture/core';
import {concat} from '@tensorflow/tfjs-core';
import type {Tensor1D} from '@tensorflow/tfjs-core';
import type {InPlaceReducer} from '../reducer.js';
import {FLAT_PARTS, KINKS} from './activation-shape.js';
import type {FlatParts} from './activation-shape.js';
import {layoutOfChannels} from './channel-layout.js';
import type {ChannelLayout} from './channel-layout.js';
import {addDeviceMoments, deviceMoments, MOMENT_FIELDS} from './device-moments.js';
import {deviceActivity} from './device-activity.js';
import type {HistogramState} from './histogram-state.js';
import {histogramReducer} from './histogram.js';
import {inPlaceReducer} from './in-place-reducer.js';

/** Of one hook point; arrays have one entry per unit. */
export interface UnitActivity {
  readonly moments: ChannelMoments;
  /** How many values are 0 or less, -Infinity too. */
  readonly inactive: Float64Array;
  /** How many values lie where the activation is flat, infinite ones too. */
  readonly flat: Float64Array;
  /** Sum over all finite values of how far they are from the nearest kink; 0 if there is none. */
  distance: number;
  /** Of all units; `histogramReducer({}).finish` reads it. Null unless asked for. */
  readonly histogram: HistogramState | null;
}

/** Null before the first value, which tells how many units there are. */
interface ActivityState {
  activity: UnitActivity | null;
}

export type UnitActivityReducer = InPlaceReducer<UnitActivity | null, ActivityState>;

/** @param hasHistogram whether values are counted in bins, too */
export function unitActivityReducer(hasHistogram: boolean): UnitActivityReducer {
  const bins = histogramReducer({});
  const emptyActivity = (units: number): UnitActivity => ({
    moments: emptyMoments(units),
    inactive: new Float64Array(units),
    flat: new Float64Array(units),
    distance: 0,
    histogram: hasHistogram ? (bins.init as () => HistogramState)() : null,
  });
  return inPlaceReducer<UnitActivity | null, ActivityState>({
    kind: 'unitActivity',
    init: () => ({activity: null}),
    read(state, place, at) {
      const {channels, inner} = layoutOfChannels(place.shape, at.channelAxis);
      const into = (state.activity ??= emptyActivity(channels));
      const moments = momentsOf(place.values(), channels, inner, place.backend);
      mergeMoments(into.moments, moments);
      countPlaces(into, place.values(), {channels, inner}, at.activation ?? '');
      if (into.histogram) bins.read(into.histogram, place, at);
    },
    onDevice(value, at) {
      const layout = layoutOfChannels(value.shape, at.channelAxis);
      const parts = [deviceMoments(value, layout), ...deviceActivity(value, layout, at)];
      return concat(hasHistogram ? [...parts, bins.onDevice(value, at) as Tensor1D] : parts);
    },
    absorb(state, reduced, shape, at) {
      const units = layoutOfChannels(shape, at.channelAxis).channels;
      const into = (state.activity ??= emptyActivity(units));
      let from = 0;
      const next = (size: number): Float32Array => reduced.subarray(from, (from += size));
      addDeviceMoments(into.moments, next(MOMENT_FIELDS * units));
      addTo(into.inactive, next(units));
      addTo(into.flat, next(units));
      into.distance += next(units).reduce((sum, part) => sum + part, 0);
      if (into.histogram) bins.absorb(into.histogram, reduced.subarray(from), shape, at);
    },
    merge(state, {activity}, sameInputs) {
      if (!activity) return;
      const into = (state.activity ??= emptyActivity(activity.inactive.length));
      mergeMoments(into.moments, activity.moments);
      addTo(into.inactive, activity.inactive);
      addTo(into.flat, activity.flat);
      into.distance += activity.distance;
      if (into.histogram && activity.histogram) {
        bins.merge(into.histogram, activity.histogram, sameInputs);
      }
    },
    finish: ({activity}) => activity,
  });
}

function addTo(sums: Float64Array, from: Float64Array | Float32Array): void {
  from.forEach((value: number, i: number) => {
    sums[i] = (sums[i] as number) + value;
  });
}

const NOWHERE_FLAT: FlatParts = {below: NaN, above: NaN};

function countPlaces(
  into: UnitActivity,
  values: Float32Array,
  {channels, inner}: ChannelLayout,
  activation: string,
): void {
  const {inactive, flat} = into;
  const {below, above} = FLAT_PARTS[activation] ?? NOWHERE_FLAT;
  const [first, second = first] = KINKS[activation] ?? [];
  let distance = 0;
  let unit = 0;
  let inUnit = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (value <= 0) inactive[unit] = (inactive[unit] as number) + 1;
    if (value <= below || value >= above) flat[unit] = (flat[unit] as number) + 1;
    if (first !== undefined && Number.isFinite(value)) {
      distance += Math.min(Math.abs(value - first), Math.abs(value - (second as number)));
    }
    if (++inUnit === inner) {
      inUnit = 0;
      if (++unit === channels) unit = 0;
    }
  }
  into.distance += distance;
}
