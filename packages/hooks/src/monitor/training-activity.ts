/** What a training has shown so far, batch by batch. */
import type {HookPoint} from '@tfjs-capture/core';
import type {ActivationRecord} from '../activation-record.js';
import type {UnitActivity, UnitActivityReducer} from '../reducers/unit-activity.js';
import {LayerActivity} from './layer-activity.js';
import {tableOfLayers} from './training-report.js';
import type {FirstNonFiniteReport, TrainingReport} from './training-report.js';

/** Where in the training a batch is. */
export interface BatchPlace {
  readonly epoch: number;
  /** Within the epoch. */
  readonly batch: number;
  /** Of one call of `fit`, by identity. */
  readonly run: object;
}

/** One hook point in one batch, all calls of its layer as one. */
export interface LayerInBatch {
  readonly layer: LayerActivity;
  readonly activity: UnitActivity;
}

export class TrainingActivity {
  /** By hook point, in the order of their first values. */
  readonly #layers = new Map<string, LayerActivity>();
  #batches = 0;
  #firstNonFinite: FirstNonFiniteReport | null = null;

  constructor(
    private readonly reducer: UnitActivityReducer,
    private readonly windowSize: number,
  ) {}

  /** @param records as they were captured, reduced by the reducer */
  add(
    records: readonly ActivationRecord<UnitActivity | null>[],
    place: BatchPlace,
  ): LayerInBatch[] {
    this.#batches++;
    const observed = [...this.#overCalls(records)].map(([key, {point, activity}]) => {
      let layer = this.#layers.get(key);
      if (!layer) this.#layers.set(key, (layer = new LayerActivity(point, this.windowSize)));
      layer.add(activity, place.epoch, place.run);
      this.#firstNonFinite ??= nonFiniteIn(point, activity, place);
      return {layer, activity};
    });
    return observed;
  }

  report(): TrainingReport {
    const layers = [...this.#layers.values()].map((layer) => layer.report());
    return {
      layers,
      batches: this.#batches,
      firstNonFinite: this.#firstNonFinite,
      table: () => tableOfLayers(layers),
    };
  }

  /** A layer that is called with another number of units, as an Activation may be, is another hook point. */
  #overCalls(
    records: readonly ActivationRecord<UnitActivity | null>[],
  ): Map<string, {point: HookPoint; activity: UnitActivity}> {
    const merged = new Map<string, {point: HookPoint; activity: UnitActivity}>();
    for (const {value: activity, ...point} of records) {
      if (!activity) continue;
      const {name, slot, activation} = point;
      const key = [activity.inactive.length, slot, activation, name].join(' ');
      const known = merged.get(key);
      if (known) this.reducer.merge({activity: known.activity}, {activity}, true);
      else merged.set(key, {point, activity});
    }
    return merged;
  }
}

function nonFiniteIn(
  {name, slot}: HookPoint,
  {moments: {nan, infinite}}: UnitActivity,
  {epoch, batch}: BatchPlace,
): FirstNonFiniteReport | null {
  const counts = Array.from(nan, (count, unit) => count + (infinite[unit] as number));
  const units = counts.flatMap((count, unit) => (count > 0 ? unit : []));
  return units.length > 0 ? {layer: name, slot, epoch, batch, units} : null;
}
