/** The layers suite's essentials in a real browser, on one backend. */
import {dirname, join} from 'node:path';
import type {Browser} from 'playwright-core';
import type {LayersPage} from './pages/layers.js';
import {usePage} from '../../../../test-support/browser/browser-in-tests.js';
import {bundlePage, pageWith} from './support/bundle-page.js';
import {expectClose, expectNear, expectSame} from './support/compare-values.js';
import {
  countsBetween,
  expectedChannelStats,
  expectedFirstNonFinite,
  expectedStats,
  expectedTopK,
  pick,
} from '../reducers/float64-reference.js';

const WASM_FOLDER = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'));

export interface Configuration {
  readonly backend: 'wasm' | 'webgl' | 'webgpu';
  /** Whether pages are cross-origin isolated, and so may have threads. */
  readonly isolated: boolean;
}

/** Declares the tests. Those that compute on a GPU take seconds, most of it to compile shaders. */
export function testLayers(browser: () => Browser, {backend, isolated}: Configuration): void {
  const isGpu = backend !== 'wasm';
  const opened = usePage<LayersPage>(browser, () => ({
    contents: {
      '/index.html': pageWith('/page.js'),
      '/page.js': bundlePage(join(__dirname, 'pages/layers.ts')),
    },
    folders: {'/tfjs-backend-wasm': WASM_FOLDER},
    isolated,
  }));

  test('the backend is the one that was asked for', async () => {
    const started = await opened().inPage.startBackend(backend);
    expect(started).toEqual({backend, isolated, threads: isolated});
    const binaries = opened().requests.filter((path) => path.endsWith('.wasm'));
    const simd = isolated ? 'threaded-simd' : 'simd';
    expect(binaries).toEqual(isGpu ? [] : [`/tfjs-backend-wasm/tfjs-backend-wasm-${simd}.wasm`]);
    if (!isGpu) expect(opened().page.workers().length > 0).toBe(isolated);
  });

  test('relu and relu6: names, and every value bit for bit', async () => {
    const {names, passes, result, plain, points} = await opened().inPage.captureNet('relus');
    expect(names).toEqual(['stem', 'cap', 'encoder/inner', 'hidden']);
    expect(points.map(({activation}) => activation)).toEqual(['relu', 'relu', 'relu', 'relu']);
    expect(passes).toBe(3);
    expectSame(result, plain);
    for (const {pre, post, activated, linear, subModel} of points) {
      expect(pre.shape[0]).toBe(5);
      expect(Math.min(...pre.values)).toBeLessThan(0);
      expectSame(activated, post);
      expectSame(subModel, post);
      expectSame(linear, pre);
    }
    const cap = points[1]!;
    expect(Math.max(...cap.pre.values)).toBeGreaterThan(6);
    expect(Math.max(...cap.post.values)).toBe(6);
  });

  test('elu, swish and softmax', async () => {
    const {names, result, plain, points} = await opened().inPage.captureNet('transcendental');
    expect(names).toEqual(['bent', 'gated', 'odds']);
    expect(points.map(({activation}) => activation)).toEqual(['elu', 'swish', 'softmax']);
    expectSame(result, plain);
    for (const {pre, post, activated, linear, subModel} of points) {
      expect(pre.values).not.toEqual(post.values);
      expectSame(activated, post);
      expectSame(subModel, post);
      // What is not fused adds its bias by another kernel than a linear layer does.
      expectClose(linear, pre);
    }
  });

  test('an LSTM: its gates at each time step', async () => {
    const {names, result, plain, addresses, gate} = await opened().inPage.captureLstm();
    expect(names).toEqual(['lstm/lstm']);
    const step = (call: number) => [
      `hardSigmoid ${call} 0`,
      `hardSigmoid ${call} 1`,
      `tanh ${call} 2`,
      `hardSigmoid ${call} 3`,
      `tanh ${call} 4`,
    ];
    expect(addresses).toEqual([0, 1, 2].flatMap(step));
    expect(gate.shape).toEqual([2, 2]);
    expectSame(result, plain);
  });

  test('after dispose nothing is left: no tensor, no kernel', async () => {
    const {before, during, after, changedKernels} = await opened().inPage.captureAndDispose();
    expect(during.tensors - before.tensors).toBe(2 * 4 * 3);
    expect(changedKernels.during).toBeGreaterThan(0);
    expect(changedKernels.after).toBe(0);
    expect(after).toEqual(before);
  });

  test('an error thrown inside leaves nothing', async () => {
    const {sameError, before, after, changedKernels, names} = await opened().inPage.throwInside();
    expect(sameError).toBe(true);
    expect(after).toEqual(before);
    expect(changedKernels).toBe(0);
    expect(names).toHaveLength(4);
  });

  test('tensors stay on the device until they are asked for', async () => {
    const {predicting, capturing, looking} = await opened().inPage.countDownloads();
    expect(capturing).toBe(predicting);
    if (isGpu) expect(capturing).toBe(0);
    expect(looking).toBeGreaterThan(0);
  });

  test('edits and gradients', async () => {
    const found = await opened().inPage.editAndDifferentiate();
    expect(found.refusal).toMatch(
      /withCapture: options are .*, got 'edit'. Check it, or call enableOptions\(\)/,
    );
    expectSame(found.identity, found.plain);
    expect(found.edited.values).not.toEqual(found.plain.values);
    expectClose(found.edited, found.editedByHand);
    expectClose(found.gradient, found.gradientByHand);
    expect(found.gradient.shape).toEqual([5, 6]);
    expect(found.after).toEqual(found.before);
  });

  test('reducers equal a float64 reference, and read once', async () => {
    if (backend === 'webgpu') {
      await expect(opened().inPage.reduceOnDevice()).rejects.toThrow(/got webgpu, which reads/);
      return;
    }
    const {points, observed, reads, before, after} = await opened().inPage.reduceOnDevice();
    if (isGpu) expect(reads).toBe(1);
    expect(after).toEqual(before);
    for (const point of points) {
      const scopes = pick([observed], point.name, 0);
      const axis = observed.find(({name}) => name === point.name)!.shape.length - 1;
      expectNear(point.stats, expectedStats(scopes));
      expectNear(point.channelStats, expectedChannelStats(scopes, axis));
      expect(point.histogram).toEqual(countsBetween(scopes, point.histogram.edges));
      expect(point.inRange).toEqual(countsBetween(scopes, point.inRange.edges));
      expect(point.firstNonFinite).toEqual(expectedFirstNonFinite(scopes));
      expect(point.topK).toEqual(expectedTopK(scopes, axis, 2));
    }
    // One image holds NaN, one Infinity: the reference must have met both.
    expect(points[0]!.stats.nan).toBeGreaterThan(0);
    expect(points[0]!.stats.nan + points[0]!.stats.infinite).toBeGreaterThan(points[0]!.stats.nan);
  });

  test('a second asynchronous scope that would overlap the first is refused', async () => {
    const found = await opened().inPage.overlapScopes();
    expect(found.message).toMatch(/withCapture: .*, got a second one .*\. Await the first one/);
    expect(found.refused).toBe(true);
    expect(found.first).toEqual(['stem', 'cap', 'encoder/inner', 'hidden']);
    expect(found.next).toEqual(found.first);
    expect(found.after).toEqual(found.before);
    expect(found.changedKernels).toBe(0);
  });
}
