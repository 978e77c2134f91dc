import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {initializers, layers, sequential} from '@tensorflow/tfjs-layers';
import {readPhoto} from '../src/image/read-photo.js';
import {esrganSlimGolden, esrganSlimPhoto, loadEsrganSlim} from '../src/models/esrgan-slim.js';
import {
  loadFacemesh,
  loadMobileNetV2Mid,
  loadMoveNetLightning,
} from '../src/models/graph-models.js';
import {loadMobileNetV2, mobileNetV2Classes} from '../src/models/mobilenet-v2.js';
import {buildVgg19} from '../src/models/vgg19.js';
import {checkSameBits} from '../src/verify/check-same-bits.js';
import {saveModel} from './saved-model.js';
import {temporaryFolder} from './temporary-folder.js';

const folder = temporaryFolder();
const onWasm = globalThis.TFJS_BACKEND === 'wasm';

test('ESRGAN-slim doubles its photo as its authors did', async () => {
  // The CPU backend takes half a minute for all of the photo: there, a corner of it must do.
  const side = onWasm ? 128 : 32;
  // Farther from the cut than this, the rest of the photo has no influence.
  const reach = 10;
  const model = await loadEsrganSlim();
  const photo = (await readPhoto(esrganSlimPhoto)).pixels;
  const output = model.predict(tf.slice(photo, [0, 0, 0, 0], [1, side, side, 3])) as tf.Tensor4D;
  expect(output.shape).toEqual([1, 2 * side, 2 * side, 3]);

  const same = 2 * (side === 128 ? side : side - reach);
  const golden = (await readPhoto(esrganSlimGolden)).pixels;
  const part = (image: tf.Tensor4D) => tf.slice(image, [0, 0, 0, 0], [1, same, same, 3]);
  const rounded = tf.round(tf.clipByValue(part(output), 0, 255));
  const difference = tf.abs(tf.sub(rounded, part(golden)));
  // One value of 196,608 lies at the edge of rounding.
  expect(tf.max(difference).dataSync()[0]).toBeLessThanOrEqual(1);
  expect(tf.sum(difference).dataSync()[0]).toBeLessThanOrEqual(2);
});

test('MobileNetV2 has its layers and all of its weights', async () => {
  const model = await loadMobileNetV2();
  expect(model.layers.filter((layer) => layer.getClassName() === 'ReLU')).toHaveLength(35);
  expect(model.weights).toHaveLength(266);
});

// The CPU backend takes 13 s for the pass that WASM does in a tenth of one.
if (onWasm) {
  test('MobileNetV2 finds a flower harmless', async () => {
    const model = await loadMobileNetV2();
    const {pixels} = await readPhoto(esrganSlimPhoto, {square: 224});
    const shares = (model.predict(tf.div(pixels, 255)) as tf.Tensor).dataSync();
    expect(shares).toHaveLength(mobileNetV2Classes.length);
    expect(shares[mobileNetV2Classes.indexOf('neutral')]).toBeGreaterThan(0.99);
  });
}

// The CPU backend takes seconds for each.
if (onWasm) {
  describe('GraphModels', () => {
    const shapesOf = (output: tf.Tensor | tf.Tensor[] | tf.NamedTensorMap) =>
      [output].flat().map((tensor) => (tensor as tf.Tensor).shape);

    test('facemesh gives a mesh, whether there is a face, and contours', async () => {
      const output = (await loadFacemesh()).predict(tf.zeros([1, 192, 192, 3]));
      expect(shapesOf(output)).toEqual([
        [1, 1404],
        [1, 1],
        [1, 266],
      ]);
    });

    test('MoveNet Lightning gives 17 key points', async () => {
      const output = (await loadMoveNetLightning()).predict(tf.zeros([1, 192, 192, 3], 'int32'));
      expect(shapesOf(output)).toEqual([[1, 1, 17, 3]]);
    });

    test('MobileNetV2 finds a flower harmless', async () => {
      const model = await loadMobileNetV2Mid();
      const {pixels} = await readPhoto(esrganSlimPhoto, {square: 224});
      const shares = (model.predict(tf.div(pixels, 255)) as tf.Tensor).dataSync();
      expect(shares).toHaveLength(mobileNetV2Classes.length);
      expect(shares[mobileNetV2Classes.indexOf('neutral')]).toBeGreaterThan(0.9);
    });
  });
}

// Building and loading 20 million weights takes seconds, and is the same on every backend.
if (onWasm) {
  describe('VGG19', () => {
    const saved = join(folder, 'vgg19');
    const convolutions = [2, 2, 4, 4, 4].flatMap((count, block) =>
      Array.from({length: count}, (_, index) => `block${block + 1}_conv${index + 1}`),
    );

    test('has the layers of Keras, and random weights of the scale of He', async () => {
      const {model, weightsFrom} = await buildVgg19({size: 32, seed: 3});
      expect(weightsFrom).toBe('random, He-scaled, seed 3');
      const weighted = model.layers.filter((layer) => layer.weights.length > 0);
      expect(weighted.map(({name}) => name)).toEqual(convolutions);
      expect(model.outputs[0]!.shape).toEqual([null, 1, 1, 512]);

      const [first] = model.getLayer('block1_conv1').getWeights();
      const again = initializers.heUniform({seed: 3000}).apply(first!.shape);
      expect(await checkSameBits(first!, again)).toMatchObject({passed: true});
      const {variance} = tf.moments(model.getLayer('block5_conv1').getWeights()[0]!);
      expect(variance.dataSync()[0]).toBeCloseTo(2 / (3 * 3 * 512), 5);

      await saveModel(model, saved);
    });

    test('takes weights from a file', async () => {
      const {model, weightsFrom} = await buildVgg19({weightsPath: saved});
      expect(weightsFrom).toBe(saved);
      expect(model.inputs[0]!.shape).toEqual([null, 224, 224, 3]);
      const [kernel] = model.getLayer('block1_conv1').getWeights();
      const same = initializers.heUniform({seed: 3000}).apply(kernel!.shape);
      expect(await checkSameBits(kernel!, same)).toMatchObject({passed: true});
    });

    test('has a top, where asked for', async () => {
      await expect(buildVgg19({size: 32, includeTop: true, weightsPath: saved})).rejects.toThrow(
        /has no weight "fc1\/kernel"/,
      );
    });

    test('says which weight is missing or of another shape', async () => {
      const save = async (name: string, filters: number) => {
        const conv = layers.conv2d({name, filters, kernelSize: 3, inputShape: [8, 8, 3]});
        const path = join(folder, `${name}-${filters}`);
        await saveModel(sequential({layers: [conv]}), path);
        return path;
      };
      await expect(buildVgg19({size: 32, weightsPath: await save('conv1', 64)})).rejects.toThrow(
        /has no weight "block1_conv1\/kernel"/,
      );
      await expect(
        buildVgg19({size: 32, weightsPath: await save('block1_conv1', 8)}),
      ).rejects.toThrow(
        /"block1_conv1\/kernel" .* has shape \[3,3,3,8\], VGG19 wants \[3,3,3,64\]/,
      );
    });
  });
}
