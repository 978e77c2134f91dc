// node tools/print-test-totals.mjs <jest's JSON results>: one line, `N passed, N failed`. Fails if something failed.
import {readFile} from 'node:fs/promises';

const results = await readFile(process.argv[2], 'utf8').then(JSON.parse, () => undefined);
const passed = results?.numPassedTests ?? 0;
// A file that does not load fails without having run a test.
const failed = results ? results.numFailedTests + results.numRuntimeErrorTestSuites : 0;
console.log(`${passed} passed, ${failed} failed`);
if (!results?.success) process.exitCode = 1;
