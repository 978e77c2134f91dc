/**
 * A process that benchmarks one model, so that nothing is in its figures that other models leave
 * behind in V8 and in WASM.
 */
import {startWasmBackend} from '../wasm-backend.js';
import {benchmarkModel} from './benchmark-model.js';
import {benchmarkedModel} from './benchmarked-models.js';
import type {MeasureOptions} from './measure-interleaved.js';
import {answer} from './process-channel.js';

export type ModelRequest = Omit<MeasureOptions, 'onProgress'>;

const benchmarked = benchmarkedModel(process.argv[2] ?? '');
await startWasmBackend();

answer((request) =>
  benchmarkModel(benchmarked, {
    ...(request as ModelRequest),
    onProgress: (sentence) => {
      console.error(`  ${benchmarked.title}: ${sentence}`);
    },
  }),
);
