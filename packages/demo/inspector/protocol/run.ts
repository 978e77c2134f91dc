/** Runs: one forward pass of a model, and what was captured of it. */
import type {Statistics} from '../../src/report/statistics.js';
import type {BackendName} from './engine.js';
import type {Preparation} from './model.js';

/** A decoded image. */
export interface Picture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row, not premultiplied. */
  readonly rgba: Uint8ClampedArray;
}

/** What the model gets: an image in the input that takes one; noise in all others, the same for each seed. */
export type RunInput =
  | {readonly kind: 'image'; readonly picture: Picture; readonly preparation: Preparation}
  | {readonly kind: 'noise'; readonly seed: number};

/** A change of what comes out of a layer's activation. */
export interface LayerEdit {
  /** The layer's or node's full name. */
  readonly name: string;
  /** Channels; null for all. */
  readonly channels: readonly number[] | null;
  readonly change: Change;
}
export type Change =
  | {readonly kind: 'ablate'}
  | {readonly kind: 'scale'; readonly factor: number}
  | {readonly kind: 'clamp'; readonly min: number; readonly max: number};

export interface CaptureRequest {
  readonly input: RunInput;
  readonly edits: readonly LayerEdit[];
}

export interface RunSummary {
  readonly backend: BackendName;
  /** What the input was called, and the shape in which the model got it. */
  readonly input: {readonly name: string; readonly shape: readonly number[]};
  /** In the order of execution. */
  readonly hooks: readonly HookSummary[];
  readonly outputs: readonly OutputSummary[];
  /** Of the forward pass with capture. */
  readonly milliseconds: number;
  /** Of all that was captured. */
  readonly bytes: number;
}

/** One hook point of a run, by its place in `hooks`. */
export interface HookSummary {
  readonly index: number;
  /** The full name, and the names of all that it is nested in, outermost first, its own last. */
  readonly name: string;
  readonly path: readonly string[];
  readonly activation: string;
  readonly kernel: string | null;
  readonly pass: number;
  readonly call: number;
  readonly slot: number;
  /** Of both tensors, batch first. */
  readonly shape: readonly number[];
  readonly layout: MapLayout;
  /** Of what went in. */
  readonly pre: Statistics;
  /** Of what came out. */
  readonly post: Statistics;
  /** Of what went in; an edge lies at 0 wherever 0 is within the range. */
  readonly histogram: {readonly edges: readonly number[]; readonly counts: readonly number[]};
  /** How many channels are flagged. */
  readonly dead: number;
  readonly saturated: number;
  readonly nonFinite: number;
}

/** How a tensor becomes maps: those of the first of a batch. */
export interface MapLayout {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly channelAxis: number;
}

/** One of the model's outputs. */
export interface OutputSummary {
  readonly name: string;
  readonly shape: readonly number[];
  readonly statistics: Statistics;
  /** The largest values of an output [batch, classes], the largest first; null for others. */
  readonly top: readonly ClassScore[] | null;
  /** An output that is an image, as one; null for others. */
  readonly picture: Picture | null;
}
export interface ClassScore {
  readonly index: number;
  readonly label: string;
  readonly score: number;
}

/** All that was captured: what one engine hands another. */
export interface CapturedRun {
  readonly summary: RunSummary;
  readonly model: {readonly name: string; readonly format: string};
  readonly edits: readonly LayerEdit[];
  /** By the index of the hook point. */
  readonly values: readonly {readonly pre: Float32Array; readonly post: Float32Array}[];
  /** By the index of the output. */
  readonly outputs: readonly Float32Array[];
}

export interface HeatMapRequest {
  readonly input: RunInput;
  /** The layer's or node's full name. */
  readonly layer: string;
  readonly classIndex: number;
}

/** Where a class is seen, [height, width], 0 and more. */
export interface HeatMap {
  readonly height: number;
  readonly width: number;
  readonly values: Float32Array;
  readonly max: number;
}
