import {changeError, editText} from '../../../inspector/page/change-text.js';
import {
  formatBytes,
  formatCount,
  formatNumber,
  formatShape,
  formatShare,
} from '../../../inspector/page/format-number.js';
import {fileName} from '../../../inspector/page/picture/save-file.js';

test.each([
  [0, '0'],
  [-0, '0'],
  [0.123456, '0.123'],
  [-12.3456, '−12.3'],
  [99_999, '100000'],
  [100_000, '1e5'],
  [1.5e-7, '1.5e−7'],
  [-0.0004, '−4e−4'],
  [NaN, 'NaN'],
  [Infinity, '∞'],
  [-Infinity, '−∞'],
])('%d reads %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [0, '0 %'],
  [0.0004, '< 0.1 %'],
  [0.052, '5.2 %'],
  [0.6, '60 %'],
  [1, '100 %'],
])('the share %d reads %s', (share, text) => {
  expect(formatShare(share)).toBe(text);
});

test('shapes, counts and bytes', () => {
  expect(formatShape([1, null, 3])).toBe('1 × any × 3');
  expect([1404, 2_612_037, 25_000].map(formatCount)).toEqual(['1,404', '2.6 M', '25 k']);
  expect([12, 888_000, 2_700_000, 49e6].map(formatBytes)).toEqual([
    '12 B',
    '888 kB',
    '2.7 MB',
    '49 MB',
  ]);
});

test('edits', () => {
  const name = 'a';
  const ablate = {kind: 'ablate'} as const;
  expect(editText({name, channels: [3], change: ablate})).toBe('channel 3 ablated');
  const scale = {kind: 'scale', factor: -0.5} as const;
  expect(editText({name, channels: [1, 2], change: scale})).toBe('channels 1, 2 × −0.5');
  const clamp = {kind: 'clamp', min: 0, max: 2} as const;
  expect(editText({name, channels: null, change: clamp})).toBe('all channels clamped to 0…2');
  expect(changeError(clamp)).toBeNull();
  expect(changeError({kind: 'clamp', min: 3, max: 2})).toContain('3, is above the most, 2');
});

test('no file name leads to another folder', () => {
  expect(fileName(['my model', 'a/../b:relu', 'before'], 'png')).toBe(
    'my_model-a_.._b_relu-before.png',
  );
});

test('an image that a file is named after brings no second extension', () => {
  expect(fileName(['model', 'compared', 'cat.JPEG'], 'png')).toBe('model-compared-cat.png');
  expect(fileName(['model', 'v1.5'], 'png')).toBe('model-v1.5.png');
});
