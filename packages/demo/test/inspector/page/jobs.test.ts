import {Cancelled} from '../../../inspector/page/engine-process.js';
import {alertText, dismissAlert} from '../../../inspector/page/state/alert.js';
import {activity, dropWaiting, lastFinished, schedule} from '../../../inspector/page/state/jobs.js';
import type {OnProgress} from '../../../inspector/protocol/engine.js';

// Preact is an ES module, which jest does not load here; state takes the signals from it, and nothing else.
jest.mock('@preact/signals', (): unknown => jest.requireActual('@preact/signals-core'));

beforeEach(dismissAlert);

/** A job that ends when it is told to. */
function held() {
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {task: () => over, end};
}

test('jobs run one after another', async () => {
  const order: string[] = [];
  const task = (name: string) => async () => {
    order.push(`${name} begins`);
    await Promise.resolve();
    order.push(`${name} ends`);
  };
  await Promise.all([schedule('main', task('a')), schedule('edited', task('b'))]);
  expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  expect(activity.value).toBeNull();
});

test('of jobs of one kind that wait, the newest runs alone, and nobody waits for ever', async () => {
  const ran: number[] = [];
  const first = held();
  const jobs = [schedule('main', first.task)];
  for (const n of [1, 2, 3]) {
    jobs.push(
      schedule('main', async () => {
        ran.push(n);
      }),
    );
  }
  first.end();
  await Promise.all(jobs);
  expect(ran).toEqual([3]);
});

test('an error is shown by its sentence, and the next job runs', async () => {
  const failed = schedule('main', async () => {
    throw new Error('The shard is too short. Copy it again.');
  });
  let ran = false;
  await schedule('edited', async () => {
    ran = true;
  });
  await failed;
  expect(alertText.value).toBe('The shard is too short. Copy it again.');
  expect(ran).toBe(true);
});

test('what was cancelled is told, and is no error', async () => {
  await schedule('main', async (onProgress) => {
    onProgress({stage: 'Running the model', share: 0.5});
    throw new Cancelled('The engine was ended.');
  });
  expect(alertText.value).toBeNull();
  expect(lastFinished.value).toBe('Running the model: cancelled.');
});

test('progress that comes after the end is not shown', async () => {
  let late: OnProgress = () => undefined;
  await schedule('main', async (onProgress) => {
    late = onProgress;
  });
  late({stage: 'Running the model', share: 0.9});
  expect(activity.value).toBeNull();
});

test('what waits can be dropped, and nobody waits for it', async () => {
  const first = held();
  let ran = false;
  const running = schedule('main', first.task);
  const dropped = schedule('edited', async () => {
    ran = true;
  });
  dropWaiting();
  await dropped;
  first.end();
  await running;
  expect(ran).toBe(false);
});
