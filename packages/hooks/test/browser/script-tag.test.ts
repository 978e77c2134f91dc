// The script-tag build beside TensorFlow.js's own, loaded by <script> tags in a real browser.
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import * as hooks from '@tfjs-capture/hooks';
import type {ScriptTagPage} from './pages/script-tag.js';
import {TINY_POINTS} from './pages/tiny-graph.js';
import {useChromium, usePage} from '../../../../test-support/browser/browser-in-tests.js';
import {bundlePage, pageWith} from './support/bundle-page.js';
import type {StaticFiles} from '../../../../test-support/browser/static-server.js';

const FOLDERS = {
  '/tfjs': join(dirname(require.resolve('@tensorflow/tfjs/package.json')), 'dist'),
  '/wasm': dirname(require.resolve('@tensorflow/tfjs-backend-wasm')),
  '/hooks': join(__dirname, '../../dist'),
};
const TF = ['/tfjs/tf.min.js', '/wasm/tf-backend-wasm.min.js'];
const OURS = '/hooks/tfjs-capture.min.js';

let script: string;
beforeAll(() => {
  script = bundlePage(join(__dirname, 'pages/script-tag.ts'));
});
const browser = useChromium();

const pageOf = (...scripts: string[]): StaticFiles => ({
  contents: {'/index.html': pageWith(...scripts, '/page.js'), '/page.js': script},
  folders: FOLDERS,
});

describe.each([
  {order: 'TensorFlow.js first', scripts: [...TF, OURS]},
  {order: 'TensorFlow.js last', scripts: [OURS, ...TF]},
])('$order', ({scripts}) => {
  const opened = usePage<ScriptTagPage>(browser, () => pageOf(...scripts));

  test('window.tfjsCapture has all that the package exports', async () => {
    expect(await opened().inPage.exported()).toEqual(Object.keys(hooks).sort());
  });

  test('a LayersModel of window.tf is captured', async () => {
    const {result, plain, ...found} = await opened().inPage.captureLayers();
    expect(found).toEqual({
      backend: 'wasm',
      names: ['hidden', 'encoder/inner'],
      activations: ['relu', 'swish'],
      tensorsOfThePage: true,
      // x·W + b by hand: [1 + 3, 2 - 4 + 1], of which relu leaves [4, 0].
      hidden: [4, -1],
      inner: [4, -4],
      tensorsLeft: 0,
    });
    expect(result).toEqual(plain);
    expect(result[0]).toBeCloseTo(4 / (1 + Math.exp(-4)), 5);
  });

  test('and so is a GraphModel, bound or not', async () => {
    const names = TINY_POINTS.map(([name]) => name);
    expect(await opened().inPage.captureGraph()).toEqual({found: names, bound: names});
  });
});

describe('without TensorFlow.js', () => {
  const opened = usePage<ScriptTagPage>(browser, () => pageOf(OURS));

  test('loading is fine, and capturing tells what is missing', async () => {
    expect(await opened().inPage.errorOfCapture()).toMatch(
      /^Error: tfjsCapture: TensorFlow\.js must be loaded .*, got no window\.tf\. Load tf\.min\.js/,
    );
  });
});

describe("the README's page", () => {
  const opened = usePage(browser, () => ({
    contents: {
      '/index.html': htmlBlockOf('README.md'),
      '/tf.min.js': readFileSync(join(FOLDERS['/tfjs'], 'tf.min.js'), 'utf8'),
      '/tfjs-capture.min.js': readFileSync(join(FOLDERS['/hooks'], 'tfjs-capture.min.js'), 'utf8'),
    },
    folders: {'': FOLDERS['/wasm']},
  }));

  test('shows what it captured', async () => {
    const shown = opened().page.locator('pre');
    await shown.filter({hasText: 'relu'}).waitFor();
    expect(await shown.innerText()).toMatch(/^name .*\nhidden +relu +_FusedMatMul +\[1, 8\] +32$/);
  });
});

/** The one page that a document shows. */
function htmlBlockOf(path: string): string {
  const blocks = [...readFileSync(path, 'utf8').matchAll(/^```html\n(.*?)^```$/gms)];
  expect(blocks).toHaveLength(1);
  return `<link rel="icon" href="data:," />${blocks[0]?.[1]}`;
}
