// How the kernel registry differs from what it held before the first test, by identity of its entries.
import {createHash} from 'node:crypto';

const registry = () => globalThis._tfGlobals.get('kernelRegistry');

const first = new Map(registry());

/**
 * Tests register kernels of their own. An entry that is not the first one is described by its function's
 * source, so that the test's own kernel and a wrapper that somebody left around it are told apart.
 *
 * @returns {string[]} one line for each key that is gone, new, or has another entry
 */
export function replacedKernels() {
  const now = registry();
  const lines = [];
  for (const [key, kernel] of now) {
    if (first.get(key) !== kernel) {
      lines.push(`${key} ${first.has(key) ? 'replaced' : 'added'}: ${digest(kernel.kernelFunc)}`);
    }
  }
  for (const key of first.keys()) if (!now.has(key)) lines.push(`${key} removed`);
  return lines.sort();
}

const digest = (fn) => createHash('sha256').update(String(fn)).digest('hex').slice(0, 12);
