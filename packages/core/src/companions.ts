/** What else must be installed for as long as a scope is open: layer patches, for example. */
import {runtime} from './runtime.js';

export interface Companion {
  /** Tells companions apart. */
  readonly name: string;
  /** Called whenever a scope opens, also while installed. */
  install(): void;
  /** Called when the last scope closes. */
  uninstall(): void;
  /** Makes known a namespace of TensorFlow.js, or a model, whose classes it may not have met. */
  bind(source: object): void;
}

/**
 * Adds a companion, once per name in a realm: a second copy of a package finds the first one's.
 * It is installed with the next scope that opens.
 */
export function addCompanion(name: string, create: () => Companion): void {
  const {companions} = runtime();
  for (const companion of companions) if (companion.name === name) return;
  companions.push(create());
}

/** Makes a source known to every companion. */
export function bindCompanions(source: object): void {
  for (const companion of runtime().companions) companion.bind(source);
}
