/** Models as the files that people drop on the page. */
import {readFileSync} from 'node:fs';
import {basename} from 'node:path';
import {io} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel, Sequential} from '@tensorflow/tfjs-layers';
import {packageFile} from '../../../src/io/package-file.js';
import {scriptIOHandler} from '../../../src/io/script-io-handler.js';

/** A file on disk, under its own name. */
export function fileAt(path: string): File {
  return new File([readFileSync(path)], basename(path));
}

export function esrganSlimFiles(): File[] {
  return ['model.json', 'group1-shard1of1.bin'].map((name) =>
    fileAt(packageFile('@upscalerjs/default-model', `models/${name}`)),
  );
}

export function facemeshFiles(): File[] {
  return ['facemesh.json', 'facemesh.bin'].map((name) =>
    fileAt(packageFile('@vladmandic/human', `models/${name}`)),
  );
}

/** @param name 'mobilenet_v2', a LayersModel without a `format`, or 'mobilenet_v2_mid', a GraphModel */
export async function nsfwFiles(name: string): Promise<File[]> {
  const folder = packageFile('nsfwjs', `dist/models/${name}`);
  return filesOf(await scriptIOHandler(folder).load!());
}

/** What TensorFlow.js saves of a model. */
export async function savedFiles(model: LayersModel): Promise<File[]> {
  return filesOf(await artifactsOf(model));
}

export async function artifactsOf(model: LayersModel): Promise<io.ModelArtifacts> {
  let saved: io.ModelArtifacts = {};
  await model.save({
    save: (artifacts) => {
      saved = artifacts;
      const modelArtifactsInfo = {dateSaved: new Date(), modelTopologyType: 'JSON'} as const;
      return Promise.resolve({modelArtifactsInfo});
    },
  });
  return saved;
}

/**
 * model.json, then the shards 'shard1.bin' and so on.
 *
 * @param cuts where the weights are cut, in bytes
 */
export function filesOf(artifacts: io.ModelArtifacts, cuts: readonly number[] = []): File[] {
  const {weightData, weightSpecs: weights = [], ...rest} = artifacts;
  const bytes = io.CompositeArrayBuffer.join(weightData);
  const edges = [0, ...cuts, bytes.byteLength];
  const shards = edges.slice(1).map((end, index) => bytes.slice(edges[index], end));
  const paths = shards.map((_, index) => `shard${index + 1}.bin`);
  const json = {...rest, weightsManifest: [{paths, weights}]};
  return [
    new File([JSON.stringify(json)], 'model.json'),
    ...shards.map((shard, index) => new File([shard], paths[index]!)),
  ];
}

/** 11 × 11 pixels in grey to three classes; 119 parameters. */
export function smallClassifier(): Sequential {
  return sequential({
    layers: [
      layers.conv2d({filters: 2, kernelSize: 3, activation: 'relu', inputShape: [11, 11, 1]}),
      layers.maxPooling2d({poolSize: 2}),
      layers.flatten(),
      layers.dense({units: 3, activation: 'softmax'}),
    ],
  });
}
