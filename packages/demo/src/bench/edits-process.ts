/** A process that measures what edits and gradients of one model cost. */
import {startWasmBackend} from '../wasm-backend.js';
import {benchmarkedModel} from './benchmarked-models.js';
import {compareEdits} from './compare-edits.js';
import type {ModelRequest} from './model-process.js';
import {answer} from './process-channel.js';

const benchmarked = benchmarkedModel(process.argv[2] ?? '');
await startWasmBackend();

answer((request) =>
  compareEdits(benchmarked, {
    ...(request as ModelRequest),
    onProgress: (sentence) => {
      console.error(`  ${benchmarked.title}, edits and gradients: ${sentence}`);
    },
  }),
);
