/** A GraphModel in memory and a pretrained one in a real browser, on one backend. */
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Browser} from 'playwright-core';
import {fusedActivationOf} from '../graph-models/graph-artifacts.js';
import type {GraphArtifacts} from '../graph-models/graph-artifacts.js';
import type {Configuration} from './layers-essentials.js';
import type {GraphModelsPage} from './pages/graph-models.js';
import {TINY_POINTS} from './pages/tiny-graph.js';
import {usePage} from './support/browser-in-tests.js';
import {bundlePage, pageWith} from './support/bundle-page.js';

const MODELS = join(dirname(require.resolve('@vladmandic/human')), '../models');

/** Declares the tests. */
export function testGraphModels(browser: () => Browser, {backend, isolated}: Configuration): void {
  const opened = usePage<GraphModelsPage>(browser, async () => ({
    contents: {
      '/index.html': pageWith('/page.js'),
      '/page.js': await bundlePage(join(__dirname, 'pages/graph-models.ts')),
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

  test.each(['model', 'bindTo'] as const)('a GraphModel, known by %s', async (binding) => {
    const found = await opened().inPage.captureTiny(binding);
    expect(found.points.map(({name, activation}) => [name, activation])).toEqual(TINY_POINTS);
    expect(found.points.map(({error}) => error)).toEqual([0, 0, 0, 0]);
    for (const {smallestPre} of found.points) expect(smallestPre).toBeLessThan(0);
    expect([found.differing, found.values]).toEqual([0, 2 * 6 * 6 * 2]);
    expect(found.after).toEqual(found.before);
    expect(found.changedKernels).toBe(0);
  });

  test('blazeface, pretrained: each ReLU under the name of its node', async () => {
    const shape = [1, 256, 256, 3];
    const found = await opened().inPage.capturePretrained('/models/blazeface.json', shape, 'model');
    expect(found.points.map(({name}) => name).sort()).toEqual(reluNodesOf('blazeface').sort());
    for (const {activation, error, smallestPre} of found.points) {
      expect({activation, error}).toEqual({activation: 'relu', error: 0});
      expect(smallestPre).toBeLessThan(0);
    }
    expect(found.differing).toBe(0);
    expect(found.values).toBeGreaterThan(1000);
    expect(found.after).toEqual(found.before);
  });
}

/** The names of the nodes that are a ReLU or end in one. */
function reluNodesOf(name: string): string[] {
  const {modelTopology} = JSON.parse(
    readFileSync(join(MODELS, `${name}.json`), 'utf8'),
  ) as GraphArtifacts;
  return modelTopology.node
    .filter((node) => node.op === 'Relu' || fusedActivationOf(node) === 'Relu')
    .map((node) => node.name);
}
