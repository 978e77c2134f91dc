// Says what is wrong with a scoped run, measured against a plain and a witnessed one.
import {compareRecords} from './compare-records.mjs';
import {compareRuns, keyOf} from './compare-runs.mjs';

/** A run with fewer records proves little: tfjs-core 4.22's tests have 202 activations on CPU, 178 on WASM. */
const LEAST_RECORDS = 150;

/** What every backend under test has, and tfjs-core's tests use. */
const RECORDED_KERNELS = [
  'Relu',
  'Relu6',
  'Elu',
  'Selu',
  'Sigmoid',
  'Tanh',
  'Softmax',
  'Softplus',
  'LeakyRelu',
  'Prelu',
  'FusedConv2D',
  'FusedDepthwiseConv2D',
  '_FusedMatMul',
];

/**
 * @param {import('./compare-runs.mjs').Run} scoped
 * @param {{plain: import('./compare-runs.mjs').Run, witnessed: import('./compare-runs.mjs').Run}} references
 */
export function judge(scoped, {plain, witnessed}) {
  const records = countRecords(scoped.tests);
  return {
    differences: compareRuns(plain, scoped),
    wrongRecords: compareRecords(witnessed, scoped),
    complaints: [...tooFew(records)],
    records,
  };
}

function* tooFew(records) {
  const total = sum(Object.values(records));
  if (total < LEAST_RECORDS) yield `${total} records, where ${LEAST_RECORDS} are expected at least`;
  const silent = RECORDED_KERNELS.filter((kernel) => !(kernel in records));
  if (silent.length > 0) yield `no record of ${silent.join(', ')}`;
}

/** The verdict's row in the table. */
export function summarize(scoped, {plain}, {differences, wrongRecords, records}) {
  const countStatus = (status) => plain.tests.filter((test) => test.status === status).length;
  const failed = (run) => run.tests.filter(({status}) => status === 'failed').map(keyOf);
  const failedScoped = new Set(failed(scoped));
  const testsWith = (kind) =>
    new Set(differences.filter((d) => d.kind === kind).map(({test}) => test)).size;
  return {
    tests: plain.tests.length,
    passed: countStatus('passed'),
    pending: countStatus('pending'),
    'failed in both': failed(plain).filter((key) => failedScoped.has(key)).length,
    changed: testsWith('result'),
    'state differs': testsWith('state'),
    records: sum(Object.values(records)),
    'wrong records': wrongRecords.length,
  };
}

function countRecords(tests) {
  const counts = {};
  for (const {records} of tests) {
    for (const {kernel} of records) counts[kernel] = (counts[kernel] ?? 0) + 1;
  }
  return counts;
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
