/** What else must be installed for as long as a scope is open: layer patches, for example. */
import {runtime} from './runtime.js';

export interface Companion {
  /** Called when the first scope opens. */
  install(): void;
  /** Called when a further scope opens or a backend is set, to cover what is new since. */
  refresh(): void;
  /** Called when the last scope closes. */
  uninstall(): void;
}

/**
 * Adds a companion, once per name in a realm: a second copy of a package finds the first one's.
 * While a scope is open it is installed at once.
 */
export function addCompanion(name: string, create: () => Companion): void {
  const {companions, open} = runtime();
  if (companions.has(name)) return;
  const companion = create();
  companions.set(name, companion);
  if (open > 0) companion.install();
}
