/** What there is to know of each channel of a hook point, in one reading of its values. */
import {canDie, FLAT_PARTS} from '@tfjs-capture/hooks';
import type {ChannelSummary} from '../protocol/feature-maps.js';
import {innerSize} from './map-layout.js';
import type {LaidOut} from './map-layout.js';

/** A hook point with its values. */
export interface Activation extends LaidOut {
  readonly activation: string;
  readonly pre: Float32Array;
  readonly post: Float32Array;
}

/** Of all values, of the whole batch. In the order of channels. */
export function channelSummaries(point: Activation): ChannelSummary[] {
  const {pre, post, activation, layout} = point;
  const {channels} = layout;
  const inner = innerSize(point);
  const {below, above} = FLAT_PARTS[activation] ?? {below: NaN, above: NaN};
  const each = pre.length / channels;
  const count = () => new Float64Array(channels);
  const [nonPositive, flat, nonFinite, magnitude, finiteAfter] = [1, 2, 3, 4, 5].map(
    count,
  ) as Counts;
  const min = count().fill(Infinity);
  const max = count().fill(-Infinity);
  for (let at = 0; at < pre.length;) {
    for (let channel = 0; channel < channels; channel++) {
      for (const end = at + inner; at < end; at++) {
        const before = pre[at] as number;
        const after = post[at] as number;
        if (before <= 0) add(nonPositive, channel, 1);
        if (before <= below || before >= above) add(flat, channel, 1);
        if (!isFinite(before)) add(nonFinite, channel, 1);
        else {
          if (before < (min[channel] as number)) min[channel] = before;
          if (before > (max[channel] as number)) max[channel] = before;
        }
        if (!isFinite(after)) add(nonFinite, channel, 1);
        else {
          add(magnitude, channel, Math.abs(after));
          add(finiteAfter, channel, 1);
        }
      }
    }
  }
  const dies = canDie(activation);
  return Array.from(nonPositive, (stopped, channel) => {
    const hasRange = (min[channel] as number) <= (max[channel] as number);
    return {
      channel,
      activity: (magnitude[channel] as number) / Math.max(1, finiteAfter[channel] as number),
      min: hasRange ? (min[channel] as number) : NaN,
      max: hasRange ? (max[channel] as number) : NaN,
      nonPositive: each > 0 ? stopped / each : 0,
      isDead: dies && each > 0 && stopped === each,
      isSaturated: each > 0 && flat[channel] === each,
      nonFinite: nonFinite[channel] as number,
    };
  });
}

type Counts = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

function add(counts: Float64Array, channel: number, amount: number): void {
  counts[channel] = (counts[channel] as number) + amount;
}
