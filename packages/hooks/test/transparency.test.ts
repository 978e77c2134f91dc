import * as tf from '@tensorflow/tfjs-core';
import type {KernelConfig} from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import {withCapture} from '@tfjs-capture/hooks';
import {footprint} from './footprint.js';

const everything = {record: ['pre', 'post', 'output']} as const;

function convModel(): tfl.LayersModel {
  const inner = tfl.sequential({
    layers: [
      tfl.layers.conv2d({
        filters: 3,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [6, 6, 2],
      }),
      tfl.layers.reLU({maxValue: 1}),
    ],
  });
  return tfl.sequential({
    layers: [
      tfl.layers.conv2d({
        filters: 2,
        kernelSize: 3,
        padding: 'same',
        activation: 'elu',
        inputShape: [6, 6, 2],
      }),
      inner,
      tfl.layers.flatten(),
      tfl.layers.dense({units: 4, activation: 'gelu'}),
      tfl.layers.reshape({targetShape: [2, 2]}),
      tfl.layers.lstm({units: 3}),
      tfl.layers.dense({units: 2, activation: 'softmax'}),
    ],
  });
}

const model = convModel();
const x = tf.randomNormal([2, 6, 6, 2]);
(model.predict(x) as tf.Tensor).dispose();

/** Runs `fn` and expects everything to be as it was before: registry, classes, instances, memory. */
function expectNoTrace(fn: () => void): void {
  const before = footprint(model);
  fn();
  expect(footprint(model)).toEqual(before);
}

async function expectNoTraceAfter(fn: () => Promise<void>): Promise<void> {
  const before = footprint(model);
  await fn();
  expect(footprint(model)).toEqual(before);
}

describe('nothing is left', () => {
  test('the footprint notices what a capture does while it lasts', () => {
    const before = footprint(model);
    withCapture(() => {
      const during = footprint(model);
      expect(during.kernels).not.toEqual(before.kernels);
      expect(during.methods).not.toEqual(before.methods);
      expect(during.instances).toEqual(before.instances);
    }).dispose();
  });

  test('after a capture and its disposal', () => {
    expectNoTrace(() => {
      const capture = withCapture(() => model.predict(x) as tf.Tensor, everything);
      expect(capture.records.length).toBeGreaterThan(10);
      capture.result.dispose();
      capture.dispose();
      capture.dispose();
    });
  });

  test('after the block of `using`', () => {
    expectNoTrace(() => {
      using capture = withCapture(() => model.predict(x) as tf.Tensor);
      capture.result.dispose();
    });
  });

  test('after fn throws, and the same error goes on', () => {
    expectNoTrace(() => {
      const error = new Error('mine');
      const run = () =>
        withCapture(() => {
          tf.dispose(model.predict(x));
          throw error;
        }, everything);
      expect(run).toThrow(error);
    });
  });

  test('after a layer throws in the middle of a nested model', () => {
    expectNoTrace(() => {
      const wrong = tf.zeros([2, 5, 5, 2]);
      expect(() => withCapture(() => model.predict(wrong))).toThrow(/expected/i);
      wrong.dispose();
    });
    using capture = withCapture(() => model.predict(x) as tf.Tensor);
    expect(capture.names()[0]).not.toContain('/');
    capture.result.dispose();
  });

  test('after a rejection, and the same error goes on', async () => {
    await expectNoTraceAfter(async () => {
      const error = new Error('mine');
      const running = withCapture(async () => {
        tf.dispose(model.predict(x));
        await Promise.resolve();
        tf.dispose(model.predict(x));
        throw error;
      }, everything);
      await expect(running).rejects.toBe(error);
    });
  });

  test('after an early return', () => {
    expectNoTrace(() => {
      const capture = withCapture((): number | tf.Tensor => {
        if (x.rank === 4) return 1;
        return model.predict(x) as tf.Tensor;
      });
      expect(capture.result).toBe(1);
      capture.dispose();
    });
  });

  test('after nested scopes, of which the inner one throws', () => {
    expectNoTrace(() => {
      const outer = withCapture(() => {
        expect(() =>
          withCapture(() => {
            tf.dispose(model.predict(x));
            throw new Error('inner');
          }),
        ).toThrow('inner');
        tf.dispose(model.predict(x));
      });
      expect(new Set(outer.records.map(({pass}) => pass))).toEqual(new Set([0, 1]));
      outer.dispose();
    });
  });

  test('after evaluate and training, but for what training itself leaves', async () => {
    const trained = tfl.sequential({
      layers: [tfl.layers.dense({units: 2, activation: 'relu', inputShape: [3]})],
    });
    trained.compile({optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError'});
    const [inputs, targets] = [tf.ones([4, 3]), tf.ones([4, 2])];
    tf.dispose(trained.evaluate(inputs, targets));
    await trained.fit(inputs, targets);
    // tfjs itself makes these two anew each time.
    const fields = (model: tfl.LayersModel) => Object.keys(model);
    const before = {...footprint(trained), instances: fields(trained)};
    const evaluated = withCapture(() => trained.evaluate(inputs, targets) as tf.Scalar);
    evaluated.result.dispose();
    evaluated.dispose();
    (await withCapture(() => trained.fit(inputs, targets))).dispose();
    expect({...footprint(trained), instances: fields(trained)}).toEqual(before);
    // Nor is the test function that evaluate leaves on the model ours.
    const step = (trained as unknown as {model: {testFunction: () => unknown}}).model.testFunction;
    expect(String(step)).toContain('valOutputs');
  });

  test('a thousand scopes leak nothing', () => {
    const small = tfl.sequential({
      layers: [tfl.layers.dense({units: 2, activation: 'relu', inputShape: [2]})],
    });
    const input = tf.ones([1, 2]);
    expectNoTrace(() => {
      for (let i = 0; i < 1000; i++) {
        using capture = withCapture(() => small.predict(input) as tf.Tensor, everything);
        capture.result.dispose();
      }
    });
    input.dispose();
    small.dispose();
  });
});

describe("other people's wrappers", () => {
  const relu = () => tf.getKernel('Relu', tf.getBackend());
  const put = (kernel: KernelConfig) => {
    tf.unregisterKernel(kernel.kernelName, kernel.backendName);
    tf.registerKernel(kernel);
  };

  test('installed during a scope survive it, with nothing of ours active under them', () => {
    const original = relu();
    let calls = 0;
    const input = tf.tensor1d([-1, 1]);
    const capture = withCapture(() => {
      const under = relu();
      put({...under, kernelFunc: (params) => (calls++, under.kernelFunc(params))});
      return tf.relu(input);
    });
    const theirs = relu();
    expect(theirs).not.toBe(original);
    tf.relu(input);
    expect(calls).toBe(2);
    expect(capture.records).toHaveLength(1);
    // A scope around their wrapper records once, though an old wrapper of ours lies under it.
    expect(withCapture(() => tf.relu(input)).records).toHaveLength(1);
    expect(relu()).toBe(theirs);
    put(original);
  });

  test('installed before a scope are called by it', () => {
    const original = relu();
    let calls = 0;
    put({...original, kernelFunc: (params) => (calls++, original.kernelFunc(params))});
    const theirs = relu();
    expect(withCapture(() => tf.relu(tf.tensor1d([-1, 1]))).records).toHaveLength(1);
    expect([calls, relu()]).toEqual([1, theirs]);
    put(original);
  });

  test('a method that somebody replaced during a scope stays theirs', () => {
    const prototype = Object.getPrototypeOf(tfl.layers.flatten()) as {call: () => unknown};
    const original = prototype.call;
    const theirs = () => undefined;
    withCapture(() => {
      prototype.call = theirs;
    });
    expect(prototype.call).toBe(theirs);
    prototype.call = original;
  });

  test('kernels that were copied during a scope go inert', () => {
    const backend = tf.getBackend();
    const registered = withCapture(() => {
      tf.copyRegisteredKernels(backend, 'copy');
      return tf.getKernel('Relu', 'copy');
    }).result;
    const input = tf.tensor1d([-1, 1]);
    const capture = withCapture(() =>
      registered.kernelFunc({inputs: {x: input}, attrs: {}, backend: tf.backend()}),
    );
    expect(capture.records.length).toBeLessThanOrEqual(1);
    for (const {kernelName} of tf.getKernelsForBackend('copy'))
      tf.unregisterKernel(kernelName, 'copy');
  });
});

describe('memory', () => {
  test('is the same inside a scope as without one', () => {
    const inside = () =>
      tf.tidy(() => {
        const y = model.predict(x) as tf.Tensor;
        const {numTensors, numDataBuffers, numBytes} = tf.memory();
        return [numTensors, numDataBuffers, numBytes, tf.backend().numDataIds(), y.rank];
      });
    const plain = inside();
    expect(withCapture(inside, everything).result).toEqual(plain);
  });

  test('holds what it says, and nothing else', () => {
    const y = model.predict(x) as tf.Tensor;
    const before = {...tf.memory(), dataIds: tf.backend().numDataIds()};
    const capture = withCapture(() => model.predict(x) as tf.Tensor);
    const sizes = capture.records.map(({pre}) => (pre?.size ?? 0) * 4);
    expect(capture.memory()).toEqual({
      tensors: capture.records.length,
      bytes: sizes.reduce((sum, size) => sum + size, 0),
    });
    const {numTensors, numBytes} = tf.memory();
    expect(numTensors - before.numTensors).toBe(capture.memory().tensors + 1);
    expect(numBytes - before.numBytes).toBe(capture.memory().bytes + capture.result.size * 4);
    expect(tf.backend().numDataIds() - before.dataIds).toBe(capture.memory().tensors + 1);
    tf.dispose([y, capture.result]);
    capture.dispose();
  });

  test('a capture shares memory with the tensors of the model', () => {
    const input = tf.tensor1d([-1, 1]);
    const capture = withCapture(() => tf.relu(input), {record: ['pre', 'post']});
    expect(capture.pre('').dataId).toBe(input.dataId);
    expect(capture.post('').dataId).toBe(capture.result.dataId);
    capture.dispose();
    expect(input.dataSync()).toEqual(new Float32Array([-1, 1]));
    expect(capture.result.dataSync()).toEqual(new Float32Array([0, 1]));
  });

  test('captures inside a tidy end with it, unless kept or returned', () => {
    const before = tf.memory().numTensors;
    const inside: tf.Tensor[] = [];
    tf.tidy(() => {
      const capture = withCapture(() => model.predict(x) as tf.Tensor);
      inside.push(...capture.records.flatMap(({pre}) => pre ?? []));
      tf.keep(inside[1] as tf.Tensor);
    });
    expect(inside.map(({isDisposed}) => isDisposed)).toEqual(inside.map((_, i) => i !== 1));
    inside[1]?.dispose();
    // tf.tidy finds the tensors in what is returned from it, a capture's too.
    type Container = Parameters<typeof tf.dispose>[0];
    const capturing = () => withCapture(() => model.predict(x) as tf.Tensor);
    const returned = tf.tidy(capturing as unknown as () => Container) as unknown as ReturnType<
      typeof capturing
    >;
    expect(returned.records.every(({pre}) => pre?.isDisposed === false)).toBe(true);
    expect(returned.result.isDisposed).toBe(false);
    returned.result.dispose();
    returned.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('joined passes live where their parts live', () => {
    const before = tf.memory().numTensors;
    const dense = tfl.sequential({
      layers: [tfl.layers.dense({name: 'd', units: 2, activation: 'relu', inputShape: [2]})],
    });
    const weights = tf.memory().numTensors - before;
    const rows = tf.ones([70, 2]);
    tf.tidy(() => {
      const capture = withCapture(() => dense.predict(rows));
      const joined = tf.tidy(() => capture.pre('d'));
      expect(joined.isDisposed).toBe(false);
      expect(capture.pre('d')).toBe(joined);
    });
    expect(tf.memory().numTensors).toBe(before + weights + 1);
    const capture = withCapture(() => dense.predict(rows) as tf.Tensor);
    const joined = tf.tidy(() => capture.pre('d'));
    expect(joined.shape).toEqual([70, 2]);
    capture.result.dispose();
    capture.dispose();
    expect(joined.isDisposed).toBe(true);
    rows.dispose();
    dense.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('the WASM heap does not grow over a hundred captures of the same model', () => {
    const run = () => {
      const captured = withCapture(() => model.predict(x) as tf.Tensor, everything);
      captured.result.dispose();
      captured.dispose();
    };
    for (let i = 0; i < 5; i++) run();
    const heap = heapBytes();
    for (let i = 0; i < 100; i++) run();
    expect(heapBytes()).toBe(heap);
  });

  test('a model that is disposed of in the scope leaves its captures alone', () => {
    const gone = tfl.sequential({
      layers: [tfl.layers.dense({name: 'd', units: 2, activation: 'relu', inputShape: [2]})],
    });
    const input = tf.ones([1, 2]);
    const plain = (gone.predict(input) as tf.Tensor).dataSync();
    const capture = withCapture(
      () => {
        const y = gone.predict(input) as tf.Tensor;
        gone.dispose();
        return y;
      },
      {record: ['pre', 'post']},
    );
    expect(capture.post('d').dataSync()).toEqual(plain);
    expect(capture.pre('d').shape).toEqual([1, 2]);
    capture.result.dispose();
    capture.dispose();
    input.dispose();
  });
});

describe("tfjs's own instruments", () => {
  test('tf.profile sees the kernels that it sees without capture', async () => {
    const profiled = async () => {
      const {kernels, newBytes, newTensors, peakBytes, result} = await tf.profile(() =>
        model.predict(x),
      );
      tf.dispose(result);
      const seen = kernels.map(({name, bytesAdded, tensorsAdded, inputShapes, outputShapes}) => {
        return {name, bytesAdded, tensorsAdded, inputShapes, outputShapes};
      });
      return {seen, newBytes, newTensors, peakBytes};
    };
    const plain = await profiled();
    const capture = await withCapture(profiled, everything);
    expect(capture.records.length).toBeGreaterThan(10);
    expect(capture.result).toEqual(plain);
    capture.dispose();
  });

  test('debug mode and the leak check of IS_TEST work in a scope', async () => {
    const flags = {DEBUG: tf.env().getBool('DEBUG'), IS_TEST: tf.env().getBool('IS_TEST')};
    const log = jest.spyOn(console, 'log').mockImplementation();
    const warn = jest.spyOn(console, 'warn').mockImplementation();
    try {
      tf.env().set('DEBUG', true);
      tf.env().set('IS_TEST', true);
      const capture = withCapture(() => model.predict(x) as tf.Tensor, everything);
      expect(capture.records.length).toBeGreaterThan(10);
      tf.dispose(capture.result);
      capture.dispose();
      // The profiler logs a kernel only when its time is known.
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(log.mock.calls.flat().join()).toContain('FusedConv2D');
    } finally {
      tf.env().set('DEBUG', flags.DEBUG);
      tf.env().set('IS_TEST', flags.IS_TEST);
      log.mockRestore();
      warn.mockRestore();
    }
  });
});

describe('backends', () => {
  const other = () => (tf.getBackend() === 'wasm' ? 'cpu' : 'wasm');

  test('two in one scope', async () => {
    const first = tf.getBackend();
    const before = tf.memory().numTensors;
    const input = tf.tensor1d([-2, 3]);
    const capture = await withCapture(
      async () => {
        const here = tf.sigmoid(input);
        await tf.setBackend(other());
        // Moves `here` to the other backend while the capture holds it.
        const there = tf.relu(here);
        const values = there.dataSync();
        tf.dispose([here, there]);
        await tf.setBackend(first);
        return values;
      },
      {record: ['pre', 'post']},
    );
    expect(capture.records.map(({activation}) => activation)).toEqual(['sigmoid', 'relu']);
    expect(capture.pre('', {call: 0}).dataSync()).toEqual(input.dataSync());
    expect(capture.post('', {call: 0}).dataSync()).toEqual(capture.result);
    expect(capture.pre('', {call: 1}).dataSync()).toEqual(capture.result);
    expect(capture.post('', {call: 1}).dataSync()).toEqual(capture.result);
    capture.dispose();
    input.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(tf.engine().findBackend(other()).numDataIds()).toBe(0);
  });

  test('one that becomes ready inside the scope, kernels and all', async () => {
    const first = tf.getBackend();
    const capture = await withCapture(async () => {
      tf.registerBackend('late', quietCpuBackend);
      for (const kernel of tf.getKernelsForBackend('cpu')) {
        const {kernelName, setupFunc, disposeFunc} = kernel;
        const original = originalOf(kernel);
        tf.registerKernel({
          kernelName,
          backendName: 'late',
          kernelFunc: original.kernelFunc,
          ...(setupFunc && {setupFunc}),
          ...(disposeFunc && {disposeFunc}),
        });
      }
      await tf.setBackend('late');
      const y = tf.relu(tf.tensor1d([-1, 1]));
      const values = y.dataSync();
      return values;
    });
    expect(capture.records).toHaveLength(1);
    expect(capture.pre('').dataSync()).toEqual(new Float32Array([-1, 1]));
    capture.dispose();
    await tf.setBackend(first);
    tf.removeBackend('late');
    for (const {kernelName} of tf.getKernelsForBackend('late'))
      tf.unregisterKernel(kernelName, 'late');
  });

  test('one that is removed inside the scope takes its data along, and nothing else', async () => {
    const first = tf.getBackend();
    const before = tf.memory().numTensors;
    tf.registerBackend('short', quietCpuBackend);
    tf.copyRegisteredKernels('cpu', 'short');
    const capture = await withCapture(async () => {
      await tf.setBackend('short');
      tf.dispose(tf.tidy(() => tf.relu(tf.tensor1d([-1, 1]))));
      await tf.setBackend(first);
      tf.removeBackend('short');
      return tf.tidy(() => tf.relu(tf.tensor1d([-3, 1])).dataSync());
    });
    expect(capture.records.map(({pre}) => pre?.dataSync()[0])).toEqual([-3]);
    capture.dispose();
    expect(tf.memory().numTensors).toBe(before);
    for (const {kernelName} of tf.getKernelsForBackend('short'))
      tf.unregisterKernel(kernelName, 'short');
  });
});

/** A CPU backend that does not advertise tfjs-node. */
function quietCpuBackend(): tf.KernelBackend {
  const backend = tf.findBackendFactory('cpu')() as tf.KernelBackend;
  return Object.assign(backend, {firstUse: false});
}

/** A kernel as its backend registered it, though a scope is open. */
function originalOf(kernel: KernelConfig): KernelConfig {
  const wrapping = (kernel as unknown as Record<symbol, {original: KernelConfig} | undefined>)[
    Symbol.for('@tfjs-capture/kernel-wrapper')
  ];
  return wrapping?.original ?? kernel;
}

function heapBytes(): number {
  const {wasm} = tf.backend() as unknown as {wasm?: {HEAPU8: Uint8Array}};
  return wasm?.HEAPU8.byteLength ?? 0;
}
