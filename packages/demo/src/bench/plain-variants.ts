import {disposeOutput, predict, tensorsOf} from './variant.js';
import type {Subject, Variant} from './variant.js';

export const PLAIN = 'plain predict';
export const PLAIN_AGAIN = `${PLAIN} once more: the noise`;

/** The same call twice: what the second one differs from the first by is the measurement's noise. */
export function plainVariants(subject: Subject): Variant[] {
  return [PLAIN, PLAIN_AGAIN].map((name) => ({
    name,
    isBudgeted: true,
    run() {
      disposeOutput(predict(subject));
    },
    yield() {
      const output = predict(subject);
      return {
        results: tensorsOf(output),
        dispose() {
          disposeOutput(output);
        },
      };
    },
  }));
}
