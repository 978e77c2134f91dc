// Every example in the documents runs, on the sources, as it stands.
import {join} from 'node:path';

import {codeBlocks, documents} from './code-blocks.js';
import {createPrelude} from './prelude.js';
import {runCodeBlock} from './run-code-block.js';

const root = join(__dirname, '..', '..');
// Jest's own require, so that blocks get the sources and the one copy of TensorFlow.js.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- a name known only at run time
const importModule = (name: string): unknown => require(name);

describe('a code block', () => {
  const run = (code: string) => runCodeBlock(code, createPrelude(), importModule);

  test('has types, imports, await, `using` and the names of the prelude', async () => {
    await run(`
      import * as tf from '@tensorflow/tfjs-core';
      import type {Tensor} from '@tensorflow/tfjs-core';
      using resource = {[Symbol.dispose]() {}};
      const model: Tensor = tf.zeros([1]);
      const values: Float32Array = await model.data();
      if (x.shape[1] !== 16 || values[0] !== 0) throw new Error('The prelude is wrong.');
    `);
  });

  test('fails when it throws, at once or later', async () => {
    await expect(run(`model.nothing();`)).rejects.toThrow('nothing');
    await expect(run(`await Promise.reject(new Error('later'));`)).rejects.toThrow('later');
    await expect(
      run(`import {nothing} from '@tfjs-capture/nowhere'; nothing();`),
    ).rejects.toThrow();
  });
});

for (const document of documents(root)) {
  for (const {place, code} of codeBlocks(root, document)) {
    test(place, () => runCodeBlock(code, createPrelude(), importModule));
  }
}
