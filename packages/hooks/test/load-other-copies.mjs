// node load-other-copies.mjs <case>: run by copies.test.ts in a process of its own, without jest. Loads a copy of
// TensorFlow.js in some way, captures a LayersModel and a GraphModel of that copy, and prints as JSON what it got.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);
const bundle = (name) => require.resolve(`@tensorflow/tfjs/dist/${name}`);

/** A copy that no look-up can find: its module is in nobody's cache, its namespace in no global. */
function evaluateBundle(name = 'tf.min.js') {
  const module = {exports: {}};
  const evaluate = new Function('module', 'exports', 'require', readFileSync(bundle(name), 'utf8'));
  evaluate(module, module.exports, require);
  return module.exports;
}

const CASES = {
  'import of @tensorflow/tfjs': () => import('@tensorflow/tfjs'),
  'require of @tensorflow/tfjs': () => require('@tensorflow/tfjs'),
  'the packages beside each other': async () => ({
    ...(await import('@tensorflow/tfjs-core')),
    ...(await import('@tensorflow/tfjs-layers')),
    ...(await import('@tensorflow/tfjs-converter')),
  }),
  'tf.min.js by require': () => require(bundle('tf.min.js')),
  'tf.es2017.min.js by require': () => require(bundle('tf.es2017.min.js')),
  'globalThis.tf': () => (globalThis.tf = evaluateBundle()),
  bindTo: () => evaluateBundle(),
  'the option model': () => evaluateBundle(),
  nothing: () => evaluateBundle('tf.es2017.min.js'),
};

const [, , name] = process.argv;
const warnings = [];
console.warn = (message) => warnings.push(String(message));
const hooks = await import('@tfjs-capture/hooks');
// A scope before the copy is loaded: copies may come at any time.
const {relu, dispose} = await import('@tensorflow/tfjs-core');
await import('@tensorflow/tfjs-backend-cpu');
hooks.withCapture(() => dispose(relu([1]))).dispose();

const tf = await CASES[name]();
await tf.setBackend('cpu');
const x = tf.tensor2d([[-1, 2]]);
const dense = tf.layers.dense({name: 'd', units: 2, activation: 'swish', inputShape: [2]});
const input = tf.input({shape: [2]});
const inner = tf.sequential({name: 'inner', layers: [dense]});
const nested = tf.model({inputs: input, outputs: inner.apply(input)});
const graph = await tf.loadGraphModel(
  tf.io.fromMemory({
    format: 'graph-model',
    modelTopology: {
      node: [
        {name: 'x', op: 'Placeholder', attr: {dtype: {type: 'DT_FLOAT'}}},
        {name: 'block/Relu', op: 'Relu', input: ['x'], attr: {}},
      ],
      versions: {producer: 1, minConsumer: 1},
    },
    weightSpecs: [],
    weightData: new ArrayBuffer(0),
  }),
);

const {withCapture} = name === 'bindTo' ? hooks.bindTo(tf) : hooks;
const capture = (model) => {
  const captured = withCapture(() => model.predict(x), name === 'the option model' ? {model} : {});
  const [record] = captured.records;
  const found = {
    names: captured.names(),
    activation: record?.activation,
    pre: record?.pre && [...record.pre.dataSync()],
    isTensor: record?.pre instanceof tf.Tensor,
    hasClassOfResult: record?.pre?.constructor === captured.result.constructor,
  };
  captured.result.dispose();
  captured.dispose();
  return found;
};
const found = {layers: capture(nested), graph: capture(graph), again: capture(nested).names};
console.log(JSON.stringify({...found, warnings}));
