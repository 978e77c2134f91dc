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
  /** Added on suspicion: nobody has been seen to use it. */
  provisional: boolean;
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

/** All swapped methods of one name. */
export class MethodSwaps<H extends object, F> {
  private swaps: Swap<H, F>[] = [];
  private installed = false;

  /** @param wrap makes the method to put in place of the original */
  constructor(
    private readonly access: MethodAccess<H, F>,
    private readonly wrap: (original: F) => F,
  ) {}

  /**
   * Adds the method that `object` has, wherever on its prototype chain that is defined.
   *
   * @param provisional whether `dropProvisional` may drop it, unless it is added for good meanwhile
   */
  add(object: object, provisional = false): void {
    const holder = this.holderOf(object);
    if (holder === null) return;
    const known = this.swaps.find((swap) => swap.holder === holder);
    if (known) {
      known.provisional &&= provisional;
      return;
    }
    const original = this.access.read(holder);
    const swap = {holder, original, ours: this.wrap(original), provisional};
    this.swaps.push(swap);
    if (this.installed) this.access.write(holder, swap.ours);
  }

  /** Drops what nobody has been seen to use. Call it while nothing is installed. */
  dropProvisional(): void {
    if (this.swaps.some(({provisional}) => provisional)) {
      this.swaps = this.swaps.filter(({provisional}) => !provisional);
    }
  }

  install(): void {
    const {access, swaps} = this;
    this.installed = true;
    for (const swap of swaps) {
      const present = access.read(swap.holder);
      if (present === swap.ours) continue;
      if (present !== swap.original) {
        swap.original = present;
        swap.ours = this.wrap(present);
      }
      access.write(swap.holder, swap.ours);
    }
  }

  uninstall(): void {
    const {access, swaps} = this;
    this.installed = false;
    for (const {holder, original, ours} of swaps) {
      // A method that somebody else put there meanwhile is theirs, and stays.
      if (access.read(holder) === ours) access.write(holder, original);
    }
  }

  private holderOf(object: object): H | null {
    let holder: object | null = object;
    while (holder !== null && !Object.hasOwn(holder, this.access.name)) {
      holder = Object.getPrototypeOf(holder) as object | null;
    }
    return holder as H | null;
  }
}
