// Runs the tests that have been loaded, and writes down what became of each.
import {writeFileSync} from 'node:fs';

/** How often the parent process hears of us, in tests. */
const PROGRESS_EVERY = 1000;

/**
 * @param watch what `watchBodies` returned
 * @param {{only: string | null, resultFile: string}} options `only` is a regular expression on the test's full name
 */
export async function runSpecs(watch, {only, resultFile}) {
  const env = globalThis.jasmine.getEnv();
  if (only !== null) {
    const pattern = new RegExp(only);
    env.configure({specFilter: (spec) => pattern.test(spec.getFullName())});
  }

  const tests = [];
  const suites = [];
  const occurrences = new Map();
  env.addReporter({
    specDone(spec) {
      const notes = watch.takeNotes();
      if (spec.status === 'excluded') return;
      const occurrence = occurrences.get(spec.fullName) ?? 0;
      occurrences.set(spec.fullName, occurrence + 1);
      tests.push({name: spec.fullName, occurrence, ...outcome(spec), ...notes});
      if (tests.length % PROGRESS_EVERY === 0) process.send?.({tests: tests.length});
    },
    // What fails in beforeAll and afterAll belongs to no test.
    suiteDone: (suite) => {
      if (suite.failedExpectations.length > 0)
        suites.push({name: suite.fullName, ...outcome(suite)});
    },
  });
  const {overallStatus, incompleteReason} = await env.execute();
  if (overallStatus === 'incomplete' && tests.length === 0) {
    throw new Error(`runSpecs: no test ran, ${incompleteReason}.`);
  }
  writeFileSync(resultFile, JSON.stringify({tests, suites}));
}

function outcome({status, failedExpectations, passedExpectations}) {
  return {
    status,
    // An error that is swallowed on the way shows in how far the body came.
    expectationsMet: passedExpectations?.length ?? 0,
    failures: failedExpectations.map(({message}) => message.split('\n', 1)[0]),
  };
}
