import {finishWhenRead} from './finish-when-read.js';

const recordOf = (finish: () => unknown) => {
  const record: {readonly name: string; readonly value?: unknown} = {name: 'conv'};
  finishWhenRead(record, {finish});
  return record;
};

test('a result is computed when it is read first, and once', () => {
  const finish = jest.fn(() => [1, 2]);
  const record = recordOf(finish);
  expect('value' in record).toBe(true);
  expect(Object.keys(record)).toEqual(['name', 'value']);
  expect(finish).not.toHaveBeenCalled();
  const {value} = record;
  expect(value).toEqual([1, 2]);
  expect(record.value).toBe(value);
  expect(finish).toHaveBeenCalledTimes(1);
});

test('undefined is a result, too', () => {
  const finish = jest.fn(() => undefined);
  const record = recordOf(finish);
  expect([record.value, record.value]).toEqual([undefined, undefined]);
  expect(finish).toHaveBeenCalledTimes(1);
});

test('a copy of a record has its result, and nothing else of it', () => {
  const copy = {...recordOf(() => 3)};
  expect(Object.getOwnPropertyDescriptor(copy, 'value')).toMatchObject({value: 3, writable: true});
  expect(Reflect.ownKeys(copy)).toEqual(['name', 'value']);
});

test('a source that throws is asked again', () => {
  let isBroken = true;
  const record = recordOf(() => {
    if (isBroken) throw new Error('not yet');
    return 4;
  });
  expect(() => record.value).toThrow('not yet');
  isBroken = false;
  expect(record.value).toBe(4);
});

test('another source may take its place', () => {
  const record = recordOf(() => 5);
  expect(record.value).toBe(5);
  finishWhenRead(record, {finish: () => 6});
  expect(record.value).toBe(6);
});

test('all records have the same getter: one of its own would outlive its record', () => {
  const [one, other] = [recordOf(() => 1), recordOf(() => 2)].map(
    (record) => Object.getOwnPropertyDescriptor(record, 'value')!.get,
  );
  expect(one).toBeDefined();
  expect(one).toBe(other);
});
