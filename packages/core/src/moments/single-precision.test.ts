import fc from 'fast-check';

import {neighbour, roundedDown, roundedUp} from './single-precision.js';

test.each([
  [0, 2 ** -149, -(2 ** -149)],
  [-0, 2 ** -149, -(2 ** -149)],
  [1, 1 + 2 ** -23, 1 - 2 ** -24],
  [-1, -1 + 2 ** -24, -1 - 2 ** -23],
  [2 ** -149, 2 ** -148, 0],
])('%d lies between its neighbours', (value, above, below) => {
  expect(neighbour(value, 1)).toBe(above);
  expect(neighbour(value, -1)).toBe(below);
});

test('nothing of single precision is nearer', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double({noNaN: true}), fc.float({noNaN: true})), (value) => {
      const [up, down] = [roundedUp(value), roundedDown(value)];
      for (const one of [up, down]) expect(Math.fround(one)).toBe(one);
      expect(down <= value && value <= up).toBe(true);
      if (up !== down) expect(neighbour(up, -1)).toBe(down);
    }),
  );
});
