/** Feature maps of one hook point: the first of a batch, one map per channel. Summaries are of the whole batch. */

export type Side = 'pre' | 'post';

export interface ChannelSummary {
  readonly channel: number;
  /** Mean finite magnitude after the activation: what channels are ranked by. */
  readonly activity: number;
  /** Of what went in, finite values alone; NaN if there are none. */
  readonly min: number;
  readonly max: number;
  /** Share of values before the activation that are 0 or less. */
  readonly nonPositive: number;
  /** Never above 0 where the activation gives 0 for that, as a ReLU does. */
  readonly isDead: boolean;
  /** Wholly where the activation is flat, other than by being dead. */
  readonly isSaturated: boolean;
  /** How many values before or after are NaN or infinite. */
  readonly nonFinite: number;
}

/** One scale for all of the hook point's maps, before and after; or one for each channel, before and after alike. */
export type ScaleKind = 'shared' | 'each';

export interface MapsRequest {
  readonly hook: number;
  readonly side: Side;
  readonly channels: readonly number[];
  readonly scale: ScaleKind;
}

/** Maps as pixels, one per value. */
export interface MapsPicture {
  readonly height: number;
  readonly width: number;
  /** Map after map in the order that was asked for, RGBA, row by row. */
  readonly rgba: Uint8ClampedArray;
  /** Of each map: the magnitude at which its colours end. */
  readonly limits: readonly number[];
}

export interface ChannelValues {
  readonly height: number;
  readonly width: number;
  /** Row by row. */
  readonly pre: Float32Array;
  readonly post: Float32Array;
}
