/**
 * Wraps the named kernels of all backends, the straightforward way.
 *
 * @param {string[]} names
 * @param {(kernel: object) => (params: object) => object} wrap makes the function that runs in place of a kernel
 * @returns {() => void} the undo
 */
export function wrapKernels(names, wrap) {
  const registry = globalThis._tfGlobals.get('kernelRegistry');
  const originals = [...registry].filter(([, kernel]) => names.includes(kernel.kernelName));
  for (const [key, kernel] of originals) registry.set(key, {...kernel, kernelFunc: wrap(kernel)});
  return () => {
    for (const [key, kernel] of originals) registry.set(key, kernel);
  };
}
