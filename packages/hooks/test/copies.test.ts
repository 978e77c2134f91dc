// Every copy of TensorFlow.js in a realm shares the engine and has classes of its own: all must give names.
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';

interface Found {
  names: string[];
  activation: string;
  pre: number[];
  isTensor: boolean;
  hasClassOfResult: boolean;
}

function runCase(name: string): {
  layers: Found;
  graph: Found;
  again: string[];
  warnings: string[];
} {
  const script = join(__dirname, 'load-other-copies.mjs');
  const printed = execFileSync(process.execPath, [script, name], {encoding: 'utf8'});
  return JSON.parse(printed) as ReturnType<typeof runCase>;
}

test.each([
  'import of @tensorflow/tfjs',
  'require of @tensorflow/tfjs',
  'the packages beside each other',
  'tf.min.js by require',
  'tf.es2017.min.js by require',
  'globalThis.tf',
  'bindTo',
  'the option model',
])('names come from the models of a copy found by %s', (name) => {
  const {layers, graph, again, warnings} = runCase(name);
  expect(layers.names).toEqual(['inner/d']);
  expect(again).toEqual(['inner/d']);
  // Composed of several kernels: one hook point only where the copy's own classes are watched.
  expect(layers.activation).toBe('swish');
  expect(layers.pre).toHaveLength(2);
  expect(graph).toEqual({
    names: ['block/Relu'],
    activation: 'relu',
    pre: [-1, 2],
    isTensor: true,
    hasClassOfResult: true,
  });
  expect(warnings.filter((warning) => warning.startsWith('withCapture'))).toEqual([]);
});

test('a copy that nothing finds is recorded without names, and one warning tells what to do', () => {
  const {layers, graph, again, warnings} = runCase('nothing');
  expect([layers.names, graph.names, again]).toEqual([[''], [''], ['']]);
  expect(graph.pre).toEqual([-1, 2]);
  expect(warnings.filter((warning) => warning.startsWith('withCapture'))).toEqual([
    'withCapture: hook points have no names, got a model of an unknown copy of TensorFlow.js. ' +
      'Use bindTo(tf) with its namespace, or pass {model}.',
  ]);
});
