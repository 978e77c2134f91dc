// An app that imports hooks, built by Vite for production, in a real browser.
import {execFileSync} from 'node:child_process';
import {dirname, join, resolve} from 'node:path';
import {TINY_POINTS} from './pages/tiny-graph.js';
import type {Shown} from './vite-app/main.js';
import {useChromium, usePage} from '../../../../test-support/browser/browser-in-tests.js';

const FOLDER = resolve('out/vite-app');
const built = execFileSync(process.execPath, [join(__dirname, 'vite-app/build.mjs'), FOLDER], {
  encoding: 'utf8',
});

const browser = useChromium();
const opened = usePage(browser, () => ({
  folders: {
    '/tfjs-backend-wasm': dirname(require.resolve('@tensorflow/tfjs-backend-wasm')),
    '': FOLDER,
  },
}));

test('Vite builds it without a warning', () => {
  expect(JSON.parse(built)).toEqual([]);
});

test('it captures, minified', async () => {
  const captured = opened().page.locator('#captured');
  await captured.filter({hasText: 'names'}).waitFor({state: 'attached'});
  const {names, nodes, activations, hidden, gate, plain, result} = JSON.parse(
    await captured.innerText(),
  ) as Shown;
  expect(names).toEqual(['hidden', 'gate']);
  expect(nodes).toEqual(TINY_POINTS.map(([name]) => name));
  expect(activations).toEqual(['relu', 'swish']);
  // x·W + b by hand: [1 + 3, 2 - 4 + 1], of which relu leaves [4, 0].
  expect(hidden).toEqual([4, -1]);
  expect(gate).toEqual([4, -4]);
  expect(result).toEqual(plain);
  expect(result[0]).toBeCloseTo(4 / (1 + Math.exp(-4)), 5);
});
