// The whole engine but its loading half: what the page calls, in the order in which it does.
import {createRequire} from 'node:module';
import {dirname, sep} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import {createEngine} from '../../../inspector/engine/engine.js';
import type {LoadedModel} from '../../../inspector/engine/loaded-model.js';
import type {Progress} from '../../../inspector/protocol/engine.js';
import type {CaptureRequest, CapturedRun, Picture} from '../../../inspector/protocol/run.js';
import {loadEsrganSlim} from '../../../src/models/esrgan-slim.js';
import {loadedOf} from './loaded.js';
import {SMALL_MODELS} from './small-models.js';

const source = {kind: 'url', url: './model.json'} as const;
const noise = (seed = 3): CaptureRequest => ({input: {kind: 'noise', seed}, edits: []});
const nothing = () => undefined;
const wasmFolder =
  dirname(createRequire(__filename).resolve('@tensorflow/tfjs-backend-wasm')) + sep;

/** An engine that has started and has loaded a model. */
async function engineWith(...models: LoadedModel[]) {
  const engine = createEngine(() => Promise.resolve(models.shift()!));
  await engine.start('wasm', wasmFolder);
  await engine.loadModel(source, nothing);
  return engine;
}

const dense = () =>
  loadedOf(SMALL_MODELS['dense, of rank 2']!(), {classCount: 2, classes: ['cat', 'dog']});

// On whatever backend the suite began: the engine starts one by itself, of those that browsers have.
describe('the engine', () => {
  test('says what comes first', async () => {
    const engine = createEngine(() => Promise.reject(new Error('offline')));
    await expect(engine.capture('main', noise(), nothing)).rejects.toThrow('not been started');
    await engine.start('wasm', wasmFolder);
    await expect(engine.capture('main', noise(), nothing)).rejects.toThrow('There is no model yet');
    await expect(engine.loadModel(source, nothing)).rejects.toThrow('offline');
    await expect(engine.channels('main', 0)).rejects.toThrow("There is no run 'main'");
  });

  test('keeps runs by their names, and nothing on the backend', async () => {
    const engine = await engineWith(dense());
    const held = tf.memory().numTensors;
    const main = await engine.capture('main', noise(), nothing);
    expect(tf.memory().numTensors).toBe(held);
    expect(main).toMatchObject({
      backend: 'wasm',
      input: {name: 'noise, seed 3', shape: [1, 3]},
      bytes: 4 * 2 * (5 + 2),
    });
    expect(main.hooks.map(({index, name}) => [index, name])).toEqual([
      [0, 'hidden'],
      [1, 'out'],
    ]);
    const [{top, picture}] = main.outputs as [(typeof main.outputs)[0]];
    expect(picture).toBeNull();
    expect(top!.map(({label}) => label).sort()).toEqual(['cat', 'dog']);
    expect(top![0]!.score).toBeGreaterThan(top![1]!.score);

    expect(await engine.channels('main', 0)).toHaveLength(5);
    const same = await engine.capture('other', noise(), nothing);
    expect(same.hooks).toEqual(main.hooks);
    const alike = await engine.compare('main', 'other', 0);
    expect(alike.rows.map(({differing}) => differing)).toEqual([0, 0]);

    await engine.capture('other', noise(4), nothing);
    const {first} = await engine.compare('main', 'other', 0);
    expect(first?.name).toBe('hidden');
    await engine.forget('other');
    await expect(engine.compare('main', 'other', 0)).rejects.toThrow("no run 'other'");
  });

  test('edits channels of layers that it has not seen yet', async () => {
    const engine = await engineWith(loadedOf(SMALL_MODELS['channels first']!()));
    const edits = [{name: 'relu', channels: [1], change: {kind: 'ablate'}}] as const;
    const run = await engine.capture('edited', {...noise(), edits}, nothing);
    const relu = run.hooks.findIndex(({name}) => name === 'relu');
    const activity = (await engine.channels('edited', relu)).map((channel) => channel.activity > 0);
    expect(activity).toEqual([true, false, true, true]);
    const none = [{name: 'nowhere', channels: [1], change: {kind: 'ablate'}}] as const;
    await expect(engine.capture('edited', {...noise(), edits: none}, nothing)).rejects.toThrow(
      'An edit is of nowhere',
    );
    // It goes on.
    await engine.capture('main', noise(), nothing);
  });

  test('a model without activations is told so, and the next one is loaded', async () => {
    const linear = sequential({layers: [layers.dense({units: 2, inputShape: [3]})]});
    const engine = await engineWith(loadedOf(linear, {name: 'linear.json'}), dense());
    await expect(engine.capture('main', noise(), nothing)).rejects.toThrow(
      'linear.json has run, but has no activation functions',
    );
    await engine.loadModel(source, nothing);
    await engine.capture('main', noise(), nothing);
  });

  test('a new model takes the place of the old one, whose runs are forgotten', async () => {
    const [first, second] = [dense(), dense()];
    const disposed = jest.spyOn(first, 'dispose');
    const engine = await engineWith(first, second);
    await engine.capture('main', noise(), nothing);
    await engine.loadModel(source, nothing);
    expect(disposed).toHaveBeenCalledTimes(1);
    await expect(engine.channels('main', 0)).rejects.toThrow("no run 'main'");
    await engine.capture('main', noise(), nothing);
  });

  test('what is known of a layer does not outlive its model', async () => {
    const last = sequential({
      layers: [
        layers.conv2d({filters: 2, kernelSize: 2, inputShape: [4, 4, 1]}),
        layers.reLU({name: 'relu'}),
      ],
    });
    const engine = await engineWith(loadedOf(last), loadedOf(SMALL_MODELS['channels first']!()));
    await engine.capture('main', noise(), nothing);
    await engine.loadModel(source, nothing);
    const edits = [{name: 'relu', channels: [3], change: {kind: 'ablate'}}] as const;
    const run = await engine.capture('edited', {...noise(), edits}, nothing);
    const relu = run.hooks.findIndex(({name}) => name === 'relu');
    const [, , , ablated] = await engine.channels('edited', relu);
    expect(ablated!.activity).toBe(0);
  });

  test('a model that cannot be loaded leaves the one before', async () => {
    const models = [dense()];
    const engine = createEngine(() => {
      const next = models.pop();
      return next ? Promise.resolve(next) : Promise.reject(new Error('broken file'));
    });
    await engine.start('wasm', wasmFolder);
    await engine.loadModel(source, nothing);
    await engine.capture('main', noise(), nothing);
    await expect(engine.loadModel(source, nothing)).rejects.toThrow('broken file');
    expect(await engine.channels('main', 0)).toHaveLength(5);
  });

  test('does what it is asked for in turn', async () => {
    const engine = await engineWith(dense(), dense());
    const order: string[] = [];
    await Promise.all([
      engine.capture('main', noise(), nothing).then(() => order.push('first')),
      engine.capture('main', noise(4), nothing).then(() => order.push('second')),
      engine.channels('main', 0).then(() => order.push('channels')),
      engine.loadModel(source, nothing).then(() => order.push('load')),
    ]);
    expect(order).toEqual(['first', 'second', 'channels', 'load']);
  });

  test('hands a run over to another engine, which compares it', async () => {
    const engine = await engineWith(dense());
    const main = await engine.capture('main', noise(), nothing);
    const channels = await engine.channels('main', 0);
    const run = await engine.handOver('main');
    await expect(engine.channels('main', 0)).rejects.toThrow("no run 'main'");
    // What goes from worker to worker is cloned, its arrays moved.
    const arrays = run.values.flatMap(({pre, post}) => [pre.buffer, post.buffer] as ArrayBuffer[]);
    const arrived = structuredClone<CapturedRun>(run, {transfer: arrays});

    const other = await engineWith(dense());
    await other.capture('main', noise(), nothing);
    await other.takeOver('other', arrived);
    const {rows, unmatched} = await other.compare('main', 'other', 0);
    expect(rows.map(({largest}) => largest)).toEqual([0, 0]);
    expect(unmatched).toEqual([]);
    expect(await other.channels('other', 0)).toEqual(channels);
    expect(arrived.summary).toEqual(main);
  });

  test('tells how far it has come', async () => {
    const engine = await engineWith(dense());
    const told: Progress[] = [];
    await engine.capture('main', noise(), (progress) => told.push(progress));
    expect([...new Set(told.map(({stage}) => stage))]).toEqual([
      'Running the model',
      'Reading what was captured',
      'Describing what was captured',
    ]);
  });

  test('an image goes in, and an image comes out', async () => {
    const model = await loadEsrganSlim();
    const imageInput = {
      name: model.inputNames[0]!,
      height: null,
      width: null,
      channels: 3,
      isChannelsFirst: false,
      dtype: 'float32',
    } as const;
    const engine = await engineWith(loadedOf(model, {imageInput}));
    const rgba = Uint8ClampedArray.from({length: 4 * 12 * 10}, (_, at) =>
      at % 4 === 3 ? 255 : 40 + 3 * (at % 11),
    );
    const picture: Picture = {name: 'photo.png', width: 12, height: 10, rgba};
    const run = await engine.capture(
      'main',
      {
        input: {kind: 'image', picture, preparation: {range: '0 to 255', longestSide: 128}},
        edits: [],
      },
      nothing,
    );
    expect(run.input).toEqual({name: 'photo.png', shape: [1, 10, 12, 3]});
    const [output] = run.outputs as [(typeof run.outputs)[0]];
    expect(output.picture).toMatchObject({width: 24, height: 20});
    const x = tf.tensor(Float32Array.from(rgba.filter((_, at) => at % 4 !== 3)), [1, 10, 12, 3]);
    const plain = (model.predict(x) as tf.Tensor).dataSync();
    const expected = Uint8ClampedArray.from(plain);
    expect(output.picture!.rgba.filter((_, at) => at % 4 !== 3)).toEqual(expected);

    const maps = await engine.maps('main', {
      hook: 0,
      side: 'post',
      channels: [0, 1],
      scale: 'shared',
    });
    expect(maps).toMatchObject({width: 12, height: 10});
    expect(maps.rgba).toHaveLength(2 * 120 * 4);
    const file = await engine.save('main');
    expect(file.length).toBeGreaterThan(run.bytes);
    x.dispose();
  });
});
