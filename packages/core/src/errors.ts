/** Typed errors. Messages read `function: what is wrong, got X. What to do.` */

/** What every error of this library is. */
export class CaptureError extends Error {
  override name = 'CaptureError';
}

/** An argument or option of the wrong kind. */
export class CaptureArgumentError extends CaptureError {
  override name = 'CaptureArgumentError';
}

/** A scope that cannot be kept apart from another one on this platform. */
export class ScopeOverlapError extends CaptureError {
  override name = 'ScopeOverlapError';
}

/** Names a value for an error message, briefly. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  switch (typeof value) {
    case 'string':
      return `'${value}'`;
    case 'function':
      return value.name ? `function ${value.name}` : 'a function';
    case 'object':
      return `an object of class ${classNameOf(value)}`;
    case 'symbol':
      return value.toString();
    default:
      return (value as number | boolean | bigint | undefined)?.toString() ?? 'undefined';
  }
}

function classNameOf(value: object): string {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null ? 'null' : prototype.constructor.name;
}
