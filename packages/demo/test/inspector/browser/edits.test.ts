// Ablating, scaling, clamping: outputs and the layers downstream become what hooks makes of the same edit.
import {ablate, clampTo, scaleBy} from '@tfjs-capture/hooks';
import type {EditFunction} from '@tfjs-capture/hooks';
import type {Page} from 'playwright-core';
import {startWasmBackend} from '../../../src/wasm-backend.js';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {expectMapsOf} from './support/expected-maps.js';
import {
  captured,
  enlargeChannel,
  openLayer,
  settled,
  useInspector,
} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {referenceRun} from './support/reference-run.js';

const browser = useChromium();
const open = useInspector(browser, useServer());
beforeAll(startWasmBackend);

const example = {id: 'esrgan-slim', preparation: {range: '0 to 255', longestSide: 128}} as const;
const EDITED = 'F_2_1_Relu';

const choose = (page: Page, name: string) => page.getByRole('radio', {name, exact: true}).check();
const apply = (page: Page) => page.getByRole('button', {name: 'Apply'}).click();

test.each<{what: string; edit: (page: Page) => Promise<void>; post: EditFunction}>([
  {
    what: 'a channel is ablated',
    edit: async (page) => {
      await enlargeChannel(page, 2);
      await page.getByRole('button', {name: 'Ablate this channel'}).click();
    },
    post: ablate([2]),
  },
  {
    what: 'two channels are scaled',
    edit: async (page) => {
      await page.getByRole('button', {name: 'Select channels', exact: true}).click();
      await enlargeChannel(page, 0);
      await enlargeChannel(page, 3);
      await choose(page, 'Scale');
      await page.getByRole('spinbutton', {name: 'Factor'}).fill('-0.5');
      await apply(page);
    },
    post: scaleBy(-0.5, {units: [0, 3]}),
  },
  {
    what: 'a layer is ablated',
    edit: (page) => apply(page),
    post: ablate(),
  },
  {
    what: 'a layer is clamped',
    edit: async (page) => {
      await choose(page, 'Clamp');
      await page.getByRole('spinbutton', {name: 'Least'}).fill('2');
      await page.getByRole('spinbutton', {name: 'Most'}).fill('31.5');
      // At once: a number counts as it is typed.
      await apply(page);
    },
    post: clampTo(2, 31.5),
  },
])('$what', async ({edit, post}) => {
  const {page} = await open({query: '?example=esrgan-slim'});
  await captured(page);
  await openLayer(page, EDITED);
  await edit(page);
  await page.getByRole('heading', {name: 'Edits'}).waitFor();
  await settled(page);

  const plain = await referenceRun(example);
  const edited = await referenceRun({...example, edit: [{layers: EDITED, post}]});
  await choose(page, 'Edited');
  for (const [index, point] of edited.points.entries()) {
    await openLayer(page, point.name);
    await expectMapsOf(page, point, {original: plain.points[index]!});
  }
  const changes = await page
    .locator('[data-hook]')
    .evaluateAll((rows) =>
      rows.map((row) =>
        Number(row.querySelector('[data-change]')?.getAttribute('data-change') ?? 0),
      ),
    );
  // What goes into a layer changes downstream of the edit alone.
  expect(changes.map((change) => change > 0)).toEqual([false, false, true, true]);

  await choose(page, 'Original');
  for (const point of plain.points) {
    await openLayer(page, point.name);
    await expectMapsOf(page, point);
  }
});
