import {withCapture} from '@tfjs-capture/hooks';
import type {CaptureOptions} from '@tfjs-capture/hooks';
import {spreadOf} from './spread.js';
import type {Spread} from './spread.js';

/** What it costs to enter and leave a scope in which nothing happens. */
export interface EmptyScopes {
  readonly what: string;
  readonly microseconds: Spread;
}

const KINDS: readonly {what: string; options: CaptureOptions | undefined}[] = [
  {what: 'layers: []', options: {layers: []}},
  {what: "layers: 'no/such/layer'", options: {layers: 'no/such/layer'}},
  {what: 'everything selected', options: undefined},
];
const PER_SAMPLE = 100;

/** Measures them in turn, after as long a warm-up. */
export function measureEmptyScopes(seconds: number): EmptyScopes[] {
  const samples = KINDS.map((): number[] => []);
  for (const isWarmUp of [true, false]) {
    const end = performance.now() + 500 * seconds;
    while (performance.now() < end) {
      for (const [index, {options}] of KINDS.entries()) {
        const microseconds = timed(options);
        if (!isWarmUp) samples[index]?.push(microseconds);
      }
    }
  }
  return KINDS.map(({what}, index) => ({what, microseconds: spreadOf(samples[index] ?? [])}));
}

function timed(options: CaptureOptions | undefined): number {
  const start = performance.now();
  for (let i = 0; i < PER_SAMPLE; i++) withCapture(() => null, options).dispose();
  return (1000 * (performance.now() - start)) / PER_SAMPLE;
}
