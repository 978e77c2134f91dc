import {readFileSync} from 'node:fs';
import {availableParallelism, cpus, loadavg, platform, totalmem} from 'node:os';
// Registers the flags that are read here.
import '@tensorflow/tfjs-backend-wasm';
import {env} from '@tensorflow/tfjs-core';
import {packageFile} from '../io/package-file.js';

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly platform: string;
  /** Average number of processes that wanted a core, over the minute before. */
  readonly load: number;
  readonly node: string;
  /** Versions by package. */
  readonly packages: Readonly<Record<string, string>>;
  readonly wasm: string;
}

const PACKAGES = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-backend-wasm',
  '@tfjs-capture/hooks',
];

/** Call it before anything is measured, since its load is that of the minute before. */
export async function thisMachine(): Promise<Machine> {
  const hasSimd = await env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const hasThreads = await env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()} ${process.arch}`,
    load: loadavg()[0] ?? NaN,
    node: process.versions.node,
    packages: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
    wasm: `${hasSimd ? 'SIMD' : 'no SIMD'}, ${hasThreads ? 'several threads' : 'one thread'}`,
  };
}

function versionOf(name: string): string {
  const {version} = JSON.parse(readFileSync(packageFile(name, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
