// Bundlers may pick one package's ES modules and another's CommonJS: two copies of tfjs-core, and of their maps of classes.
import {execFileSync} from 'node:child_process';
import {createRequire} from 'node:module';

import {build} from 'esbuild';
import type {Plugin} from 'esbuild';

const APP = `
  import * as tf from '@tensorflow/tfjs-core';
  import * as tfl from '@tensorflow/tfjs-layers';
  import '@tensorflow/tfjs-backend-cpu';
  import {withCapture} from '@tfjs-capture/hooks';

  class Twice extends tfl.layers.Layer {
    static className = 'Twice';
    inner = tfl.layers.dense({name: 'inner', units: 2, activation: 'gelu'});
    call(inputs) {
      return this.inner.call(inputs);
    }
  }
  async function main() {
    await tf.setBackend('cpu');
    const input = tfl.input({shape: [2]});
    const hidden = tfl.layers.dense({name: 'hidden', units: 2, activation: 'relu'}).apply(input);
    const twice = new Twice({name: 'twice'});
    twice.inner.build([null, 2]);
    const model = tfl.model({inputs: input, outputs: twice.apply(hidden)});
    const x = tf.ones([1, 2]);
    const capture = withCapture(() => model.predict(x));
    const called = withCapture(() => model.getLayer('hidden').call(x));
    const {classNameMap} = tf.serialization.SerializationMap.getMap();
    console.log(JSON.stringify({
      points: capture.records.map(({name, activation}) => name + ' ' + activation),
      called: called.names(),
      areTwoCores: !('Dense' in classNameMap),
    }));
  }
  main();
`;

const require = createRequire(__filename);
const file = (name: string): string => require.resolve(`@tensorflow/${name}`);

/** tfjs-layers as CommonJS, and with it a tfjs-core of its own; all others as ES modules. */
const mixed: Plugin = {
  name: 'mixed',
  setup({onResolve}) {
    onResolve({filter: /^@tensorflow\/tfjs-layers$/}, () => ({
      path: file('tfjs-layers/dist/tf-layers.node.js'),
    }));
    onResolve({filter: /^@tensorflow\/tfjs-core$/}, ({kind}) => ({
      path: file(
        kind === 'require-call' ? 'tfjs-core/dist/tf-core.node.js' : 'tfjs-core/dist/index.js',
      ),
    }));
  },
};

test('layers have names where a bundle holds two copies of tfjs-core', async () => {
  const {outputFiles} = await build({
    stdin: {contents: APP, resolveDir: __dirname},
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    external: ['fs', 'util', 'string_decoder', 'crypto'],
    plugins: [mixed],
    logLevel: 'error',
  });
  const code = outputFiles[0]?.text ?? '';
  const printed = execFileSync(process.execPath, ['-'], {input: code, encoding: 'utf8'});
  expect(JSON.parse(printed.trim().split('\n').at(-1) ?? '')).toEqual({
    points: ['hidden relu', 'twice/inner gelu'],
    called: ['hidden'],
    areTwoCores: true,
  });
});
