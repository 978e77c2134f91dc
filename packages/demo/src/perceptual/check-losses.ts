import type {Check} from '../verify/check.js';
import type {TrainingMoment} from './train.js';

/** Whether training has lowered the loss on both sides of the activation. */
export function checkLosses(
  before: readonly TrainingMoment[],
  after: readonly TrainingMoment[],
): Check {
  const [pre, post] = [endsOf(before), endsOf(after)];
  return {
    passed: pre.last < pre.first && post.last < post.first,
    sentence: `both losses went down: ${change(pre)} before the activation, ${change(post)} after it`,
  };
}

interface Ends {
  readonly first: number;
  readonly last: number;
}

function endsOf(moments: readonly TrainingMoment[]): Ends {
  return {first: moments[0]?.loss ?? NaN, last: moments.at(-1)?.loss ?? NaN};
}

function change({first, last}: Ends): string {
  return `${first.toFixed(3)} to ${last.toFixed(3)}`;
}
