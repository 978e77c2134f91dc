/** Layer filters made of others. */
import {compileFilter} from '@tfjs-capture/core';
import type {HookPoint, LayerFilter} from '@tfjs-capture/core';

type Predicate = (point: HookPoint) => boolean;

/**
 * Selects what every filter selects: `all('encoder/**', not('**' + '/proj'))`. Of none, everything.
 *
 * @param filters globs, RegExps, predicates, or arrays of which any may match
 * @throws CaptureArgumentError for anything else
 */
export function all(...filters: readonly LayerFilter[]): Predicate {
  const tests = testsOf(filters, 'all');
  return (point) => tests.every((test) => test(point));
}

/**
 * Selects what at least one filter selects, as an array of them does. Of none, nothing.
 *
 * @param filters globs, RegExps, predicates, or arrays of which any may match
 * @throws CaptureArgumentError for anything else
 */
export function any(...filters: readonly LayerFilter[]): Predicate {
  const tests = testsOf(filters, 'any');
  return (point) => tests.some((test) => test(point));
}

/**
 * Selects what a filter does not select.
 *
 * @param filter a glob, a RegExp, a predicate, or an array of which any may match
 * @throws CaptureArgumentError for anything else
 */
export function not(filter: LayerFilter): Predicate {
  const [test] = testsOf([filter], 'not') as [Predicate];
  return (point) => !test(point);
}

/** Each in an array of its own: an option that is undefined is no filter, a filter that is undefined is wrong. */
const testsOf = (filters: readonly LayerFilter[], caller: string): Predicate[] =>
  filters.map((filter) => compileFilter([filter], caller).byPoint);
