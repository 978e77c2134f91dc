import {mapSize} from '../src/image/map-size.js';

test.each([
  [[], undefined, [1, 1, 1]],
  [[7], undefined, [1, 1, 7]],
  [[2, 7], undefined, [1, 1, 7]],
  [[2, 3, 7], undefined, [3, 1, 7]],
  [[2, 3, 4, 7], undefined, [3, 4, 7]],
  [[2, 7, 3, 4], 1, [3, 4, 7]],
  [[2, 5, 3, 4, 7], undefined, [15, 4, 7]],
  [[2, 7, 5, 3, 4], 1, [15, 4, 7]],
  [[2, 5, 7, 3, 4], 2, [15, 4, 7]],
] as const)('%j with channels along axis %p', (shape, axis, [height, width, channels]) => {
  expect(mapSize(shape, axis)).toEqual({height, width, channels});
});
