/**
 * Methods of classes, swapped for ours while a scope is open.
 *
 * How: a wrapper is made once per method and kept; installing is a plain store where the method is
 * defined. V8 keeps compiled code through that, which it does not when properties are added, deleted
 * or defined anew. No instance gains a field.
 */

/** A method together with the object that defines it. */
interface Swap<H, F> {
  readonly holder: H;
  original: F;
  ours: F;
}

/**
 * Reads and writes one method by its literal name. Written out for each name, since access by a
 * variable name costs several times as much, and there are some seventy classes.
 */
export interface MethodAccess<H, F> {
  readonly name: string;
  read(holder: H): F;
  write(holder: H, method: F): void;
}

/** A method that few classes define: its name need not be literal. */
export const methodNamed = <F>(name: string): MethodAccess<Record<string, F>, F> => ({
  name,
  read: (holder) => holder[name] as F,
  write(holder, method) {
    holder[name] = method;
  },
});

/** All swapped methods of one name. */
export class MethodSwaps<H extends object, F> {
  private readonly swaps: Swap<H, F>[] = [];
  /** Those that need not be installed: nobody has been seen to use them. */
  private readonly spare: Swap<H, F>[] = [];
  private installed = false;
  private spareInstalled = false;

  /** @param wrap makes the method to put in place of the original */
  constructor(
    private readonly access: MethodAccess<H, F>,
    private readonly wrap: (original: F) => F,
  ) {}

  /** Adds the method that `object` has, wherever on its prototype chain that is defined. */
  add(object: object): void {
    const holder = this.holderOf(object);
    if (holder === null || this.swaps.some((swap) => swap.holder === holder)) return;
    const index = this.spare.findIndex((swap) => swap.holder === holder);
    const swap = index < 0 ? this.swapOf(holder) : (this.spare.splice(index, 1)[0] as Swap<H, F>);
    this.swaps.push(swap);
    if (this.installed) this.put(swap);
  }

  /** Adds a method that is installed by `installSpare` alone, until it is added for good. */
  addSpare(object: object): void {
    const holder = this.holderOf(object);
    if (holder === null || [...this.swaps, ...this.spare].some((swap) => swap.holder === holder)) {
      return;
    }
    this.spare.push(this.swapOf(holder));
  }

  install(): void {
    this.installed = true;
    for (const swap of this.swaps) this.put(swap);
  }

  installSpare(): void {
    if (this.spareInstalled) return;
    this.spareInstalled = true;
    for (const swap of this.spare) this.put(swap);
  }

  uninstall(): void {
    for (const swap of this.swaps) this.takeOut(swap);
    if (this.spareInstalled) for (const swap of this.spare) this.takeOut(swap);
    this.installed = false;
    this.spareInstalled = false;
  }

  private swapOf(holder: H): Swap<H, F> {
    const original = this.access.read(holder);
    return {holder, original, ours: this.wrap(original)};
  }

  private put(swap: Swap<H, F>): void {
    const present = this.access.read(swap.holder);
    if (present === swap.ours) return;
    if (present !== swap.original) {
      swap.original = present;
      swap.ours = this.wrap(present);
    }
    this.access.write(swap.holder, swap.ours);
  }

  private takeOut({holder, original, ours}: Swap<H, F>): void {
    // A method that somebody else put there meanwhile is theirs, and stays.
    if (this.access.read(holder) === ours) this.access.write(holder, original);
  }

  private holderOf(object: object): H | null {
    let holder: object | null = object;
    while (holder !== null && !Object.hasOwn(holder, this.access.name)) {
      holder = Object.getPrototypeOf(holder) as object | null;
    }
    return holder as H | null;
  }
}
