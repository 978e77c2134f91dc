/** Results that are computed when somebody reads them: of a deep network's channels they are some hundred thousand numbers. */

/** What has a result, until that has been read; then the result. */
interface Result {
  source: {finish(): unknown} | null;
  value: unknown;
}

const RESULT = Symbol('result');

/** One getter for all: V8 keeps what each closes over until it collects all its garbage, not young objects alone. */
const VALUE: PropertyDescriptor & ThisType<{readonly [RESULT]: Result}> = {
  configurable: true,
  enumerable: true,
  get() {
    const result = this[RESULT];
    if (result.source) {
      result.value = result.source.finish();
      result.source = null;
    }
    return result.value;
  },
};

/** Gives `record` the property `value`: what `source.finish()` returns, which is called once at most. */
export function finishWhenRead(record: object, source: {finish(): unknown}): void {
  const result: Result = {source, value: undefined};
  Object.defineProperty(record, RESULT, {configurable: true, value: result});
  Object.defineProperty(record, 'value', VALUE);
}
