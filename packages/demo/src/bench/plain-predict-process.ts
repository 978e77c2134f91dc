/** A process that runs a benchmarked model when asked to, with or without capture. */
import {withCapture} from '@tfjs-capture/hooks';
import {startWasmBackend} from '../wasm-backend.js';
import {backendHeapBytes} from './backend-heap.js';
import {benchmarkedModel} from './benchmarked-models.js';
import {answer} from './process-channel.js';
import {disposeOutput, predict} from './variant.js';

export interface RunRequest {
  /** A scope that is empty records everything, and nothing happens in it. */
  readonly run: 'plain' | 'captured' | 'empty scope';
  readonly times: number;
}

export interface RunReply {
  /** Of one run, on average. */
  readonly milliseconds: number;
  readonly heapBytes: number | null;
}

const {load, input: makeInput} = benchmarkedModel(process.argv[2] ?? '');
await startWasmBackend();
const subject = {model: await load(), input: makeInput()};

const runs: Readonly<Record<RunRequest['run'], () => void>> = {
  plain: () => {
    disposeOutput(predict(subject));
  },
  captured: () => {
    const capture = withCapture(() => predict(subject));
    capture.dispose();
    disposeOutput(capture.result);
  },
  'empty scope': () => {
    withCapture(() => null).dispose();
  },
};

answer((request): RunReply => {
  const {run: name, times} = request as RunRequest;
  const run = runs[name];
  // A process that has waited for its turn finds its caches cold: short calls would be all about that.
  if (name === 'plain' && times > 1) for (let i = 0; i < times; i++) run();
  const start = performance.now();
  for (let i = 0; i < times; i++) run();
  return {milliseconds: (performance.now() - start) / times, heapBytes: backendHeapBytes()};
});
