// A model in which a channel is dead, one saturated and one not a number: the page says so, and of no other.
import {join} from 'node:path';
import {tensor1d, zeros} from '@tensorflow/tfjs-core';
import {input, layers, model as modelOf} from '@tensorflow/tfjs-layers';
import {startWasmBackend} from '../../../src/wasm-backend.js';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {saveModel} from '../../saved-model.js';
import {temporaryFolder} from '../../temporary-folder.js';
import {dropFiles} from './support/drop-files.js';
import {
  captured,
  openLayer,
  expectOutlined,
  outlined,
  useInspector,
} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {goodFolder} from './support/model-files.js';

const browser = useChromium();
const open = useInspector(browser, useServer());
const folder = temporaryFolder();
beforeAll(startWasmBackend);

/** A convolution of 1 × 1 that gives each channel its bias everywhere. */
function constant(name: string, activation: 'relu' | 'sigmoid' | 'tanh', biases: number[]) {
  const kernel = zeros([1, 1, 3, biases.length]);
  const weights = [kernel, tensor1d(biases)];
  return layers.conv2d({name, activation, filters: biases.length, kernelSize: 1, weights});
}

test('flags in the outline and the tiles', async () => {
  const x = input({shape: [8, 8, 3]});
  const planted = [
    constant('healthy', 'tanh', [0.5, -0.5, 0.25]),
    constant('dying', 'relu', [1, -1, 2]),
    constant('saturating', 'sigmoid', [0, 0.5, 100]),
    constant('breaking', 'tanh', [NaN, 0, 0.1]),
  ];
  const broken = modelOf({inputs: x, outputs: planted.map((layer) => layer.apply(x))} as Parameters<
    typeof modelOf
  >[0]);
  await saveModel(broken, join(folder, 'planted'));
  broken.dispose();

  const {page} = await open();
  await dropFiles(page, [join(folder, 'planted'), join(goodFolder, 'image.png')]);
  await captured(page);
  const flagsOf = (name: string) =>
    page.locator(`[data-hook="${name}"] [data-flag]`).allInnerTexts();
  expect(await flagsOf('healthy')).toEqual([]);
  expect(await flagsOf('dying')).toEqual(['1 dead']);
  expect(await flagsOf('saturating')).toEqual(['1 saturated']);
  expect(await flagsOf('breaking')).toEqual(['1 non-finite']);

  for (const [layer, names] of [
    ['healthy', [/^channel 0 before[^,]*, [^,]*$/, /^channel 1 before[^,]*, [^,]*$/]],
    ['dying', [/^channel 1 after.*, dead$/, /^channel 0 after[^,]*, [^,]*$/]],
    ['saturating', [/^channel 2 before.*, saturated$/, /^channel 1 before[^,]*, [^,]*$/]],
    // 64 values before, and as many after.
    ['breaking', [/^channel 0 before.*, 128 non-finite$/, /^channel 2 before[^,]*, [^,]*$/]],
  ] as const) {
    await openLayer(page, layer);
    for (const name of names) await page.getByRole('button', {name}).waitFor();
  }

  await page.getByLabel('Flagged only').check();
  await expectOutlined(page, ['dying', 'saturating', 'breaking']);
  await page.getByLabel('Flagged only').uncheck();
  expect(await outlined(page)).toHaveLength(4);
});
