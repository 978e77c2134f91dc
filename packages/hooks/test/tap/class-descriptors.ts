/** What a tap could change of a model and its classes. */

/** The property descriptors of an object and of all prototypes under it. */
export function descriptorsOf(object: object): PropertyDescriptorMap[] {
  const found: PropertyDescriptorMap[] = [];
  for (let at = object; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    found.push(Object.getOwnPropertyDescriptors(at));
  }
  return found;
}

/** Fails unless both are the same, values by identity and properties in order. */
export function expectSameDescriptors(
  actual: readonly PropertyDescriptorMap[],
  expected: readonly PropertyDescriptorMap[],
): void {
  expect(actual.map((one) => Reflect.ownKeys(one))).toEqual(
    expected.map((one) => Reflect.ownKeys(one)),
  );
  actual.forEach((one, i) => {
    for (const [name, {value, get, set, ...flags}] of Object.entries(one)) {
      const before = expected[i]![name]!;
      const isSame = value === before.value && get === before.get && set === before.set;
      const {writable, enumerable, configurable} = before;
      const flagsBefore =
        'writable' in flags ? {writable, enumerable, configurable} : {enumerable, configurable};
      expect({name, isSame, flags}).toEqual({name, isSame: true, flags: flagsBefore});
    }
  });
}
