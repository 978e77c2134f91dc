// Another backend, chosen in the header: the model, its layer and its edits stay.
import type {Page} from 'playwright-core';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {
  alert,
  captured,
  openLayer,
  expectOutlined,
  outlined,
  savedBy,
  settled,
  useInspector,
} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {decodeSafetensors} from './support/safetensors-file.js';

const server = useServer();

const choose = (page: Page, backend: string) =>
  page.getByLabel('Backend').selectOption(backend, {timeout: 5000});

async function savedManifest(page: Page): Promise<Record<string, unknown>> {
  const {bytes} = await savedBy(page.getByRole('button', {name: 'Save tensors'}));
  return JSON.parse(decodeSafetensors(bytes).metadata['manifest']!) as Record<string, unknown>;
}

describe('one that the browser has', () => {
  const open = useInspector(useChromium(), server);

  test('WebGL goes on where WASM was', async () => {
    const {page} = await open({query: '?example=esrgan-slim'});
    await captured(page);
    await page.getByLabel('Longest side').fill('32');
    await page.getByLabel('Longest side').press('Enter');
    await page.getByText('1 × 32 × 32 × 3').first().waitFor();
    await openLayer(page, 'UPN1_Relu');
    await page.getByRole('button', {name: 'Apply'}).click();
    await page.getByRole('heading', {name: 'Edits'}).waitFor();
    await settled(page);
    const before = await savedManifest(page);
    expect(before['backend']).toBe('wasm');

    await choose(page, 'webgl');
    await settled(page);
    expect(await alert(page).count()).toBe(0);
    expect(await page.getByLabel('Backend').inputValue()).toBe('webgl');
    expect(await page.getByRole('heading', {level: 1}).innerText()).toBe('ESRGAN-slim');
    expect(await page.getByRole('heading', {level: 2}).first().innerText()).toBe('UPN1_Relu');
    const after = await savedManifest(page);
    expect(after['backend']).toBe('webgl');
    for (const same of ['model', 'input', 'edits']) expect(after[same]).toEqual(before[same]);
    expect(after['edits']).toHaveLength(1);
  });
});

describe('one that the browser lacks', () => {
  const open = useInspector(useChromium({hasNoWebGpu: true}), server);

  test('is told, and the page stays on the one before', async () => {
    const {page, complaints} = await open({query: '?example=esrgan-slim'});
    await captured(page);
    const layers = await outlined(page);
    await choose(page, 'webgpu');
    await alert(page).waitFor();
    expect(await alert(page).locator('p').innerText()).toMatch(
      /could not start WebGPU\. Choose WASM instead\.$/,
    );
    await settled(page);
    expect(await page.getByLabel('Backend').inputValue()).toBe('wasm');
    await expectOutlined(page, layers);
    await openLayer(page, 'UPN2_Relu');
    expect((await savedManifest(page))['backend']).toBe('wasm');
    // TensorFlow.js tells of it as well, in its own words.
    for (const complaint of complaints.splice(0)) {
      expect(complaint).toMatch(/^console\.warning: .*(adapter|WebGPU|reading 'features')/is);
    }
  });
});
