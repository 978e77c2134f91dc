// Compares what the same tests gave in two runs.

/**
 * @typedef {object} Run what run-specs.mjs writes
 * @property {object[]} tests {name, occurrence, status, threw, expectationsMet, failures, state, records}
 * @property {object[]} suites whose beforeAll or afterAll failed: {name, failures}
 *
 * @typedef {object} Difference
 * @property {string} test
 * @property {'result' | 'state'} kind
 * @property {string} field
 * @property {unknown} plain
 * @property {unknown} scoped
 */

const RESULT_FIELDS = ['status', 'threw', 'expectationsMet', 'failures'];

/**
 * @param {Run} plain
 * @param {Run} scoped
 * @returns {Difference[]} in the order in which the tests ran, so the first one is the cause of most
 */
export function compareRuns(plain, scoped) {
  const differences = [];
  const other = new Map(scoped.tests.map((test) => [keyOf(test), test]));
  for (const test of plain.tests) {
    const key = keyOf(test);
    const match = other.get(key);
    other.delete(key);
    if (match === undefined) differences.push(missing(key, 'ran', 'did not run'));
    else differences.push(...compareTests(key, test, match));
  }
  for (const key of other.keys()) differences.push(missing(key, 'did not run', 'ran'));
  if (!same(plain.suites, scoped.suites)) {
    differences.push({
      test: 'outside of all tests',
      ...{kind: 'result', field: 'suites', plain: plain.suites, scoped: scoped.suites},
    });
  }
  return differences;
}

function compareTests(key, plain, scoped) {
  const compareFields = (kind, fields, a, b) =>
    fields
      .filter((field) => !same(a[field], b[field]))
      .map((field) => ({test: key, kind, field, plain: a[field], scoped: b[field]}));
  return [
    ...compareFields('result', RESULT_FIELDS, plain, scoped),
    ...compareFields(
      'state',
      fieldsOf(plain.state, scoped.state),
      plain.state ?? {},
      scoped.state ?? {},
    ),
  ];
}

const missing = (test, plain, scoped) => ({test, kind: 'result', field: 'presence', plain, scoped});
export const keyOf = ({name, occurrence}) =>
  occurrence === 0 ? name : `${name} (no. ${occurrence + 1})`;
const fieldsOf = (...states) => [...new Set(states.flatMap((state) => Object.keys(state ?? {})))];
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
