/**
 * Methods of classes, swapped for ours while a scope is open.
 *
 * How: a wrapper is made once per method and kept; installing is a plain store where the method is
 * defined. V8 keeps compiled code through that, which it does not when properties are added, deleted
 * or defined anew. No instance gains a field.
 */

/** A method together with the object that defines it. */
interface Swap<K extends string, F> {
  readonly holder: Record<K, F>;
  original: F;
  ours: F;
}

/** All swapped methods of one name. */
export class MethodSwaps<K extends string, F extends (...args: never[]) => unknown> {
  private readonly swaps: Swap<K, F>[] = [];
  private readonly holders = new WeakSet();
  private installed = false;

  /**
   * @param key the method's name
   * @param wrap makes the method to put in place of the original
   * @param store assigns to `holder[key]` by its literal name: a keyed store costs ten times as much
   */
  constructor(
    private readonly key: K,
    private readonly wrap: (original: F) => F,
    private readonly store: (holder: Record<K, F>, method: F) => void,
  ) {}

  /** Adds the method that `object` has, wherever on its prototype chain that is defined. */
  add(object: object): void {
    const holder = this.holderOf(object);
    if (holder === null || this.holders.has(holder)) return;
    this.holders.add(holder);
    const original = holder[this.key];
    const swap = {holder, original, ours: this.wrap(original)};
    this.swaps.push(swap);
    if (this.installed) this.store(holder, swap.ours);
  }

  install(): void {
    this.installed = true;
    for (const swap of this.swaps) {
      const {holder} = swap;
      const present = holder[this.key];
      if (present === swap.ours) continue;
      if (present !== swap.original) {
        swap.original = present;
        swap.ours = this.wrap(present);
      }
      this.store(holder, swap.ours);
    }
  }

  uninstall(): void {
    this.installed = false;
    for (const {holder, original, ours} of this.swaps) {
      // A method that somebody else put there meanwhile is theirs, and stays.
      if (holder[this.key] === ours) this.store(holder, original);
    }
  }

  private holderOf(object: object): Record<K, F> | null {
    let holder: object | null = object;
    while (holder !== null && !Object.hasOwn(holder, this.key)) {
      holder = Object.getPrototypeOf(holder) as object | null;
    }
    return holder as Record<K, F> | null;
  }
}
