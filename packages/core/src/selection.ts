/** Turns a layer filter into a test of hook points. */
import {wrongArgument} from './errors.js';
import type {HookPoint, LayerFilter} from './hook-point.js';

export interface Selection {
  /** Whether it selects everything: there is no filter. */
  readonly isEverything: boolean;
  /** Whether it selects nothing at all. */
  readonly isEmpty: boolean;
  /** By name alone: true and false are final; undefined means that `byPoint` must be asked. */
  readonly byName: (name: string) => boolean | undefined;
  readonly byPoint: (point: HookPoint) => boolean;
}

/** Of the last filter that was a name or none: scopes come in series. */
let last: {readonly filter: unknown; readonly selection: Selection} | null = null;

/**
 * @param filter what the user passed; undefined selects everything
 * @param caller the public function, for the message
 * @throws CaptureArgumentError for a filter of another kind, an empty glob included
 */
export function compileFilter(filter: LayerFilter | undefined, caller: string): Selection {
  if (last?.filter === filter && last) return last.selection;
  const selection = compile(filter, caller);
  if (typeof filter !== 'object') last = {filter, selection};
  return selection;
}

function compile(filter: LayerFilter | undefined, caller: string): Selection {
  const isEverything = filter === undefined;
  const names: RegExp[] = [];
  const predicates: ((point: HookPoint) => boolean)[] = [];
  const add = (part: unknown): void => {
    if (typeof part === 'string') names.push(globToRegExp(part));
    else if (isRegExp(part)) {
      // Without 'g' and 'y', which would make each test begin where the last one ended.
      names.push(new RegExp(part.source, part.flags.replace(/[gy]/g, '')));
    } else if (typeof part === 'function') predicates.push(part as (point: HookPoint) => boolean);
    else if (Array.isArray(part)) part.forEach(add);
    else {
      throw wrongArgument(
        caller,
        'layers must be a glob, a RegExp, a predicate or an array of these',
        part,
        "Pass a name such as 'block*_conv*'.",
      );
    }
  };
  if (!isEverything) add(filter);
  const fits = (name: string): boolean =>
    isEverything || names.some((pattern) => pattern.test(name));
  return {
    isEverything,
    isEmpty: !isEverything && names.length + predicates.length === 0,
    byName: (name) => fits(name) || (predicates.length > 0 ? undefined : false),
    byPoint: (point) => fits(point.name) || predicates.some((predicate) => predicate(point)),
  };
}

/** Also true for regular expressions of another realm, such as a test runner's. */
const isRegExp = (value: unknown): value is RegExp =>
  Object.prototype.toString.call(value) === '[object RegExp]';

const GLOB_TOKEN = /\*\*\/|\*\*|\*|\?|\{([^{}]*)\}|[\\^$.|+()[\]{}]/g;
const OF_TOKEN: Readonly<Record<string, string>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};

/** `*` and `?` stay within a path segment, `**` crosses them, `{a,b}` is either; all else is literal. */
export function globToRegExp(glob: string): RegExp {
  return new RegExp(`^${translate(glob)}$`);
}

const translate = (glob: string): string =>
  glob.replace(GLOB_TOKEN, (token, choices: string | undefined) =>
    choices === undefined
      ? (OF_TOKEN[token] ?? `\\${token}`)
      : `(?:${choices.split(',').map(translate).join('|')})`,
  );
