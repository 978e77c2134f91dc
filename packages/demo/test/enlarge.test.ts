import {enlargePart} from '../src/image/enlarge.js';

test('a part is enlarged pixel by pixel', () => {
  const source = {width: 2, height: 2, data: Uint8Array.from([...Array(12).keys()])};
  const enlarged = enlargePart(source, {left: 1, top: 0, width: 1, height: 2}, 2);
  expect(enlarged).toMatchObject({width: 2, height: 4});
  const pixels = [3, 4, 5, 3, 4, 5, 3, 4, 5, 3, 4, 5, 9, 10, 11, 9, 10, 11, 9, 10, 11, 9, 10, 11];
  expect([...enlarged.data]).toEqual(pixels);
});
