/** A run that the engine keeps, with what has been worked out of it so far. */
import {colourLimit} from '../../src/image/colour-limit.js';
import type {ChannelSummary} from '../protocol/feature-maps.js';
import type {CapturedRun, HookSummary} from '../protocol/run.js';
import {channelSummaries} from './channel-summaries.js';
import {InspectorError} from './inspector-error.js';
import {channelOf, firstOf} from './map-layout.js';

/** A hook point of a run, with its values. */
export interface KeptPoint extends Omit<HookSummary, 'pre' | 'post'> {
  readonly pre: Float32Array;
  readonly post: Float32Array;
}

export class KeptRun {
  /** By the index of the hook point. */
  readonly #channels: (readonly ChannelSummary[] | undefined)[];
  readonly #limits = new Map<string, number>();

  /** @param channels what is known already, by the index of the hook point */
  constructor(
    readonly captured: CapturedRun,
    channels: readonly (readonly ChannelSummary[])[] = [],
  ) {
    this.#channels = [...channels];
  }

  /** @throws InspectorError if the run has no such hook point */
  point(hook: number): KeptPoint {
    const {summary, values} = this.captured;
    const found = summary.hooks[hook];
    const both = values[hook];
    if (found && both) return {...found, ...both};
    throw new InspectorError(
      `The run has ${summary.hooks.length} activations, got number ${hook}. Capture again, and choose one of them.`,
    );
  }

  /** @throws InspectorError if the hook point has no such channel */
  channel(hook: number, channel: number): KeptPoint {
    const point = this.point(hook);
    const {channels} = point.layout;
    if (Number.isInteger(channel) && channel >= 0 && channel < channels) return point;
    throw new InspectorError(
      `${point.name} has channels 0 to ${channels - 1}, got ${channel}. Choose one of these.`,
    );
  }

  channels(hook: number): readonly ChannelSummary[] {
    return (this.#channels[hook] ??= channelSummaries(this.point(hook)));
  }

  /** The magnitude at which the colours of all of the hook point's maps end, before and after. */
  sharedLimit(hook: number): number {
    return this.#limit(`${hook}`, () => {
      const point = this.point(hook);
      return [firstOf(point.pre, point), firstOf(point.post, point)].map((side) => limitOf(side));
    });
  }

  /** The same of one channel. */
  channelLimit(hook: number, channel: number): number {
    return this.#limit(`${hook} ${channel}`, () => {
      const point = this.channel(hook, channel);
      const sides = [channelOf(point.pre, point, channel), channelOf(point.post, point, channel)];
      return sides.map((side) => limitOf(side, CHANNEL_SAMPLES));
    });
  }

  #limit(key: string, limits: () => readonly number[]): number {
    let limit = this.#limits.get(key);
    if (limit === undefined) {
      limit = Math.max(...limits());
      // Nothing but zeros on both sides is black on any scale.
      this.#limits.set(key, (limit ||= 1));
    }
    return limit;
  }
}

/** Of one channel fewer values will do: there are many of these to be sorted. */
const CHANNEL_SAMPLES = 2000;

/** 0 where there is nothing to be shown: what a ReLU has stopped altogether sets no scale. */
const limitOf = (values: Float32Array, samples?: number): number =>
  values.some((value) => value !== 0 && Number.isFinite(value))
    ? colourLimit(values, undefined, samples)
    : 0;
