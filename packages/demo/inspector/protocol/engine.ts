/**
 * What the page asks of the engine: TensorFlow.js and the hook layer, which run in a worker.
 *
 * Whatever goes wrong is an Error whose message is a sentence for the person in front of the page: what is wrong,
 * what came, what to do.
 */
import type {Comparison} from './comparison.js';
import type {ChannelSummary, ChannelValues, MapsPicture, MapsRequest} from './feature-maps.js';
import type {ModelInfo, ModelSource} from './model.js';
import type {CaptureRequest, CapturedRun, HeatMap, HeatMapRequest, RunSummary} from './run.js';

export type BackendName = 'wasm' | 'webgl' | 'webgpu';
export const BACKENDS: readonly BackendName[] = ['wasm', 'webgl', 'webgpu'];
export const BACKEND_TITLES: Readonly<Record<BackendName, string>> = {
  wasm: 'WASM',
  webgl: 'WebGL',
  webgpu: 'WebGPU',
};

/** How far something has come. */
export interface Progress {
  /** 'Reading the model', 'Running the model': what is done now. */
  readonly stage: string;
  /** From 0 to 1; null where nobody knows. */
  readonly share: number | null;
}
export type OnProgress = (progress: Progress) => void;

/** By what the page calls a run: 'main', 'edited', 'other'. A new run takes the place of an old one. */
export type RunName = string;

/** One engine has one model on one backend. To cancel, the page ends the worker and starts another one. */
export interface Engine {
  /**
   * Starts TensorFlow.js. Once, before anything else.
   *
   * @param wasmFolder the address of the folder with the WASM backend's binaries, its last slash included
   */
  start(backend: BackendName, wasmFolder?: string): Promise<void>;
  /** Loads a model in place of the one before, whose runs are forgotten. */
  loadModel(source: ModelSource, onProgress: OnProgress): Promise<ModelInfo>;
  /** Runs the model once, and keeps what went into and came out of every activation. */
  capture(run: RunName, request: CaptureRequest, onProgress: OnProgress): Promise<RunSummary>;
  /** In the order of channels. */
  channels(run: RunName, hook: number): Promise<readonly ChannelSummary[]>;
  maps(run: RunName, request: MapsRequest): Promise<MapsPicture>;
  /** One channel's map, before and after its activation. */
  channelValues(run: RunName, hook: number, channel: number): Promise<ChannelValues>;
  /** Hook point by hook point, both of whose maps have the same shape. */
  compare(run: RunName, other: RunName, threshold: number): Promise<Comparison>;
  /** Grad-CAM of the loaded model, without edits. */
  heatMap(request: HeatMapRequest): Promise<HeatMap>;
  /** All tensors of a run as one safetensors file, its manifest in the metadata. */
  save(run: RunName): Promise<Uint8Array>;
  /** A run, out of this engine's hands: its arrays are transferred. */
  handOver(run: RunName): Promise<CapturedRun>;
  /** Takes over another engine's run, to be compared. */
  takeOver(run: RunName, captured: CapturedRun): Promise<void>;
  forget(run: RunName): Promise<void>;
}
