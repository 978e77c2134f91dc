// Grad-CAM: each pixel of the heat map has the colour of the value that hooks' `gradCam` gives in Node, on the same
// WASM binary, where the colours end at the heat map's own largest value.
import type {Page} from 'playwright-core';
import {getBackend} from '@tensorflow/tfjs-core';
import {gradCam, registerGradientKernels} from '@tfjs-capture/hooks';
import {startWasmBackend} from '../../../src/wasm-backend.js';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {coloured} from './support/expected-maps.js';
import {captured, drawnOn, openView, settled, useInspector} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {referenceModel} from './support/reference-model.js';

const browser = useChromium();
const open = useInspector(browser, useServer());
beforeAll(startWasmBackend);

const example = {id: 'mobilenet-v2', preparation: {range: '0 to 1', longestSide: 224}} as const;
const LAST = 'out_relu';
const EARLIER = 'block_12_expand_relu';

async function expectedHeat(layer: string, classIndex: number) {
  const {model, inputs, dispose} = await referenceModel(example);
  const forget = registerGradientKernels(getBackend());
  const heat = gradCam(model, inputs[0]!, classIndex, layer);
  const [, height, width] = heat.shape as [number, number, number];
  const values = Float32Array.from(heat.dataSync<'float32'>());
  const max = values.reduce((most, value) => Math.max(most, value), 0);
  heat.dispose();
  forget();
  dispose();
  return {height, width, rgb: coloured(values, max || 1), max};
}

async function shownHeat(page: Page, layer: string) {
  const canvas = page.locator(`canvas[data-heat-map$=${JSON.stringify(layer)}]`);
  await canvas.waitFor();
  await settled(page);
  const [drawn] = await drawnOn(canvas);
  return drawn!;
}

test('follows hooks, for each class and layer', async () => {
  const {page} = await open({query: '?example=mobilenet-v2'});
  await captured(page);
  await openView(page, 'Grad-CAM');
  const classes = page.getByRole('combobox', {name: 'Class'});
  const layers = page.getByRole('combobox', {name: 'Layer'});
  const first = Number(await classes.inputValue());
  const other = first === 0 ? 1 : 0;
  const full = await layers.inputValue();

  const seen: Buffer[] = [];
  for (const [index, layer] of [
    [first, full],
    [other, full],
    [other, EARLIER],
  ] as const) {
    await classes.selectOption(String(index));
    await layers.selectOption(layer);
    const drawn = await shownHeat(page, layer);
    const expected = await expectedHeat(layer, index);
    expect(expected.max).toBeGreaterThan(0);
    expect([drawn.height, drawn.width]).toEqual([expected.height, expected.width]);
    expect(expected.rgb.equals(drawn.rgb)).toBe(true);
    seen.push(drawn.rgb);
  }
  expect(full).toBe(LAST);
  expect(seen[1]!.equals(seen[0]!)).toBe(false);
});
