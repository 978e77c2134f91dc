// Which methods of the engine and the backends are no longer those that were there at first.

/** For each object that holds methods, those that it had when it was first seen. */
const first = new WeakMap();

/**
 * @param {object[]} objects looked at with all their prototypes
 * @returns {string[]} one line for each method that is gone, new, or another function
 */
export function replacedMethods(objects) {
  const lines = new Set();
  for (const object of objects) {
    for (let holder = object; holder && holder !== Object.prototype;) {
      const now = methodsOf(holder);
      if (!first.has(holder)) first.set(holder, now);
      for (const name of changedNames(first.get(holder), now)) {
        const own = holder === object ? ' (own)' : '';
        lines.add(`${object.constructor.name}.${name}${own}`);
      }
      holder = Object.getPrototypeOf(holder);
    }
  }
  return [...lines].sort();
}

function methodsOf(holder) {
  const methods = new Map();
  for (const name of Object.getOwnPropertyNames(holder)) {
    const {value} = Object.getOwnPropertyDescriptor(holder, name);
    if (typeof value === 'function') methods.set(name, value);
  }
  return methods;
}

const changedNames = (before, now) =>
  [...new Set([...before.keys(), ...now.keys()])].filter(
    (name) => before.get(name) !== now.get(name),
  );
