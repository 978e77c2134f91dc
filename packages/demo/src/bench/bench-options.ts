import {resolve} from 'node:path';
import {parseArgs} from 'node:util';
import {benchmarkedModels} from './benchmarked-models.js';
import type {BenchmarkedModel} from './benchmarked-models.js';

export interface BenchOptions {
  readonly models: readonly BenchmarkedModel[];
  /** Measures a twelfth as long, and leaves out what happens after scopes and captures. */
  readonly quick: boolean;
  /** Where to write all figures as JSON. */
  readonly json: string | undefined;
  /** Whether to write the tables into docs/benchmarks.md. */
  readonly write: boolean;
}

/** @throws Error that says which argument is wrong. */
export function readBenchOptions(args: string[]): BenchOptions | 'help' {
  const {values} = parseArgs({
    args,
    options: {
      help: {type: 'boolean', short: 'h', default: false},
      quick: {type: 'boolean', default: false},
      only: {type: 'string', multiple: true, default: []},
      json: {type: 'string'},
      write: {type: 'boolean', default: false},
    },
  });
  const {help, quick, only, json, write} = values;
  if (help) return 'help';
  if (write && (quick || only.length > 0)) {
    throw new Error('--write takes the figures of a whole run. Leave out --quick and --only.');
  }
  return {
    models:
      only.length > 0
        ? modelsOf(only)
        : benchmarkedModels.filter((model) => !quick || !model.isSlow),
    quick,
    // npm starts scripts in the folder of their package.json, and tells here where it was called.
    json: json === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? '.', json),
    write,
  };
}

export const benchHelp = [
  'npm run bench [-- [--quick] [--only MODEL]… [--json FILE] [--write]]',
  '',
  'Compares a capture with plain predict and with what else gets at the insides of a model.',
  '',
  '  --quick       about a minute, rougher figures, without the slowest model',
  `  --only MODEL  ${benchmarkedModels.map(({key}) => key).join(', ')}; or how one begins`,
  '  --json FILE   writes all figures there',
  '  --write       writes the tables into docs/benchmarks.md',
  '  --help        this text',
].join('\n');

function modelsOf(only: readonly string[]): BenchmarkedModel[] {
  for (const start of only) {
    if (benchmarkedModels.some(({key}) => key.startsWith(start))) continue;
    const keys = benchmarkedModels.map(({key}) => key).join(', ');
    throw new Error(`--only takes ${keys}, or how one begins, got '${start}'.`);
  }
  return benchmarkedModels.filter(({key}) => only.some((start) => key.startsWith(start)));
}
