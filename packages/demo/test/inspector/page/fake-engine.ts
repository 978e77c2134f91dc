/** An engine with made-up layers and maps, for work on the page alone. */
import type {Comparison, ComparisonRow} from '../../../inspector/protocol/comparison.js';
import type {Engine, OnProgress} from '../../../inspector/protocol/engine.js';
import type {ChannelSummary, Side} from '../../../inspector/protocol/feature-maps.js';
import type {ModelInfo, ModelSource} from '../../../inspector/protocol/model.js';
import type {
  CaptureRequest,
  CapturedRun,
  HookSummary,
  OutputSummary,
  Picture,
  RunSummary,
} from '../../../inspector/protocol/run.js';
import {activationColour} from '../../../src/image/activation-colours.js';
import {colourLimit} from '../../../src/image/colour-limit.js';
import {statisticsOf} from '../../../src/report/statistics.js';
import {fakeLayers} from './fake-layers.js';
import type {FakeLayer} from './fake-layers.js';

interface FakeRun {
  readonly request: CaptureRequest;
  readonly summary: RunSummary;
  readonly values: readonly {readonly pre: Float32Array; readonly post: Float32Array}[];
}

const CLASSES = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'].map(
  (_, n) => `class ${'ABCDE'[n]}`,
);

export function createFakeEngine(): Engine {
  const runs = new Map<string, FakeRun>();
  let layers: readonly FakeLayer[] = [];
  let info: ModelInfo | null = null;
  const run = (name: string): FakeRun => {
    const found = runs.get(name);
    if (found === undefined) throw new Error(`There is no run “${name}”. Run the model first.`);
    return found;
  };
  return {
    start: async () => {},
    loadModel: async (source, onProgress) => {
      for (let share = 0; share < 1; share += 0.25) {
        onProgress({stage: 'Reading the model', share});
        await pause(15);
      }
      info = fakeModel(source);
      layers = fakeLayers(info.name);
      runs.clear();
      return info;
    },
    capture: async (name, request, onProgress) => {
      const made = await makeRun(layers, request, info?.classCount ?? null, onProgress);
      runs.set(name, made);
      return made.summary;
    },
    channels: async (name, hook) => channelsOf(run(name), hook),
    maps: async (name, {hook, side, channels, scale}) => {
      const {values, summary} = run(name);
      const {height, width, channels: count} = summary.hooks[hook]!.layout;
      const rgba = new Uint8ClampedArray(4 * height * width * channels.length);
      const shared = colourLimit(values[hook]!.pre);
      const limits = channels.map((channel, place) => {
        const map = mapOf(values[hook]![side], channel, count);
        const limit =
          scale === 'shared' ? shared : colourLimit(mapOf(values[hook]!.pre, channel, count));
        map.forEach((value, at) => {
          rgba.set([...activationColour(value, limit), 255], 4 * (place * height * width + at));
        });
        return limit;
      });
      return {height, width, rgba, limits};
    },
    channelValues: async (name, hook, channel) => {
      const {values, summary} = run(name);
      const {height, width, channels} = summary.hooks[hook]!.layout;
      const map = (side: Side) => mapOf(values[hook]![side], channel, channels);
      return {height, width, pre: map('pre'), post: map('post')};
    },
    compare: async (first, second, threshold) => compareRuns(run(first), run(second), threshold),
    heatMap: async ({classIndex}) => {
      await pause(50);
      const values = Float32Array.from({length: 49}, (_, at) =>
        Math.max(0, 2 - Math.hypot((at % 7) - 2 - classIndex / 2, Math.floor(at / 7) - 3) / 1.6),
      );
      return {height: 7, width: 7, values, max: Math.max(...values)};
    },
    save: async () => new Uint8Array(64),
    handOver: async (name): Promise<CapturedRun> => {
      const {summary, values, request} = run(name);
      return {
        summary,
        values,
        edits: request.edits,
        model: {name: info?.name ?? '', format: info?.format ?? ''},
        outputs: summary.outputs.map(() => new Float32Array(1)),
      };
    },
    takeOver: async (name, captured) => {
      const nudge = (values: Float32Array, by: number) => values.map((value) => value * (1 + by));
      runs.set(name, {
        summary: captured.summary,
        request: {input: {kind: 'noise', seed: 0}, edits: captured.edits},
        // As if another backend rounded otherwise.
        values: captured.values.map(({pre, post}, hook) => ({
          pre: nudge(pre, 1e-7 * 1.2 ** hook),
          post,
        })),
      });
    },
    forget: async (name) => void runs.delete(name),
  };
}

function fakeModel(source: ModelSource): ModelInfo {
  const first =
    source.kind === 'files' ? source.files.find(({name}) => name.endsWith('.json')) : null;
  if (source.kind === 'files' && first == null) {
    throw new Error(
      `There is no model.json among ${source.files.map(({name}) => name).join(', ')}. Drop it together with its .bin files.`,
    );
  }
  const name =
    source.kind === 'example' ? source.example.id : source.kind === 'url' ? 'remote' : 'dropped';
  const isClassifier = name !== 'esrgan-slim';
  return {
    name,
    format: isClassifier ? 'graph-model' : 'layers-model',
    inputs: [{name: 'image', shape: [null, null, null, 3], dtype: 'float32'}],
    imageInput: {
      name: 'image',
      height: isClassifier ? 224 : null,
      width: isClassifier ? 224 : null,
      channels: 3,
      isChannelsFirst: false,
      dtype: 'float32',
    },
    parameters: isClassifier ? 2_612_037 : 112_000,
    bytes: isClassifier ? 2_700_000 : 448_000,
    classCount: isClassifier ? CLASSES.length : null,
    classes: isClassifier ? CLASSES : null,
  };
}

async function makeRun(
  layers: readonly FakeLayer[],
  request: CaptureRequest,
  classCount: number | null,
  onProgress: OnProgress,
): Promise<FakeRun> {
  const picture = request.input.kind === 'image' ? request.input.picture : null;
  const values: {pre: Float32Array; post: Float32Array}[] = [];
  const hooks: HookSummary[] = [];
  let drift = 0;
  for (const [index, layer] of layers.entries()) {
    onProgress({stage: 'Running the model', share: index / layers.length});
    if (index % 8 === 0) await pause(layers.length > 100 ? 5 : 20);
    // A run that is there to be cancelled.
    if (index === 150 && picture === null) await new Promise(() => {});
    const pre = layer.values(picture, index, drift);
    const post = pre.map((value) => layer.apply(value));
    for (const edit of request.edits.filter(({name}) => name === layer.name)) {
      drift += edit.channels === null ? 0.4 : 0.1;
      post.forEach((value, at) => {
        const isEdited = edit.channels?.includes(at % layer.channels) ?? true;
        if (isEdited) post[at] = edit.change.kind === 'ablate' ? 0 : value;
      });
    }
    values.push({pre, post});
    hooks.push(hookOf(layer, index, pre, post));
  }
  const name = picture?.name ?? 'noise';
  const shape = [1, picture?.height ?? 64, picture?.width ?? 64, 3];
  const outputs = [outputOf(classCount, picture, drift)];
  const bytes = values.reduce((sum, {pre}) => sum + 8 * pre.length, 0);
  const summary = {
    backend: 'wasm' as const,
    input: {name, shape},
    hooks,
    outputs,
    milliseconds: 65,
    bytes,
  };
  return {request, values, summary};
}

function outputOf(
  classCount: number | null,
  picture: Picture | null,
  drift: number,
): OutputSummary {
  const scores = CLASSES.map((label, index) => ({
    index,
    label,
    score: [0.71, 0.16, 0.08, 0.04, 0.01][index]!,
  }));
  if (drift > 0)
    scores.forEach((each, index) => (each.score = index === 1 ? 0.6 : each.score / 2.2));
  scores.sort((a, b) => b.score - a.score);
  return {
    name: classCount === null ? 'image' : 'probabilities',
    shape:
      classCount === null ? [1, picture?.height ?? 64, picture?.width ?? 64, 3] : [1, classCount],
    statistics: statisticsOf(scores.map(({score}) => score)),
    top: classCount === null ? null : scores,
    picture: classCount === null ? picture : null,
  };
}

function hookOf(
  layer: FakeLayer,
  index: number,
  pre: Float32Array,
  post: Float32Array,
): HookSummary {
  const {name, path, activation, height, width, channels} = layer;
  const flags = summariesOf(pre, post, channels);
  const shape = height * width === 1 ? [1, channels] : [1, height, width, channels];
  return {
    index,
    name,
    path,
    activation,
    kernel: null,
    pass: 0,
    call: 0,
    slot: 0,
    shape,
    layout: {height, width, channels, channelAxis: shape.length - 1},
    pre: statisticsOf(pre),
    post: statisticsOf(post),
    histogram: histogramOf(pre),
    dead: flags.filter(({isDead}) => isDead).length,
    saturated: flags.filter(({isSaturated}) => isSaturated).length,
    nonFinite: flags.filter(({nonFinite}) => nonFinite > 0).length,
  };
}

function histogramOf(values: Float32Array): HookSummary['histogram'] {
  const {min, max} = statisticsOf(values);
  const below = min < 0 ? Math.max(1, Math.min(47, Math.round((48 * -min) / (max - min)))) : 0;
  const edges = Array.from({length: 49}, (_, at) =>
    at <= below && below > 0
      ? min * (1 - at / below)
      : Math.max(0, max) * ((at - below) / (48 - below)),
  );
  const counts = new Array<number>(48).fill(0);
  for (const value of values) {
    const part = value < 0 ? below * (1 - value / min) : below + (value / max) * (48 - below);
    if (part >= 0) counts[Math.min(47, Math.floor(part))]!++;
  }
  return {edges, counts};
}

const channelsOf = ({summary, values}: FakeRun, hook: number): readonly ChannelSummary[] =>
  summariesOf(values[hook]!.pre, values[hook]!.post, summary.hooks[hook]!.layout.channels);

function summariesOf(
  pre: Float32Array,
  post: Float32Array,
  channels: number,
): readonly ChannelSummary[] {
  return Array.from({length: channels}, (_, channel) => {
    const before = statisticsOf(mapOf(pre, channel, channels));
    const after = mapOf(post, channel, channels);
    return {
      channel,
      activity: statisticsOf(after.map(Math.abs)).mean,
      min: before.min,
      max: before.max,
      nonPositive: before.nonPositive,
      isDead: before.nonPositive === 1,
      isSaturated: before.min >= 6,
      nonFinite: before.nonFinite,
    };
  });
}

function mapOf(values: Float32Array, channel: number, channels: number): Float32Array {
  return Float32Array.from(
    {length: values.length / channels},
    (_, at) => values[at * channels + channel]!,
  );
}

function compareRuns(first: FakeRun, second: FakeRun, threshold: number): Comparison {
  const rows: ComparisonRow[] = first.summary.hooks.map(({name, shape}, hook) => {
    const [a, b] = [first.values[hook]!.pre, second.values[hook]!.pre];
    const differences = a.map((value, at) => Math.abs(value - (b[at] ?? NaN)) || 0);
    const at = differences.reduce(
      (most, value, index) => (value > differences[most]! ? index : most),
      0,
    );
    const position: number[] = [];
    let rest = at;
    for (const size of [...shape].reverse()) {
      position.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    const largest = differences[at]!;
    const relative =
      largest / a.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 1e-9);
    const differing = differences.filter((value) => value > 0).length;
    return {
      hook,
      name,
      largest,
      relative,
      mean: statisticsOf(differences).mean,
      position,
      differing,
    };
  });
  return {
    rows,
    first: rows.find(({relative}) => relative > threshold) ?? null,
    threshold,
    unmatched: [],
  };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
