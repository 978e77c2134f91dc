import {transformSync} from '@swc/core';

import type {Prelude} from './prelude.js';

/**
 * Runs one block of a document: types stripped, `using` and top-level await allowed, imports taken
 * from where `importModule` takes them.
 */
export async function runCodeBlock(
  code: string,
  prelude: Prelude,
  importModule: (name: string) => unknown,
): Promise<void> {
  const {code: body} = transformSync(code, {
    swcrc: false,
    module: {type: 'commonjs', strict: true},
    jsc: {target: 'es2022', parser: {syntax: 'typescript'}},
  });
  // The inner function lets a block declare names that the prelude has, as a reader may.
  const text = `return (async () => {\n${body}\n})();`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- running the documents' text is the point
  const run = new Function('require', 'exports', ...Object.keys(prelude), text) as (
    ...values: unknown[]
  ) => Promise<void>;
  await run(importModule, {}, ...Object.values(prelude));
}
