// node build.mjs <folder>: the app as Vite builds it for production. Prints Vite's warnings, a JSON array.
import {fileURLToPath} from 'node:url';

import {build, createLogger} from 'vite';

const warnings = [];
const logger = createLogger('warn');
logger.warn = logger.warnOnce = (message) => void warnings.push(message);

await build({
  root: fileURLToPath(new URL('.', import.meta.url)),
  mode: 'production',
  configFile: false,
  logLevel: 'warn',
  customLogger: logger,
  build: {
    outDir: process.argv[2],
    emptyOutDir: true,
    target: 'es2022',
    // TensorFlow.js is as large as it is.
    chunkSizeWarningLimit: 10_000,
  },
});
console.log(JSON.stringify(warnings));
