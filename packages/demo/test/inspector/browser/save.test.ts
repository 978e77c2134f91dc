// What people take away: the tensors, bit for bit, for whoever reads safetensors; and pictures.
import {readFileSync} from 'node:fs';
import type {Page} from 'playwright-core';
import sharp from 'sharp';
import {startWasmBackend} from '../../../src/wasm-backend.js';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {captured, useInspector} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {referenceRun} from './support/reference-run.js';

const browser = useChromium();
const open = useInspector(browser, useServer());
beforeAll(startWasmBackend);

async function saved(page: Page, button: string): Promise<{name: string; bytes: Buffer}> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', {name: button}).click();
  const file = await download;
  return {name: file.suggestedFilename(), bytes: readFileSync(await file.path())};
}

interface SafetensorsEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** By the description of the format: eight bytes of the header's length, the header, the values. */
function decodeSafetensors(file: Buffer) {
  const length = Number(file.readBigUInt64LE(0));
  const {__metadata__: metadata, ...entries} = JSON.parse(file.toString('utf8', 8, 8 + length)) as {
    __metadata__: Record<string, string>;
  } & Record<string, SafetensorsEntry>;
  const values = file.subarray(8 + length);
  const tensors = Object.entries(entries as Record<string, SafetensorsEntry>).map(
    ([name, {dtype, shape, data_offsets: offsets}]) => ({
      name,
      dtype,
      shape,
      bytes: values.subarray(...offsets),
    }),
  );
  return {metadata, tensors};
}

test('all tensors as one safetensors file', async () => {
  const {page} = await open({query: '?example=mobilenet-v2'});
  await captured(page);
  const {name, bytes} = await saved(page, 'Save tensors');
  expect(name).toMatch(/^[\w-]+\.safetensors$/);

  const preparation = {range: '0 to 1', longestSide: 224} as const;
  const {points, outputs} = await referenceRun({id: 'mobilenet-v2', preparation});
  const {metadata, tensors} = decodeSafetensors(bytes);
  const expected = points.flatMap(({name, shape, pre, post}) => [
    {name: `${name}/pre`, shape, values: pre},
    {name: `${name}/post`, shape, values: post},
  ]);
  expect(tensors).toHaveLength(expected.length + outputs.length);
  for (const {name, shape, values} of expected) {
    const found = tensors.find((tensor) => tensor.name === name);
    expect(found).toMatchObject({dtype: 'F32', shape});
    expect(found!.bytes.equals(Buffer.from(values.buffer))).toBe(true);
  }
  const [output] = tensors.filter((tensor) => tensor.name.startsWith('output/'));
  expect(output!.bytes.equals(Buffer.from(outputs[0]!.buffer))).toBe(true);

  const manifest = JSON.parse(metadata['manifest']!) as Record<string, unknown>;
  expect(manifest).toMatchObject({
    backend: 'wasm',
    model: {name: 'MobileNetV2', format: 'layers-model'},
    input: {shape: [1, 224, 224, 3]},
    versions: {'@tensorflow/tfjs-core': '4.22.0'},
    edits: [],
  });
  expect(manifest['hooks']).toHaveLength(points.length);
});

test.each(['Save maps as PNG', 'Save histogram as PNG'])('%s', async (button) => {
  const {page} = await open({query: '?example=esrgan-slim'});
  await captured(page);
  const {name, bytes} = await saved(page, button);
  expect(name).toMatch(/^\S*F_1_1_Relu\S*\.png$/i);
  const {format, width, height} = await sharp(bytes).metadata();
  expect(format).toBe('png');
  expect(Math.min(width, height)).toBeGreaterThan(100);
  // Something is drawn.
  const {entropy} = await sharp(bytes).stats();
  expect(entropy).toBeGreaterThan(0.5);
});
