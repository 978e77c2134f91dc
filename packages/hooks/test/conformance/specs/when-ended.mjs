/**
 * Runs `fn`, and `after` when it has returned or thrown, or when the promise that it returned has settled.
 *
 * @param {() => unknown} fn
 * @param {(threw: boolean) => void} after
 * @returns {unknown} what `fn` returned
 */
export function whenEnded(fn, after) {
  let result;
  try {
    result = fn();
  } catch (error) {
    after(true);
    throw error;
  }
  if (!isPromise(result)) {
    after(false);
    return result;
  }
  return result.then(
    (value) => {
      after(false);
      return value;
    },
    (error) => {
      after(true);
      throw error;
    },
  );
}

export const isPromise = (value) => typeof value?.then === 'function';
