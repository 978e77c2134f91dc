// Is a scope transparent? tfjs-core's own tests must give the same results inside one as outside.
//   node packages/hooks/test/conformance/run.mjs [--backend cpu|wasm] [--only <regular expression>] [--plain-twice]
//
// How: on each backend every test runs as it is, and again with its body in a withCapture scope that records
// everything and holds it to the end of the body. Results, first lines of failures and what TensorFlow.js is left
// with must be the same. Tests that fail without us (WASM lacks kernels) must fail inside a scope with the same
// message. A third run witnesses the activations without our code: the scope must have recorded these, bit for bit.
// Last, scopes that are broken on purpose must be noticed.
//
// --plain-twice compares two plain runs, to find tests that are not steady by themselves. None was, on tfjs-core 4.22.
// Results and logs of the last run stay in out/conformance.
import {mkdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {bundleSpecs} from './bundle-specs.mjs';
import {judge, summarize} from './judge.mjs';
import {BROKEN_SCOPES, checkControls, CONTROL_TESTS} from './negative-controls.mjs';
import {printFindings, printRecords, printTable} from './print-report.mjs';
import {runChild} from './run-child.mjs';

/** The smallest machines that run this have two cores. */
const PROCESSES = 2;

const {values: options} = parseArgs({
  options: {
    backend: {type: 'string'},
    only: {type: 'string'},
    'plain-twice': {type: 'boolean', default: false},
  },
});
const backends = options.backend === undefined ? ['cpu', 'wasm'] : [options.backend];
/** How much was recorded, and whether the comparison notices anything, can only be told when everything runs. */
const wholeRun = options.only === undefined && !options['plain-twice'];

const folder = fileURLToPath(new URL('../../../../out/conformance/', import.meta.url));
rmSync(folder, {recursive: true, force: true});
mkdirSync(folder, {recursive: true});
const bundle = join(folder, 'specs.cjs');
await bundleSpecs(bundle);

const runs = await runAll(backends.flatMap(requestsFor));
const findings = backends.map(report);
printTable(findings.map(({row}) => row));
const transparent = findings.every(({ok}) => ok);
console.log(
  transparent
    ? '\nNo test can tell.'
    : '\nA test can tell, or the check itself is broken: see above.',
);
process.exitCode = transparent ? 0 : 1;

function requestsFor(backend) {
  const request = (name, scope, only = options.only ?? null) => ({
    name: `${backend}-${name}`,
    backend,
    scope,
    only,
  });
  if (options['plain-twice']) return [request('plain', 'plain'), request('scoped', 'plain')];
  const requests = ['plain', 'scoped', 'witness'].map((scope) => request(scope, scope));
  if (wholeRun) {
    for (const scope of ['plain', 'witness', ...BROKEN_SCOPES]) {
      requests.push(request(`control-${scope}`, scope, CONTROL_TESTS));
    }
  }
  return requests;
}

async function runAll(requests) {
  const results = {};
  const queue = [...requests];
  const work = async () => {
    while (queue.length > 0) {
      const request = queue.shift();
      results[request.name] = await runChild(request, {bundle, folder, onProgress: console.log});
    }
  };
  await Promise.all(Array.from({length: PROCESSES}, work));
  return results;
}

/** Prints what is to be said of one backend. */
function report(backend) {
  const runOf = (name) => runs[`${backend}-${name}`];
  const [plain, scoped] = [runOf('plain'), runOf('scoped')];
  const references = {plain, witnessed: runOf('witness') ?? plain};
  const verdict = judge(scoped, references);
  if (!wholeRun) verdict.complaints = [];
  printFindings(backend, verdict);
  printRecords(backend, verdict.records);
  let ok = [verdict.differences, verdict.wrongRecords, verdict.complaints].every(isEmpty);
  if (wholeRun) {
    for (const control of checkControls((scope) => runOf(`control-${scope}`))) {
      const answer = control.ok ? 'noticed' : 'NOT NOTICED';
      console.log(`${backend} control, ${control.name} scope: ${answer}, ${control.noticed}`);
      ok &&= control.ok;
    }
  }
  return {ok, row: {backend, ...summarize(scoped, references, verdict)}};
}

function isEmpty(list) {
  return list.length === 0;
}
