/** A model of many small layers, as files that a page can be given. */
import {io} from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';

export interface ModelFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** `count` convolutions of 8 × 8 images, each with a ReLU, five to a block by their names. */
export async function manyLayers(count: number): Promise<ModelFile[]> {
  const model = sequential();
  for (let index = 0; index < count; index++) {
    model.add(
      layers.conv2d({
        name: `block${Math.floor(index / 5)}/conv${index % 5}`,
        filters: 4,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
        ...(index === 0 ? {inputShape: [8, 8, 3]} : {}),
      }),
    );
  }
  const files: ModelFile[] = [];
  await model.save(
    io.withSaveHandler((artifacts) => {
      const {weightData, weightSpecs, ...others} = artifacts;
      const weightsManifest = [{paths: ['weights.bin'], weights: weightSpecs}];
      const json = JSON.stringify({...others, weightsManifest});
      files.push(
        {name: 'model.json', mimeType: 'application/json', buffer: Buffer.from(json)},
        {
          name: 'weights.bin',
          mimeType: 'application/octet-stream',
          buffer: Buffer.from(io.CompositeArrayBuffer.join(weightData)),
        },
      );
      return Promise.resolve({
        modelArtifactsInfo: {dateSaved: new Date(), modelTopologyType: 'JSON'},
      });
    }),
  );
  model.dispose();
  return files;
}
