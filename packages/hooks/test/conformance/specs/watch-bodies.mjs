// Puts each test's body into a scope, and notes what TensorFlow.js is left with when the body has ended.
import {readEngineState} from './engine-state.mjs';
import {seedRandom} from './seed-random.mjs';
import {whenEnded} from './when-ended.mjs';

/**
 * Must be called before the tests are loaded.
 *
 * @param {(body: () => unknown, note: (record: object) => void) => unknown} scope runs a body, see scopes.mjs
 * @returns {{takeNotes(): {threw: boolean, state: object | null, records: object[]}}} what the body of the
 *     test that ran last left; for a test that has not run, nothing
 */
export function watchBodies(scope) {
  let notes = nothing();
  const run = (body) => {
    seedRandom();
    // Looks at the backends before anything of a scope can be in them.
    readEngineState();
    return whenEnded(
      () => scope(body, (record) => notes.records.push(record)),
      (threw) => {
        notes.threw = threw;
        notes.state = readEngineState();
      },
    );
  };

  for (const name of ['it', 'fit']) {
    const define = globalThis[name];
    globalThis[name] = (description, body, ...timeout) =>
      body ? define(description, inside(run, body), ...timeout) : define(description);
  }

  return {
    takeNotes() {
      const taken = notes;
      notes = nothing();
      return taken;
    },
  };
}

const nothing = () => ({threw: false, state: null, records: []});

/** The body as jasmine gets it. A body that calls back becomes one that returns a promise, in every kind of scope. */
function inside(run, body) {
  return function () {
    return run(
      body.length === 0
        ? () => body.call(this)
        : () =>
            new Promise((resolve, reject) => {
              const done = (error) => (error instanceof Error ? reject(error) : resolve());
              done.fail = reject;
              body.call(this, done);
            }),
    );
  };
}
