/**
 * Methods of classes, swapped for ours while a scope is open.
 *
 * How: a wrapper is made once per method and kept; installing is a plain store where the method is
 * defined. V8 keeps compiled code through that, which it does not when properties are added, deleted
 * or defined anew. No instance gains a field.
 *
 * Swaps of the same method pile up, and may end in any order. One that ends under another cannot be taken
 * out of the middle, so its wrapper is marked, and whoever puts back what it found passes it over.
 */

/** A method together with the object that defines it. */
interface Swap<H, F> {
  readonly holder: H;
  original: Marked<F>;
  ours: Marked<F>;
}

/** A wrapper that ended under another one, and so is retained by it, tells what lies under it. */
type Marked<F> = F & {retained?: Marked<F>};

/**
 * Reads and writes one method by its literal name. Written out for each name, since access by a
 * variable name costs several times as much, and there are some seventy classes.
 */
export interface MethodAccess<H, F> {
  readonly name: string;
  readonly read: (holder: H) => F;
  readonly write: (holder: H, method: F) => void;
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
export interface MethodSwaps {
  /** Adds the method that `object` has, wherever on its prototype chain that is defined. */
  add(object: object): void;
  /** Adds a method that is installed by `installSpare` alone, until it is added for good. */
  addSpare(object: object): void;
  install(): void;
  installSpare(): void;
  uninstall(): void;
}

/** @param wrap makes the method to put in place of the original; `isInstalled` tells whether it is in use */
export function swapMethods<H extends object, F>(
  {name, read, write}: MethodAccess<H, F>,
  wrap: (original: F, isInstalled: () => boolean) => F,
): MethodSwaps {
  const swaps = new Map<H, Swap<H, F>>();
  /** Those that need not be installed: nobody has been seen to use them. */
  const spare = new Map<H, Swap<H, F>>();
  let installed = false;
  let isSpareInstalled = false;

  const isInstalled = (): boolean => installed;

  function holderOf(object: object): H | null {
    let holder: object | null = object;
    while (holder && !Object.hasOwn(holder, name)) {
      holder = Object.getPrototypeOf(holder) as object | null;
    }
    return holder as H | null;
  }

  function swapOf(holder: H): Swap<H, F> {
    return {
      holder,
      original: read(holder) as Marked<F>,
      ours: wrap(read(holder), isInstalled) as Marked<F>,
    };
  }

  function put(swap: Swap<H, F>): void {
    const {holder, original, ours} = swap;
    // One that has been marked may still lie under another: that one needs the mark.
    if (![original, ours].includes(read(holder) as Marked<F>) || ours.retained) {
      Object.assign(swap, swapOf(holder));
    }
    write(holder, swap.ours);
  }

  function takeOut({holder, original, ours}: Swap<H, F>): void {
    if (read(holder) === ours) {
      while (original.retained) original = original.retained;
      write(holder, original);
    }
    // A method that somebody else put there meanwhile is theirs, and stays.
    else ours.retained = original;
  }

  return {
    add(object) {
      const holder = holderOf(object);
      if (holder && !swaps.has(holder)) {
        const swap = spare.get(holder) ?? swapOf(holder);
        swaps.set(holder, swap);
        spare.delete(holder);
        if (installed) put(swap);
      }
    },
    addSpare(object) {
      const holder = holderOf(object);
      if (holder && !swaps.has(holder) && !spare.has(holder)) spare.set(holder, swapOf(holder));
    },
    install() {
      if (!installed) swaps.forEach(put);
      installed = true;
    },
    installSpare() {
      if (!isSpareInstalled) spare.forEach(put);
      isSpareInstalled = true;
    },
    uninstall() {
      swaps.forEach(takeOut);
      if (isSpareInstalled) spare.forEach(takeOut);
      isSpareInstalled = installed = false;
    },
  };
}
