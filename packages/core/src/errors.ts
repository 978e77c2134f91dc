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

/** The error for an argument that breaks a rule: `caller: rule, got X. What to do.` */
export const wrongArgument = (
  caller: string,
  rule: string,
  got: unknown,
  remedy: string,
): CaptureArgumentError =>
  new CaptureArgumentError(`${caller}: ${rule}, got ${describe(got)}. ${remedy}`);

/** Names a value for an error message, briefly. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  const {constructor} = value as {constructor?: {name: string}};
  return `an object of class ${constructor?.name ?? 'null'}`;
}
