// packages/hooks/dist/tfjs-capture.min.js: hooks and core as one script that sets window.tfjsCapture. TensorFlow.js is
// not in it: the one that the page has, window.tf, is read anew wherever it is used. So the order of the scripts
// does not matter, and loading this one does nothing else.
import {fileURLToPath} from 'node:url';

import {build} from 'esbuild';

const hooks = new URL('../packages/hooks/', import.meta.url);

// esbuild reads each import from the module's prototype chain when it is used; a plain object would be copied at once.
const windowTf = `
module.exports = Object.create(
  new Proxy({}, {
    get(_, name) {
      const {tf} = globalThis;
      if (tf) return tf[name];
      throw new Error(
        'tfjsCapture: TensorFlow.js must be loaded before it is used, got no window.tf. ' +
          'Load tf.min.js of @tensorflow/tfjs by a <script> tag of its own.',
      );
    },
  }),
  {__esModule: {value: true}},
);`;

const readWindowTf = {
  name: 'read-window-tf',
  setup({onResolve, onLoad}) {
    onResolve({filter: /^@tensorflow\/tfjs-(core|layers)$/}, () => ({
      path: 'window.tf',
      namespace: 'window',
      // Nothing of it happens before it is used.
      sideEffects: false,
    }));
    onLoad({filter: /.*/, namespace: 'window'}, () => ({contents: windowTf, loader: 'js'}));
  },
};

await build({
  stdin: {
    contents: `import * as api from './dist/esm/index.js'; globalThis.tfjsCapture = api;`,
    resolveDir: fileURLToPath(hooks),
    sourcefile: 'script-tag.js',
  },
  outfile: fileURLToPath(new URL('dist/tfjs-capture.min.js', hooks)),
  bundle: true,
  minify: true,
  sourcemap: true,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  // CommonJS's `require`, where there is one, is another page's business.
  define: {require: 'undefined'},
  plugins: [readWindowTf],
  logLevel: 'warning',
});
