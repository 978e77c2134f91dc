// The bundled examples: what the page shows is what hooks captures in Node, pixel by pixel.
import {exampleModels} from '../../../src/inspect/example-models.js';
import {startWasmBackend} from '../../../src/wasm-backend.js';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {expectMapsOf} from './support/expected-maps.js';
import {captured, openLayer, expectOutlined, useInspector} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {referenceRun} from './support/reference-run.js';

const browser = useChromium();
const open = useInspector(browser, useServer());
beforeAll(startWasmBackend);

test.each(exampleModels.map(({example}) => example))('$title', async ({id, title, preparation}) => {
  const {page} = await open();
  await page.getByRole('button', {name: title}).click();
  await captured(page);
  const {points} = await referenceRun({id, preparation});
  await expectOutlined(
    page,
    points.map(({name}) => name),
  );

  for (const place of [0, Math.floor(points.length / 2), points.length - 1]) {
    const point = points[place]!;
    await openLayer(page, point.name);
    await expectMapsOf(page, point);
  }
});
