import {nearestNames} from './nearest-names.js';

const names = ['block1_conv1', 'block1_conv2', 'block4_conv3', 'encoder/proj', 'predictions'];

test.each<[string, string[]]>([
  ['blok4_conv3', ['block4_conv3', 'block1_conv1', 'block1_conv2']],
  ['prediction', ['predictions']],
  ['proj1', ['encoder/proj']],
  ['decoder/proj', ['encoder/proj']],
  ['nothing_like_these_at_all', []],
  ['', []],
])('%p', (name, nearest) => {
  expect(nearestNames(name, names)).toEqual(nearest);
});
