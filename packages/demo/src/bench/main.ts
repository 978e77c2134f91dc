import {writeFile} from 'node:fs/promises';
import {benchHelp, readBenchOptions} from './bench-options.js';
import type {BenchOptions} from './bench-options.js';
import {drawTable} from './draw-table.js';
import {budgetTable, firstCaptureTable, modelTable, notesOf} from './result-tables.js';
import {runBenchmark} from './run-benchmark.js';
import {inWords, writeDocument} from './write-document.js';

async function bench({models, quick, json, write}: BenchOptions): Promise<void> {
  const result = await runBenchmark(models, quick, (model) => {
    const {title, hookPoints} = model;
    console.log(`\n${title}, ${hookPoints} hook points\n${drawTable(modelTable(model))}`);
    for (const note of notesOf(model)) console.log(note);
  });
  if (!quick) {
    console.log(`\nThe first capture in a process\n${drawTable(firstCaptureTable(result))}`);
  }
  console.log(`\nBudgets\n${drawTable(budgetTable(result))}`);
  console.log(`\n${inWords(result.machine)} ${result.seconds} s.`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(result, undefined, 2)}\n`);
  if (write) await writeDocument(result);
}

let options: BenchOptions | 'help' | undefined;
try {
  options = readBenchOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${benchHelp}`);
  process.exitCode = 2;
}
if (options === 'help') console.log(benchHelp);
else if (options) await bench(options);
