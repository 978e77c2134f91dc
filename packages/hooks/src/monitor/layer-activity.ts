/** What one hook point's units have done over a training. */
import {emptyMoments, mergeMoments} from '@tfjs-capture/core';
import type {ChannelMoments, HookPoint} from '@tfjs-capture/core';
import {canDie, KINKS} from '../reducers/activation-shape.js';
import type {UnitActivity} from '../reducers/unit-activity.js';
import type {EpochReport, LayerReport} from './training-report.js';

/** From which part of its values on a unit is saturated. */
const SATURATED = 0.95;

/** One batch, as far as the window needs it. */
interface ObservedBatch {
  readonly activity: UnitActivity;
  readonly whole: ChannelMoments;
}

export class LayerActivity {
  /** The last ones, oldest first. */
  readonly #window: ObservedBatch[] = [];
  readonly #epochs: {epoch: number; run: object; whole: ChannelMoments}[] = [];
  #means: readonly number[] | null = null;
  #flips = 0;
  #pairs = 0;
  #nan = 0;
  #infinite = 0;

  constructor(
    readonly point: Pick<HookPoint, 'name' | 'slot' | 'activation'>,
    private readonly windowSize: number,
  ) {}

  /** @param run tells epochs of one number apart, when the model is fitted again */
  add(activity: UnitActivity, epoch: number, run: object): void {
    const whole = wholeOf(activity.moments);
    this.#window.push({activity, whole});
    if (this.#window.length > this.windowSize) this.#window.shift();
    let last = this.#epochs[this.#epochs.length - 1];
    if (last?.epoch !== epoch || last.run !== run) {
      last = {epoch, run, whole: emptyMoments(1)};
      this.#epochs.push(last);
    }
    mergeMoments(last.whole, whole);
    this.#nan += whole.nan[0] as number;
    this.#infinite += whole.infinite[0] as number;
    this.#countFlips(activity.moments);
  }

  report(): LayerReport {
    const {name, slot, activation} = this.point;
    const whole = emptyMoments(1);
    for (const batch of this.#window) mergeMoments(whole, batch.whole);
    const distance = this.#window.reduce((sum, batch) => sum + batch.activity.distance, 0);
    const partOf = (field: 'inactive' | 'flat'): number[] => this.#partsIn(field);
    return {
      name,
      slot,
      activation,
      units: this.#means?.length ?? 0,
      dead: canDie(activation) ? unitsWhere(partOf('inactive'), (part) => part === 1) : [],
      saturated: unitsWhere(partOf('flat'), (part) => part >= SATURATED),
      signFlipRate: this.#pairs === 0 ? null : this.#flips / this.#pairs,
      margin: (activation ?? '') in KINKS ? distance / (whole.count[0] as number) : null,
      ...spreadOf(whole),
      nan: this.#nan,
      infinite: this.#infinite,
      epochs: this.#epochReports(),
    };
  }

  /** Of each unit's values in the window. */
  #partsIn(field: 'inactive' | 'flat'): number[] {
    return Array.from(this.#means ?? [], (_, unit) => {
      let total = 0;
      let part = 0;
      for (const {activity} of this.#window) {
        const {count, nan, infinite} = activity.moments;
        total += (count[unit] as number) + (nan[unit] as number) + (infinite[unit] as number);
        part += activity[field][unit] as number;
      }
      return part / total;
    });
  }

  #countFlips({mean, count}: ChannelMoments): void {
    const before = this.#means;
    this.#means = mean.map((value, unit) => (count[unit] === 0 ? NaN : value));
    if (before === null) return;
    const pairs = Array.from(this.#means, (now, unit) => [before[unit] as number, now] as const);
    const known = pairs.filter((pair) => !pair.some(Number.isNaN));
    if (known.length === 0) return;
    this.#flips += known.filter(([then, now]) => then > 0 !== now > 0).length / known.length;
    this.#pairs++;
  }

  #epochReports(): EpochReport[] {
    const spreads = this.#epochs.map(({whole}) => spreadOf(whole));
    return this.#epochs.map(({epoch}, i) => {
      const {mean, variance} = spreads[i] as Spread;
      const before = spreads[i - 1];
      const meanDrift = before ? mean - before.mean : null;
      const varianceDrift = before ? variance - before.variance : null;
      return {epoch, mean, variance, meanDrift, varianceDrift};
    });
  }
}

const unitsWhere = (parts: readonly number[], isMeant: (part: number) => boolean): number[] =>
  parts.flatMap((part, unit) => (isMeant(part) ? unit : []));

interface Spread {
  readonly mean: number;
  readonly variance: number;
}

function spreadOf({count, mean, squares}: ChannelMoments): Spread {
  const values = count[0] as number;
  if (values === 0) return {mean: NaN, variance: NaN};
  return {mean: mean[0] as number, variance: (squares[0] as number) / values};
}

/** The units' moments as those of one channel. */
export function wholeOf(units: ChannelMoments): ChannelMoments {
  const whole = emptyMoments(1);
  const {count, mean, squares} = units;
  for (const field of ['count', 'nonPositive', 'nan', 'infinite'] as const) {
    whole[field][0] = units[field].reduce((sum, value) => sum + value, 0);
  }
  const values = whole.count[0] as number;
  if (values === 0) return whole;
  const center = mean.reduce(
    (sum, value, unit) => sum + value * ((count[unit] as number) / values),
    0,
  );
  whole.mean[0] = center;
  // What a unit varies in itself, and by its mean.
  whole.squares[0] = squares.reduce(
    (sum, value, unit) =>
      sum + value + (count[unit] as number) * ((mean[unit] as number) - center) ** 2,
    0,
  );
  whole.min[0] = units.min.reduce((least, value) => Math.min(least, value), Infinity);
  whole.max[0] = units.max.reduce((largest, value) => Math.max(largest, value), -Infinity);
  return whole;
}
