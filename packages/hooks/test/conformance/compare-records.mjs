// Compares what a scope recorded with what a witness saw.
import {keyOf} from './compare-runs.mjs';

/**
 * @param {import('./compare-runs.mjs').Run} witnessed
 * @param {import('./compare-runs.mjs').Run} scoped
 * @returns {string[]} one line for each test whose records are not what the witness saw
 */
export function compareRecords(witnessed, scoped) {
  const seen = new Map(witnessed.tests.map((test) => [keyOf(test), test.records]));
  const lines = [];
  for (const test of scoped.tests) {
    // A scope whose function throws gives no capture.
    if (test.threw) continue;
    const key = keyOf(test);
    const expected = seen.get(key) ?? [];
    const fits =
      expected.length === test.records.length &&
      expected.every((record, i) => sameActivation(record, test.records[i]));
    if (!fits) lines.push(`${key}: recorded ${show(test.records)}, witnessed ${show(expected)}`);
  }
  return lines;
}

/** The witness cannot see what goes into a fused kernel's activation. */
const sameActivation = (seen, recorded) =>
  seen.kernel === recorded.kernel &&
  seen.post === recorded.post &&
  (seen.pre === null ? recorded.pre !== 'lost' : seen.pre === recorded.pre);

const show = (records) =>
  records.map(({kernel, pre, post}) => `${kernel}(${pre}) = ${post}`).join('; ') || 'nothing';
