// Shows that the comparison can fail: each broken scope must be noticed, by what it breaks.
import {compareRecords} from './compare-records.mjs';
import {compareRuns} from './compare-runs.mjs';

/** Tests in which activations run, with and without gradients; few, since each control is a run of its own. */
export const CONTROL_TESTS = '^(relu|leakyrelu|sigmoid|tanh|elu|softmax|gradients) (cpu|wasm) ';

/** For each broken scope, what must come up among the differences. */
const MUST_NOTICE = {
  cloning: ['status', 'failures', 'expectationsMet'],
  altering: ['status', 'failures', 'expectationsMet', 'threw'],
  lingering: ['tensors', 'dataBuffers', 'bytes', 'dataIds', 'scopeDepth', 'kernels', 'methods'],
};

export const BROKEN_SCOPES = Object.keys(MUST_NOTICE);

/**
 * @param {(scope: string) => import('./compare-runs.mjs').Run} runOf the run of these tests in one kind of scope
 * @returns {{name: string, noticed: string, ok: boolean}[]}
 */
export function checkControls(runOf) {
  const plain = runOf('plain');
  const controls = BROKEN_SCOPES.map((scope) => {
    const differences = compareRuns(plain, runOf(scope));
    const fields = new Set(differences.map(({field}) => field));
    return {
      name: scope,
      noticed: `${differences.length} differences in ${[...fields].join(', ') || 'nothing'}`,
      ok: MUST_NOTICE[scope].every((field) => fields.has(field)),
    };
  });
  // A scope that does nothing at all is a plain run, taken for a scoped one.
  const recorded = {inert: plain, altering: runOf('altering')};
  for (const [scope, run] of Object.entries(recorded)) {
    const wrong = compareRecords(runOf('witness'), run).length;
    controls.push({name: scope, noticed: `wrong records in ${wrong} tests`, ok: wrong > 0});
  }
  return controls;
}
