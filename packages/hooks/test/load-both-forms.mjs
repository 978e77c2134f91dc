// Run by packaged-forms.test.ts in a process of its own, without jest: Node itself loads the built packages, in both
// forms at once, and captures with both. Prints what it finds as JSON.
import {createRequire} from 'node:module';

const require = createRequire(import.meta.url);
const found = {exports: {}};
for (const name of ['@tfjs-capture/core', '@tfjs-capture/hooks']) {
  const imported = await import(name);
  const required = require(name);
  found.exports[name] = {
    imported: Object.keys(imported).sort(),
    required: Object.keys(required).sort(),
  };
}

const tf = require('@tensorflow/tfjs-core');
const tfl = require('@tensorflow/tfjs-layers');
require('@tensorflow/tfjs-backend-cpu');
await tf.setBackend('cpu');
tf.backend().firstUse = false;
const esm = await import('@tfjs-capture/hooks');
const cjs = require('@tfjs-capture/hooks');
const model = tfl.sequential({
  layers: [tfl.layers.dense({name: 'd', units: 2, activation: 'relu', inputShape: [2]})],
});
const x = tf.ones([1, 2]);
const predict = () => model.predict(x);
predict().dispose();

const registry = globalThis._tfGlobals.get('kernelRegistry');
const {call} = Object.getPrototypeOf(model.layers[0]);
const {disposeData} = Object.getPrototypeOf(tf.backend());
const before = {entries: [...registry.values()], tensors: tf.memory().numTensors};

found.areTwo = esm.withCapture !== cjs.withCapture;
// Each inside the other: both record, and each hook point once.
found.nested = [
  [esm, cjs],
  [cjs, esm],
].map(([outer, inner]) => {
  let innerNames;
  const capture = outer.withCapture(() => {
    const within = inner.withCapture(predict, {record: ['pre', 'post']});
    innerNames = within.records.map(({name}) => name);
    within.result.dispose();
    within.dispose();
    predict().dispose();
  });
  const outerNames = capture.records.map(({name, pass}) => `${name} ${pass}`);
  capture.dispose();
  return {innerNames, outerNames};
});
// Side by side, asynchronously.
const tick = () => new Promise((resolve) => setTimeout(resolve, 1));
const runs = (times) => async () => {
  for (let i = 0; i < times; i++) {
    predict().dispose();
    await tick();
  }
};
const both = await Promise.all([esm.withCapture(runs(2)), cjs.withCapture(runs(3))]);
found.besideEachOther = both.map(({records}) => records.length);
for (const capture of both) capture.dispose();

const after = [...registry.values()];
found.restored = {
  registry:
    after.length === before.entries.length && after.every((k, i) => k === before.entries[i]),
  layers: Object.getPrototypeOf(model.layers[0]).call === call,
  backend: Object.getPrototypeOf(tf.backend()).disposeData === disposeData,
  tensors: tf.memory().numTensors - before.tensors,
};
console.log(JSON.stringify(found));
