import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {io} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/** Writes a model as TensorFlow.js saves it, its weights in two shards. */
export async function saveModel(model: LayersModel, folder: string): Promise<void> {
  mkdirSync(folder, {recursive: true});
  await model.save(
    io.withSaveHandler((artifacts) => {
      const {modelTopology, weightSpecs, weightData} = artifacts;
      const bytes = Buffer.from(io.CompositeArrayBuffer.join(weightData));
      const middle = Math.floor(bytes.length / 8) * 4;
      const paths = ['shard1of2.bin', 'shard2of2.bin'];
      const weightsManifest = [{paths, weights: weightSpecs}];
      writeFileSync(join(folder, paths[0]!), bytes.subarray(0, middle));
      writeFileSync(join(folder, paths[1]!), bytes.subarray(middle));
      writeFileSync(join(folder, 'model.json'), JSON.stringify({modelTopology, weightsManifest}));
      return Promise.resolve({
        modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'},
      });
    }),
  );
}
