/**
 * Fields of Protocol Buffers' wire format, as far as event files need them. As in proto3, a field that
 * holds its default (0, no text, no numbers) takes no bytes, unless its function says otherwise.
 */
import {util} from '@tensorflow/tfjs-core';

/** Which bytes follow a field's key. */
const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH_FIRST = 2;
const FOUR_BYTES = 5;

const NOTHING = /* @__PURE__ */ new Uint8Array(0);

/** An int64 that is a whole number, 0 or more, and safe. */
export const integerField = (field: number, value: number): Uint8Array =>
  value === 0 ? NOTHING : joinBytes([keyOf(field, VARINT), varint(value)]);

/** A double. -0 is not its default. */
export const doubleField = (field: number, value: number): Uint8Array =>
  Object.is(value, 0) ? NOTHING : joinBytes([keyOf(field, EIGHT_BYTES), doubles([value])]);

/** A float that is one of several that a message may hold, so that 0 is written too. */
export function chosenFloatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return joinBytes([keyOf(field, FOUR_BYTES), bytes]);
}

/** A string, as UTF-8. */
export const stringField = (field: number, text: string): Uint8Array =>
  text === '' ? NOTHING : messageField(field, [util.encodeString(text)]);

/** Doubles, packed. */
export const doublesField = (field: number, values: readonly number[]): Uint8Array =>
  values.length === 0 ? NOTHING : messageField(field, [doubles(values)]);

/** A message of these fields; an empty one is written too. */
export function messageField(field: number, fields: readonly Uint8Array[]): Uint8Array {
  const content = joinBytes(fields);
  return joinBytes([keyOf(field, LENGTH_FIRST), varint(content.length), content]);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    joined.set(part, end);
    end += part.length;
  }
  return joined;
}

const keyOf = (field: number, wireType: number): Uint8Array => varint(field * 8 + wireType);

/** Seven bits per byte, the lowest first. No bit operations: they end at 32 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Uint8Array.from([...bytes, rest]);
}

function doubles(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setFloat64(8 * index, value, true);
  });
  return bytes;
}
