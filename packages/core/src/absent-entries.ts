/**
 * Adds to a registry what it lacks, and takes it out again with the last who asked for it.
 *
 * How: an entry of ours holds the count of those who need it, under a registered symbol, so that another
 * copy of this package finds and counts it too. The registry itself is all the state there is.
 */

/** What a Map has, as far as this needs it. */
export interface Entries<T extends object> {
  get(key: string): T | undefined;
  set(key: string, entry: T): void;
  delete(key: string): void;
}

const NEEDED_BY = Symbol.for('@tfjs-capture/needed-by');
type Counted = object & {[NEEDED_BY]?: number};

/**
 * Adds the entries whose keys are absent.
 *
 * @returns the undo; idempotent. Entries go with the last undo, unless somebody has replaced them
 */
export function addAbsent<T extends object>(
  registry: Entries<T>,
  entries: readonly (readonly [key: string, entry: T])[],
): () => void {
  let needed: (readonly [key: string, entry: T])[] = [];
  for (const [key, entry] of entries) {
    const present: Counted | undefined = registry.get(key);
    const count = present?.[NEEDED_BY];
    if (present === undefined) {
      // Not enumerable, so that somebody's copy of an entry is not taken for ours.
      Object.defineProperty(entry, NEEDED_BY, {value: 1, writable: true});
      registry.set(key, entry);
      needed.push([key, entry]);
    } else if (count) {
      present[NEEDED_BY] = count + 1;
      needed.push([key, present as T]);
    }
  }
  return () => {
    for (const [key, entry] of needed) {
      const counted: Counted = entry;
      counted[NEEDED_BY] = (counted[NEEDED_BY] ?? 1) - 1;
      if (counted[NEEDED_BY] === 0 && registry.get(key) === entry) registry.delete(key);
    }
    needed = [];
  };
}
