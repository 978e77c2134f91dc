/** Pretrained GraphModels from npm packages, read from disk: what @vladmandic/human ships, and one of nsfwjs. */
import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';

import {loadGraphModel} from '@tensorflow/tfjs-converter';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type {io, Tensor} from '@tensorflow/tfjs-core';

import {seeded} from '../fidelity/seeded-values.js';
import type {GraphArtifacts} from './graph-artifacts.js';

/** A model on disk, and how to run it. */
export interface GraphModelSource {
  readonly name: string;
  /** Whether it holds control flow, so that `execute` refuses it. */
  readonly runsAsync: boolean;
  /** Milliseconds per pass on the CPU backend, measured on two cores: what takes too long is run on WASM alone. */
  readonly cpuMilliseconds: number;
  /** What the sizes are that the graph leaves open, but for the batch. */
  readonly openSize?: number;
}

export const GRAPH_MODELS: readonly GraphModelSource[] = [
  {name: 'antispoof', runsAsync: false, cpuMilliseconds: 520},
  {name: 'blazeface', runsAsync: false, cpuMilliseconds: 1080},
  {name: 'centernet', runsAsync: false, cpuMilliseconds: 7600},
  {name: 'emotion', runsAsync: false, cpuMilliseconds: 200},
  {name: 'facemesh', runsAsync: false, cpuMilliseconds: 250},
  {name: 'faceres', runsAsync: false, cpuMilliseconds: 2200},
  {name: 'handlandmark-lite', runsAsync: false, cpuMilliseconds: 610},
  // Loops of TensorFlow 1 (Enter, Switch, NextIteration); its signature says 320 where its graph says -1.
  {name: 'handtrack', runsAsync: true, cpuMilliseconds: 3500, openSize: 320},
  {name: 'iris', runsAsync: false, cpuMilliseconds: 270},
  {name: 'liveness', runsAsync: false, cpuMilliseconds: 22},
  {name: 'movenet-lightning', runsAsync: false, cpuMilliseconds: 1140},
  {name: 'mobilenet_v2_mid', runsAsync: false, cpuMilliseconds: 2400},
];

export interface LoadedGraphModel {
  readonly artifacts: GraphArtifacts;
  readonly model: GraphModel;
}

/** Loads a model of `GRAPH_MODELS`. */
export async function loadFromDisk({name}: GraphModelSource): Promise<LoadedGraphModel> {
  const artifacts = name === 'mobilenet_v2_mid' ? readNsfwModel(name) : readHumanModel(name);
  return {artifacts, model: await modelOf(artifacts)};
}

/** The model of these artifacts. */
export const modelOf = (artifacts: GraphArtifacts): Promise<GraphModel> =>
  loadGraphModel({load: () => Promise.resolve(artifacts as unknown as io.ModelArtifacts)});

/** An input that is the same in every run: pixels for models of integers, 0 to 1 for others. */
export function seededInput(model: GraphModel, {openSize}: GraphModelSource): Tensor {
  const [input] = model.inputs as unknown as readonly {
    name: string;
    shape: number[];
    dtype: string;
  }[];
  if (!input || model.inputs.length !== 1) throw new Error('the model must have one input');
  const shape = input.shape.map((size, axis) => {
    if (size >= 0) return size;
    if (axis === 0) return 1;
    if (openSize === undefined) throw new Error(`axis ${axis} of ${input.name} is open`);
    return openSize;
  });
  return tf.tidy(() => {
    const positive = tf.div(tf.add(seeded(shape, 5, 1), 1), 2);
    return input.dtype === 'int32' ? tf.cast(tf.mul(positive, 255), 'int32') : positive;
  });
}

const require = createRequire(import.meta.url);

function readHumanModel(name: string): GraphArtifacts {
  const {modelTopology, weightsManifest, ...rest} = JSON.parse(
    readFileSync(packageFile('@vladmandic/human', `models/${name}.json`), 'utf8'),
  ) as io.ModelJSON;
  const shards = pathsOf(weightsManifest).map((path) =>
    readFileSync(packageFile('@vladmandic/human', `models/${path}`)),
  );
  return assemble({modelTopology, weightsManifest, ...rest}, shards);
}

/** nsfwjs holds a model as scripts: model.json as an object, each shard as a base64 string. */
function readNsfwModel(name: string): GraphArtifacts {
  const script = (file: string) =>
    require(packageFile('nsfwjs', `dist/models/${name}/${file}.min.js`)) as unknown;
  const json = script('model') as io.ModelJSON;
  const shards = pathsOf(json.weightsManifest).map((path) =>
    Buffer.from(script(path) as string, 'base64'),
  );
  return assemble(json, shards);
}

const pathsOf = (manifest: io.WeightsManifestConfig): string[] =>
  manifest.flatMap(({paths}) => paths);

function assemble(json: io.ModelJSON, shards: readonly Buffer[]): GraphArtifacts {
  const {modelTopology, weightsManifest, signature, userDefinedMetadata} = json;
  return {
    modelTopology: modelTopology as GraphArtifacts['modelTopology'],
    weightSpecs: weightsManifest.flatMap(({weights}) => weights),
    weightData: new Uint8Array(Buffer.concat(shards)).buffer,
    ...(signature && {signature}),
    ...(userDefinedMetadata && {userDefinedMetadata}),
  };
}

/** The path of a file in an installed package, whether the package's "exports" name it or not. */
function packageFile(name: string, file: string): string {
  const folders = require.resolve.paths(name) ?? [];
  const folder = folders.map((modules) => join(modules, name)).find((path) => existsSync(path));
  if (folder === undefined) throw new Error(`${name} is not installed. Run npm ci.`);
  return join(folder, file);
}
