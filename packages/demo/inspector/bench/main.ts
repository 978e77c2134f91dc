/** A page that `npm run bench:inspector` builds and drives: it hands a picture to a worker and awaits its timings. */
import {wrap} from 'comlink';
import type {ExampleModel} from '../protocol/model.js';
import {pictureFromUrl} from '../page/state/picture.js';
import type {EngineBenchmark, EngineTimings} from './engine-benchmark.js';

declare global {
  /** For the script that drives the page. */
  var measureEngine: (rounds: number) => Promise<EngineTimings>;
}

const ROOT = new URL('../', document.baseURI);
const absolute = (path: string): string => new URL(path, ROOT).href;

globalThis.measureEngine = async (rounds) => {
  const examples = (await (
    await fetch(absolute('examples/examples.json'))
  ).json()) as ExampleModel[];
  const found = examples.find(({id}) => id === 'esrgan-slim');
  if (found === undefined) throw new Error('The benchmark needs the example esrgan-slim.');
  const example = {...found, url: absolute(found.url)};
  const picture = await pictureFromUrl(absolute(found.imageUrl));
  const worker = new Worker(new URL('./engine-benchmark.ts', import.meta.url), {type: 'module'});
  const benchmark = wrap<EngineBenchmark>(worker);
  return benchmark.measure({example, picture, wasmFolder: absolute('wasm/'), rounds});
};
