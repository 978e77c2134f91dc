// What people take away: the tensors, bit for bit, for whoever reads safetensors.
import {startWasmBackend} from '../../../src/wasm-backend.js';
import {useChromium} from '../../../../../test-support/browser/browser-in-tests.js';
import {captured, savedBy, useInspector} from './support/inspector-page.js';
import {useServer} from './support/inspector-server.js';
import {referenceRun} from './support/reference-run.js';
import {decodeSafetensors} from './support/safetensors-file.js';

const browser = useChromium();
const open = useInspector(browser, useServer());
beforeAll(startWasmBackend);

test('all tensors as one safetensors file', async () => {
  const {page} = await open({query: '?example=mobilenet-v2'});
  await captured(page);
  const {name, bytes} = await savedBy(page.getByRole('button', {name: 'Save tensors'}));
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
