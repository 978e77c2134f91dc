// Two inputs, or two backends, layer by layer.
import {join} from 'node:path';
import {startWasmBackend} from '../../../src/wasm-backend.js';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {builtInspector} from '../../../../../test-support/browser/prerequisites.js';
import {captured, openView, settled, useInspector} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {goodFolder} from './support/model-files.js';
import {referenceRun} from './support/reference-run.js';
import type {ReferencePoint} from './support/reference-run.js';

const browser = useChromium();
const open = useInspector(browser, useServer());
beforeAll(startWasmBackend);

const example = {id: 'esrgan-slim', preparation: {range: '0 to 255', longestSide: 128}} as const;
const OTHER_IMAGE = join(builtInspector, 'examples/mobilenet-v2/image.png');

async function comparing() {
  const {page} = await open({query: '?example=esrgan-slim'});
  await captured(page);
  await openView(page, 'Compare');
  const choose = page.locator('input[type=file][aria-label="Choose"]');
  const verdict = page.locator('.verdict');
  return {page, choose, verdict};
}

/** The largest difference divided by the largest magnitude, and its place. */
function difference(a: ReferencePoint, b: ReferencePoint) {
  const magnitude = a.pre.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = a.pre.map((value, i) => Math.abs(value - b.pre[i]!));
  const largest = apart.reduce((most, value) => Math.max(most, value), 0);
  const place = apart.indexOf(largest);
  const [, height, width, channels] = a.shape as [number, number, number, number];
  const position = [
    Math.floor(place / (height * width * channels)),
    Math.floor(place / (width * channels)) % height,
    Math.floor(place / channels) % width,
    place % channels,
  ];
  return {relative: largest / magnitude, position};
}

test('an image with itself differs in no bit', async () => {
  const {choose, verdict} = await comparing();
  await choose.setInputFiles(join(goodFolder, 'image.png'));
  await verdict.waitFor();
  expect(await verdict.innerText()).toBe('Both are equal, bit for bit.');
});

test('of another image, the first layer over the threshold is named', async () => {
  const {page, choose, verdict} = await comparing();
  await choose.setInputFiles(OTHER_IMAGE);
  await verdict.waitFor();

  const {points} = await referenceRun(example);
  const other = await referenceRun({...example, image: OTHER_IMAGE});
  const differences = points.map((point, i) => difference(point, other.points[i]!));
  const {position} = differences[0]!;
  expect(await verdict.innerText()).toContain(points[0]!.name);
  expect(await verdict.innerText()).toContain(`[${position.join(', ')}]`);

  // Between the first and the largest, another layer is the first.
  const relatives = differences.map(({relative}) => relative);
  const above = relatives.findIndex((relative) => relative > relatives[0]!);
  expect(above).toBeGreaterThan(0);
  await page.getByLabel('Threshold').fill(String((relatives[0]! + relatives[above]!) / 2));
  await page.getByLabel('Threshold').blur();
  await expect(verdict.getAttribute('data-first')).resolves.toBe(points[above]!.name);

  await page.getByText('All 4 layers as a table').click();
  const rows = page.locator('.differences tbody tr');
  expect(await rows.locator('th').allInnerTexts()).toEqual(points.map(({name}) => name));
});

test.each(['webgl', 'webgpu'])('WASM and %s part by rounding alone', async (backend) => {
  const {page, verdict} = await comparing();
  // Without a GPU, WebGPU takes minutes for more.
  await page.getByLabel('Longest side').fill('32');
  await page.getByLabel('Longest side').blur();
  await page.getByText('1 × 32 × 32 × 3').first().waitFor();
  await settled(page);
  await page.getByRole('button', {name: backend}).click();
  await verdict.waitFor();
  expect(await verdict.innerText()).toMatch(/^No layer is over /);
});
