/**
 * Finds the copies of tfjs-layers and tfjs-converter that are loaded: each has classes of its own.
 *
 * tfjs-layers is imported here. tfjs-converter is an optional peer, so it is not: like every further
 * copy it is looked for where loaded code can be found, among Node's CommonJS modules (which ES modules
 * share, since TensorFlow.js has no other form in Node) and in `globalThis.tf`, where its script puts
 * it. In a browser's bundle neither helps: there `bindTo` and the option `model` do.
 */
import {bindCompanions} from '@tfjs-capture/core';
import {env} from '@tensorflow/tfjs-core';
import {ownNamespace} from './layer-classes.js';

/** Each copy registers its flag anew when it is loaded, in the one registry that all share. */
const MARKS = ['TOPOLOGICAL_SORT_CACHE_MAX_ENTRIES', 'KEEP_INTERMEDIATE_TENSORS'] as const;

let seen: readonly unknown[] | undefined;

/** Makes known what has been loaded since it was asked last. */
export function bindLoadedCopies(): void {
  const {flagRegistry} = env() as unknown as {flagRegistry: Record<string, unknown>};
  const marks = MARKS.map((mark) => flagRegistry[mark]);
  if (seen && marks.every((mark, i) => mark === seen?.[i])) return;
  if (seen === undefined) bindCompanions(ownNamespace());
  seen = marks;
  for (const namespace of loadedNamespaces()) bindCompanions(namespace);
}

/** CommonJS's own `require`, where this runs as CommonJS. */
declare const require: {readonly cache?: ModuleCache} | undefined;
type ModuleCache = Readonly<Record<string, {readonly exports?: unknown} | undefined>>;

interface Platform {
  readonly tf?: unknown;
  readonly process?: {
    getBuiltinModule?: (
      name: string,
    ) => {createRequire(path: string): {readonly cache: ModuleCache}} | undefined;
  };
}

function loadedNamespaces(): object[] {
  const {tf, process} = globalThis as Platform;
  const cache =
    (typeof require === 'undefined' ? undefined : require.cache) ??
    process?.getBuiltinModule?.('node:module')?.createRequire('/').cache ??
    {};
  // By name first: to look into just any module's exports could run its getters.
  const files = Object.keys(cache).filter((file) => /\btf|tensorflow/i.test(file));
  return [tf, ...files.map((file) => cache[file]?.exports)].filter(isNamespace);
}

const isNamespace = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && ('LayersModel' in value || 'GraphModel' in value);
