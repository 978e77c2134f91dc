import {swapMethods} from './method-swaps.js';
import type {MethodAccess} from './method-swaps.js';

type Greet = (this: unknown) => string;
interface Greeter {
  greet: Greet;
}

const GREET: MethodAccess<Greeter, Greet> = {
  name: 'greet',
  read: (holder) => holder.greet,
  write(holder, method) {
    holder.greet = method;
  },
};

class Base {
  greet(): string {
    return 'base';
  }
}
class Inheriting extends Base {}
class Overriding extends Base {
  override greet(): string {
    return `over ${super.greet()}`;
  }
}

const loudly = (original: Greet): Greet =>
  function () {
    return `${original.call(this)}!`;
  };

test('swaps a method where it is defined, and puts the very same one back', () => {
  const before = [Base.prototype.greet, Overriding.prototype.greet];
  const swaps = swapMethods(GREET, loudly);
  for (const {prototype} of [Inheriting, Base, Overriding]) swaps.add(prototype);
  swaps.install();
  swaps.install();
  expect([new Base(), new Inheriting(), new Overriding()].map((each) => each.greet())).toEqual([
    'base!',
    'base!',
    'over base!!',
  ]);
  expect(Object.hasOwn(Inheriting.prototype, 'greet')).toBe(false);
  swaps.uninstall();
  expect([Base.prototype.greet, Overriding.prototype.greet]).toEqual(before);
});

test('takes up a method that changed between two installations', () => {
  class Changing extends Base {}
  const swaps = swapMethods(GREET, loudly);
  Changing.prototype.greet = () => 'one';
  swaps.add(Changing.prototype);
  swaps.install();
  swaps.uninstall();
  Changing.prototype.greet = () => 'two';
  swaps.install();
  expect(new Changing().greet()).toBe('two!');
  swaps.uninstall();
  expect(new Changing().greet()).toBe('two');
});

test('leaves a method alone that somebody put there meanwhile', () => {
  const swaps = swapMethods(GREET, loudly);
  const object = {greet: (): string => 'ours to swap'};
  swaps.add(object);
  swaps.install();
  const theirs = (): string => 'theirs';
  object.greet = theirs;
  swaps.uninstall();
  expect(object.greet).toBe(theirs);
});

describe('two swaps of one method', () => {
  const mark =
    (sign: string) =>
    (original: Greet): Greet =>
      function () {
        return original.call(this) + sign;
      };
  const first = {swaps: swapMethods(GREET, mark('1'))};
  const second = {swaps: swapMethods(GREET, mark('2'))};

  test.each([
    ['in reverse order', [second, first]],
    ['in the order in which they began', [first, second]],
  ])('put the very same method back when they end %s', (_, ending) => {
    const greet = (): string => 'hi';
    const object = {greet};
    for (const {swaps} of [first, second]) {
      swaps.add(object);
      swaps.install();
    }
    expect(object.greet()).toBe('hi12');
    for (const {swaps} of ending) swaps.uninstall();
    expect(object.greet).toBe(greet);
  });

  test('put it back when one begins anew meanwhile', () => {
    const greet = (): string => 'hi';
    const object = {greet};
    for (const {swaps} of [first, second]) swaps.add(object);
    first.swaps.install();
    second.swaps.install();
    first.swaps.uninstall();
    first.swaps.install();
    expect(object.greet()).toMatch(/^hi.*21$/);
    second.swaps.uninstall();
    first.swaps.uninstall();
    expect(object.greet).toBe(greet);
  });

  test('stand once each, however often they are installed', () => {
    const greet = (): string => 'hi';
    const object = {greet};
    for (const {swaps} of [first, second]) swaps.add(object);
    for (const {swaps} of [first, second, first]) swaps.install();
    expect(object.greet()).toBe('hi12');
    for (const {swaps} of [first, second]) swaps.uninstall();
    expect(object.greet).toBe(greet);
  });

  test('do so again and again, by turns', () => {
    const greet = (): string => 'hi';
    const object = {greet};
    for (const {swaps} of [first, second]) swaps.add(object);
    for (const [below, above] of [
      [first, second],
      [second, first],
      [first, second],
    ] as const) {
      below.swaps.install();
      above.swaps.install();
      below.swaps.uninstall();
      expect(object.greet).not.toBe(greet);
      above.swaps.uninstall();
      expect(object.greet).toBe(greet);
    }
    // One that was taken out below is live again, and stays when what stands on it ends.
    first.swaps.install();
    const live = object.greet;
    second.swaps.install();
    second.swaps.uninstall();
    expect(object.greet).toBe(live);
    first.swaps.uninstall();
    expect(object.greet).toBe(greet);
  });

  test('leave alone what somebody put between them', () => {
    const object = {greet: (): string => 'hi'};
    first.swaps.add(object);
    first.swaps.install();
    const below = object.greet;
    const theirs = (): string => `${below()} theirs`;
    object.greet = theirs;
    second.swaps.add(object);
    second.swaps.install();
    first.swaps.uninstall();
    second.swaps.uninstall();
    expect(object.greet).toBe(theirs);
  });
});

test('swaps at once what is added while installed', () => {
  const swaps = swapMethods(GREET, loudly);
  swaps.install();
  const object = {greet: (): string => 'hi'};
  swaps.add(object);
  expect(object.greet()).toBe('hi!');
  expect(Object.keys(object)).toEqual(['greet']);
  swaps.uninstall();
  expect(object.greet()).toBe('hi');
});

test('installs spare methods when asked to, and takes them out with the others', () => {
  const swaps = swapMethods(GREET, loudly);
  const [spare, used] = [1, 2].map((n) => ({greet: () => String(n)})) as [Greeter, Greeter];
  for (const object of [spare, used]) swaps.addSpare(object);
  swaps.add(used);
  swaps.addSpare(used);
  const greetings = (): string[] => [spare.greet(), used.greet()];
  swaps.install();
  expect(greetings()).toEqual(['1', '2!']);
  swaps.installSpare();
  swaps.installSpare();
  expect(greetings()).toEqual(['1!', '2!']);
  swaps.add(spare); // seen while it is installed
  expect(greetings()).toEqual(['1!', '2!']);
  swaps.uninstall();
  expect(greetings()).toEqual(['1', '2']);
  swaps.install();
  expect(greetings()).toEqual(['1!', '2!']);
  swaps.uninstall();
});
