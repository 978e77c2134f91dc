/** What a training monitor has seen, as plain data. */
import {inColumns, placeOf} from '../table.js';

/**
 * One hook point. `dead`, `saturated`, `margin`, `mean` and `variance` are of the window, the last observed batches;
 * all else is of the whole training. Values are pre-activations; non-finite ones are counted, and left out of the rest.
 */
export interface LayerReport {
  /** The layer's path joined with '/'. */
  readonly name: string;
  /** Which activation within the layer's call, from 0: an LSTM cell has five. */
  readonly slot: number;
  readonly activation: string | null;
  /** How many there are: units of a Dense layer, feature maps of a convolution. */
  readonly units: number;
  /** Units of relu, relu6 or thresholdedRelu of which each value was 0 or less; empty for others. */
  readonly dead: readonly number[];
  /** Units of which at least 95 % of values lay where the activation's slope is under 5 % of its largest. */
  readonly saturated: readonly number[];
  /**
   * The part of units whose mean was on another side of 0 than at the observed batch before, 0 to 1, averaged over
   * the observed batches; null before the second. 0 itself is on the side of the negative.
   */
  readonly signFlipRate: number | null;
  /** Mean distance from the nearest kink, in units of the pre-activation; null where the activation has none. */
  readonly margin: number | null;
  readonly mean: number;
  /** Of the population, over all units. */
  readonly variance: number;
  /** How many values were NaN. */
  readonly nan: number;
  /** How many values were Infinity or -Infinity. */
  readonly infinite: number;
  /** Those in which the layer was observed. */
  readonly epochs: readonly EpochReport[];
}

/** One layer's values in the observed batches of one epoch. */
export interface EpochReport {
  readonly epoch: number;
  readonly mean: number;
  readonly variance: number;
  /** The change from the epoch before, of those that are reported; null in the first. */
  readonly meanDrift: number | null;
  readonly varianceDrift: number | null;
}

/** Where the first value appeared that is not finite: of that batch, the first layer in execution order. */
export interface FirstNonFiniteReport {
  readonly layer: string;
  readonly slot: number;
  /** As `fit` counts them, from 0. */
  readonly epoch: number;
  /** Within the epoch, from 0. */
  readonly batch: number;
  /** Which of the layer's units had such values in that batch. */
  readonly units: readonly number[];
}

export interface TrainingReport {
  /** In execution order. */
  readonly layers: readonly LayerReport[];
  /** How many were observed. */
  readonly batches: number;
  /** Null if there was none. */
  readonly firstNonFinite: FirstNonFiniteReport | null;
  /** One line per layer, to print. */
  table(): string;
}

/** A layer's name; with the slot, unless that is 0. */
export const labelOf = ({name, slot}: Pick<LayerReport, 'name' | 'slot'>): string =>
  name + placeOf({pass: 0, call: 0, slot});

const HEAD =
  'name activation units dead saturated signFlipRate margin mean variance nan infinite'.split(' ');

export const tableOfLayers = (layers: readonly LayerReport[]): string =>
  inColumns([HEAD, ...layers.map(rowOf)], 2);

function rowOf(layer: LayerReport): string[] {
  const {activation, units, dead, saturated, signFlipRate, margin, mean, variance} = layer;
  return [
    labelOf(layer),
    activation ?? '-',
    String(units),
    String(dead.length),
    String(saturated.length),
    ...[signFlipRate, margin, mean, variance].map((value) => value?.toPrecision(4) ?? '-'),
    String(layer.nan),
    String(layer.infinite),
  ];
}
