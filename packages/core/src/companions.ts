/** What must be installed for as long as a scope is open: wrapped kernels, patched layers. */
import {runtime} from './runtime.js';

export interface Companion {
  /** Tells companions apart. */
  readonly name: string;
  /** Called whenever a scope opens, also while installed. */
  install(): void;
  /** Called when the last scope closes. */
  uninstall(): void;
  /**
   * Makes known a namespace of TensorFlow.js, or a model, whose classes it may not have met.
   *
   * @returns whether it found classes there
   */
  bind?(source: object): boolean;
  /** Called at a scope's first activation outside everything that has a name. */
  meetUnnamed?(): void;
}

/**
 * Adds a companion, once per name in a realm: a second copy of a package finds the first one's.
 * It is installed with the next scope that opens.
 */
export function addCompanion(name: string, create: () => Companion): void {
  if (!hasCompanion(name)) runtime().companions.push(create());
}

export const hasCompanion = (name: string): boolean =>
  runtime().companions.some((companion) => companion.name === name);

/** Makes a source known to every companion. Returns whether any of them found classes there. */
export function bindCompanions(source: object): boolean {
  const found = runtime().companions.map((companion) => companion.bind?.(source));
  return found.includes(true);
}
