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

const EVERYTHING: Selection = {
  isEverything: true,
  isEmpty: false,
  byName: () => true,
  byPoint: () => true,
};

/**
 * @param filter what the user passed; undefined selects everything
 * @param caller the public function, for the message
 * @throws CaptureArgumentError for a filter of another kind, an empty glob included
 */
export function compileFilter(filter: LayerFilter | undefined, caller: string): Selection {
  if (filter === undefined) return EVERYTHING;
  const names: RegExp[] = [];
  const predicates: ((point: HookPoint) => boolean)[] = [];
  collect(filter, names, predicates, caller);
  return {
    isEverything: false,
    isEmpty: names.length + predicates.length === 0,
    byName(name) {
      if (names.some((pattern) => pattern.test(name))) return true;
      return predicates.length > 0 ? undefined : false;
    },
    byPoint: (point) =>
      names.some((pattern) => pattern.test(point.name)) ||
      predicates.some((predicate) => predicate(point)),
  };
}

function collect(
  filter: unknown,
  names: RegExp[],
  predicates: ((point: HookPoint) => boolean)[],
  caller: string,
): void {
  if (typeof filter === 'string') names.push(globToRegExp(filter));
  else if (isRegExp(filter)) {
    // Without 'g' and 'y', which would make each test begin where the last one ended.
    names.push(new RegExp(filter.source, filter.flags.replace(/[gy]/g, '')));
  } else if (typeof filter === 'function') predicates.push(filter as (point: HookPoint) => boolean);
  else if (Array.isArray(filter)) {
    for (const part of filter) collect(part, names, predicates, caller);
  } else {
    throw wrongArgument(
      caller,
      'layers must be a glob, a RegExp, a predicate or an array of these',
      filter,
      "Pass a name such as 'block*_conv*', or leave it out to select all.",
    );
  }
}

/** Also true for regular expressions of another realm, such as a test runner's. */
const isRegExp = (value: unknown): value is RegExp =>
  Object.prototype.toString.call(value) === '[object RegExp]';

const GLOB_TOKEN = /\*\*\/|\*\*|\*|\?|\{([^{}]*)\}|[\\^$.|+()[\]{}]/g;

/** `*` and `?` stay within a path segment, `**` crosses them, `{a,b}` is either; all else is literal. */
export function globToRegExp(glob: string): RegExp {
  return new RegExp(`^${translate(glob)}$`);
}

function translate(glob: string): string {
  return glob.replace(GLOB_TOKEN, (token, choices: string | undefined) => {
    if (choices !== undefined) return `(?:${choices.split(',').map(translate).join('|')})`;
    switch (token) {
      case '**/':
        return '(?:.*/)?';
      case '**':
        return '.*';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      default:
        return `\\${token}`;
    }
  });
}
