// Writers get what the report says, and are closed when training ends.
import type {LayerReport} from '../../src/monitor/training-report.js';
import {consoleWriter} from '../../src/monitor/console-writer.js';
import type {ReportWriter, Summary} from '../../src/monitor/report-writer.js';
import {tensorBoardWriter} from '../../src/monitor/tensorboard-writer.js';
import {compiled, instance, mlp, monitor, train, witness} from './watched-training.js';
import {readEvents} from './read-events.js';

test('an event file holds what the report said after each observed batch', async () => {
  const pieces: Uint8Array[] = [];
  const reports: (readonly LayerReport[])[] = [];
  const seen = witness(16, 4, (value) => Math.max(0, value));
  const watch = monitor({every: 3, writers: [tensorBoardWriter((bytes) => pieces.push(bytes))]});
  const after = instance({
    onBatchEnd: () => Promise.resolve(void reports.push(watch.report().layers)),
  });
  const {history} = await train(compiled(mlp()), [seen.callback, watch, after], {rows: 16});
  const events = readEvents(new Uint8Array(Buffer.concat(pieces)));
  const read = events.flatMap(({step, values = []}) =>
    values.map((value) => ({step: Number(step), ...value})),
  );
  for (const step of [0, 3, 6]) {
    for (const [layer, report] of reports[step]!.entries()) {
      const valueOf = (statistic: string) =>
        read.find((found) => found.step === step && found.tag === `${report.name}/${statistic}`);
      const {dead, saturated, mean, variance, signFlipRate, margin, nan, infinite} = report;
      const scalars = {
        dead: dead.length,
        saturated: saturated.length,
        mean,
        variance,
        margin: margin!,
        nonFinite: nan + infinite,
        ...(signFlipRate !== null && {signFlipRate}),
      };
      for (const [statistic, value] of Object.entries(scalars)) {
        expect(valueOf(statistic)?.scalar).toBe(Math.fround(value));
      }
      const values = seen.batches[step]![layer]!.flat();
      const histogram = valueOf('preActivation')!.histogram!;
      expect(histogram.min).toBeCloseTo(Math.min(...values), 5);
      expect(histogram.max).toBeCloseTo(Math.max(...values), 5);
      expect(histogram.sum).toBeCloseTo(sumOf(values), 4);
      expect(histogram.sumOfSquares).toBeCloseTo(sumOf(values.map((value) => value ** 2)), 4);
      expect(histogram.count).toBe(values.length);
      expect(sumOf(histogram.counts)).toBe(values.length);
    }
  }
  const steps = new Set(read.filter(({tag}) => tag === 'first/mean').map(({step}) => step));
  expect([...steps]).toEqual([0, 3, 6]);
  expect(read.filter(({tag}) => tag === 'first/signFlipRate')).toHaveLength(2);
  expect(read.filter(({tag}) => tag === 'loss').map(({step}) => step)).toEqual([0, 3, 6]);
  const losses = read.filter(({tag}) => tag === 'epoch/loss').map(({scalar}) => scalar!);
  expect(losses).toHaveLength(2);
  losses.forEach((loss, epoch) => expect(loss).toBeCloseTo(history['loss']![epoch] as number, 5));
});

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

test('the console has one line per epoch', async () => {
  const lines: string[] = [];
  const watch = monitor({writers: [consoleWriter({log: (line) => lines.push(line)})]});
  await train(compiled(mlp()), watch);
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^step +0 {2}epoch\/loss .*epoch\/mae .*epoch\/dead .*nonFinite +0$/);
});

/** A writer that keeps count. */
function counting(): ReportWriter & {closed: number; written: Summary[]} {
  const writer = {
    closed: 0,
    written: [] as Summary[],
    write: (summaries: readonly Summary[]) => void writer.written.push(...summaries),
    close: () => {
      writer.closed++;
    },
  };
  return writer;
}

test('writers are closed when training ends, and a closed monitor watches no more', async () => {
  const writer = counting();
  const watch = monitor({writers: [writer]});
  const model = compiled(mlp());
  await train(model, watch);
  expect(writer.closed).toBe(1);
  await expect(train(model, watch)).rejects.toThrow(
    'monitor: it must not be closed, got another training. Make a new monitor.',
  );
  watch.close();
  expect(watch.report().batches).toBe(6);
});

test('close closes what a training that failed has left open', async () => {
  const writer = counting();
  const watch = monitor({writers: [writer]});
  const failing = instance({onEpochEnd: () => Promise.reject(new Error('of the callback'))});
  await expect(train(compiled(mlp()), [watch, failing])).rejects.toThrow('of the callback');
  expect(writer.closed).toBe(0);
  watch.close();
  expect(writer.closed).toBe(1);
  expect(writer.written.length).toBeGreaterThan(0);
});

test('behind plain objects, where logs come as numbers, the same is written', async () => {
  const [one, other] = [counting(), counting()];
  await train(compiled(mlp()), monitor({writers: [one]}));
  await train(compiled(mlp()), [{onTrainBegin: () => {}}, monitor({writers: [other]})]);
  const untimed = ({written}: {written: Summary[]}) =>
    written.map((summary) => ({...summary, wallTime: 0}));
  expect(untimed(other)).toEqual(untimed(one));
});
