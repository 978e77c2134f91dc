/** A GraphModel in memory and a pretrained one in a real browser, on one backend. */
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Browser} from 'playwright-core';
import {ACTIVATION_OF_OP, fusedActivationOf} from '../graph-models/graph-artifacts.js';
import type {GraphArtifacts} from '../graph-models/graph-artifacts.js';
import type {Configuration} from './layers-essentials.js';
import type {GraphModelsPage} from './pages/graph-models.js';
import {TINY_POINTS} from './pages/tiny-graph.js';
import {usePage} from '../../../../test-support/browser/browser-in-tests.js';
import {bundlePage, pageWith} from './support/bundle-page.js';

const MODELS = join(dirname(require.resolve('@vladmandic/human')), '../models');

/** What each backend runs in a few seconds: SwiftShader takes half a minute for any of them on WebGPU. */
const PRETRAINED: Partial<Record<Configuration['backend'], {name: string; shape: number[]}>> = {
  wasm: {name: 'blazeface', shape: [1, 256, 256, 3]},
  webgl: {name: 'liveness', shape: [1, 32, 32, 3]},
};

/** Declares the tests. */
export function testGraphModels(browser: () => Browser, {backend, isolated}: Configuration): void {
  const opened = usePage<GraphModelsPage>(browser, () => ({
    contents: {
      '/index.html': pageWith('/page.js'),
      '/page.js': bundlePage(join(__dirname, 'pages/graph-models.ts')),
    },
    folders: {
      '/tfjs-backend-wasm': dirname(require.resolve('@tensorflow/tfjs-backend-wasm')),
      '/models': MODELS,
    },
    isolated,
  }));
  beforeAll(async () => {
    expect(await opened().inPage.startBackend(backend)).toMatchObject({backend, isolated});
  });

  test('a bundle does not know GraphModels by itself, and says so once', async () => {
    const {names, message} = await opened().inPage.captureUnbound();
    expect(names).toEqual([[''], ['']]);
    expect(message).toMatch(/withCapture: .* in browsers call bindTo/);
    // That it complains is what is wanted here.
    expect(opened().complaints.splice(0)).toEqual([
      expect.stringMatching(/^console\.warning: withCapture: hook points have no names, .* bindTo/),
    ]);
  });

  test('bindTo makes them known', async () => {
    const found = await opened().inPage.captureTiny();
    expect(found.points.map(({name, activation}) => [name, activation])).toEqual(TINY_POINTS);
    expect(found.points.map(({error}) => error)).toEqual([0, 0, 0, 0]);
    for (const {smallestPre} of found.points) expect(smallestPre).toBeLessThan(0);
    expect([found.differing, found.values]).toEqual([0, 2 * 6 * 6 * 2]);
    expect(found.after).toEqual(found.before);
    expect(found.changedKernels).toBe(0);
  });

  const pretrained = PRETRAINED[backend];
  if (pretrained === undefined) return;
  const {name, shape} = pretrained;
  test(`${name}, pretrained: each activation under the name of its node`, async () => {
    const found = await opened().inPage.capturePretrained(`/models/${name}.json`, shape);
    const byName = Object.fromEntries(found.points.map((point) => [point.name, point.activation]));
    expect(byName).toEqual(activationsOf(name));
    for (const {activation, error, smallestPre} of found.points) {
      expect(error).toBe(0);
      if (activation === 'relu') expect(smallestPre).toBeLessThan(0);
    }
    expect(found.differing).toBe(0);
    expect(found.values).toBeGreaterThan(0);
    expect(found.after).toEqual(found.before);
  });
}

/** The nodes that are an activation or end in one, with its name. */
function activationsOf(name: string): Record<string, string> {
  const {modelTopology} = JSON.parse(
    readFileSync(join(MODELS, `${name}.json`), 'utf8'),
  ) as GraphArtifacts;
  return Object.fromEntries(
    modelTopology.node.flatMap((node) => {
      const activation = ACTIVATION_OF_OP[fusedActivationOf(node) ?? node.op];
      return activation === undefined ? [] : [[node.name, activation]];
    }),
  );
}
