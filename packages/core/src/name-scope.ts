/** Names for code that runs outside every layer. */
import {CaptureArgumentError, wrongArgument} from './errors.js';
import {enterFrame, leaveFrame} from './name-stack.js';
import {activeScope} from './scope.js';
import type {CaptureScope} from './scope.js';

/**
 * Runs `fn` under a name, on the same stack as the layers' names.
 *
 * Outside a scope it only runs `fn`.
 *
 * @param name one or more path segments, 'encoder' or 'encoder/attention'
 * @param fn synchronous code; what it returns is handed on
 * @throws CaptureArgumentError if the name is empty, or `fn` is no function or returns a promise
 *
 * @example
 * using capture = withCapture(() => nameScope('encoder', () => tf.relu(x)));
 * capture.pre('encoder');
 */
export function nameScope<T>(name: string, fn: () => T): T {
  if (typeof name !== 'string' || name === '') {
    throw wrongArgument(
      'nameScope',
      'the name must be a non-empty string',
      name,
      "Pass a name such as 'encoder'.",
    );
  }
  if (typeof fn !== 'function') {
    throw wrongArgument(
      'nameScope',
      'the second argument must be a function',
      fn,
      'Pass the code to run under the name.',
    );
  }
  const scope = activeScope();
  if (scope === null) return fn();
  const segments = name.split('/');
  for (const segment of segments) enterFrame(scope, null, segment, 'name');
  let result: T;
  try {
    result = fn();
  } finally {
    for (let at: CaptureScope | null = scope; at; at = at.parent)
      segments.forEach(() => leaveFrame(at));
  }
  if (result instanceof Promise) {
    throw new CaptureArgumentError(
      'nameScope: fn must be synchronous, got one that returns a promise. ' +
        'Put the name scope inside it, around the operations.',
    );
  }
  return result;
}
