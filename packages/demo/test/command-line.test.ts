import {resolve} from 'node:path';
import {readOptions} from '../src/command-line.js';

const command = {usage: 'npm run demo', about: 'Shows.', out: 'out/demo'};
const calledFrom = process.env['INIT_CWD'];

beforeEach(() => (process.env['INIT_CWD'] = resolve('/somewhere')));
afterAll(() => {
  if (calledFrom === undefined) delete process.env['INIT_CWD'];
  else process.env['INIT_CWD'] = calledFrom;
});

test('paths start where npm was called', () => {
  expect(readOptions(command, [])).toEqual({
    image: undefined,
    out: resolve('/somewhere/out/demo'),
    weights: undefined,
  });
  expect(readOptions(command, ['a/photo.jpg', '--out', '/pictures'])).toEqual({
    image: resolve('/somewhere/a/photo.jpg'),
    out: resolve('/pictures'),
    weights: undefined,
  });
});

test('asks for help', () => {
  expect(readOptions(command, ['--help'])).toBe('help');
});

test('takes weights where there are some to give', () => {
  const args = ['--weights', 'vgg'];
  expect(readOptions({...command, takesWeights: true}, args)).toMatchObject({
    weights: resolve('/somewhere/vgg'),
  });
  expect(() => readOptions(command, args)).toThrow(/--weights/);
});

test('refuses two images', () => {
  expect(() => readOptions(command, ['a.png', 'b.png'])).toThrow(
    'Give one image, got 2: a.png, b.png.',
  );
});
