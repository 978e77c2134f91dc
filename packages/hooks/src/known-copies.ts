/**
 * Finds the copies of tfjs-layers and tfjs-converter that are loaded: each has classes of its own.
 *
 * tfjs-layers is imported. tfjs-converter is an optional peer, so it is not: like every further copy it
 * is looked for among Node's CommonJS modules: TensorFlow.js has no other form in Node, for ES modules
 * either. In a browser there are `bindTo` and the option `model`.
 */
import {bindCompanions} from '@tfjs-capture/core';
import {env} from '@tensorflow/tfjs-core';
import {bindGraphs} from './bind-to.js';

/** Each copy registers its flag anew when it is loaded, in the one registry that all share. */
interface Marks {
  readonly TOPOLOGICAL_SORT_CACHE_MAX_ENTRIES?: object;
  readonly KEEP_INTERMEDIATE_TENSORS?: object;
}

const seen: {layers?: object | undefined; converter?: object | undefined} = {};

/** Binds all copies that are loaded. Looks anew only if another one has been loaded since. */
export function bindLoadedCopies(): void {
  const {flagRegistry} = env() as unknown as {flagRegistry: Marks};
  const {TOPOLOGICAL_SORT_CACHE_MAX_ENTRIES: layers, KEEP_INTERMEDIATE_TENSORS: converter} =
    flagRegistry;
  bindGraphs();
  if (layers === seen.layers && converter === seen.converter) return;
  Object.assign(seen, {layers, converter});
  for (const namespace of loadedNamespaces()) bindCompanions(namespace);
}

/** CommonJS's own `require`, where this runs as CommonJS. */
declare const require: {readonly cache?: ModuleCache} | undefined;
type ModuleCache = Readonly<Record<string, {readonly exports?: unknown} | undefined>>;

interface Platform {
  readonly process?: {
    getBuiltinModule?: (
      name: string,
    ) => {createRequire(path: string): {readonly cache: ModuleCache}} | undefined;
  };
}

function loadedNamespaces(): object[] {
  const {process} = globalThis as Platform;
  const cache =
    (typeof require === 'undefined' ? undefined : require.cache) ??
    process?.getBuiltinModule?.('node:module')?.createRequire('/').cache ??
    {};
  // By name first: to look into just any module's exports could run its getters.
  const files = Object.keys(cache).filter((file) => /\btf|tensorflow/i.test(file));
  return files
    .map((file) => cache[file]?.exports)
    .filter((value): value is object => typeof value === 'object' && value !== null);
}
