/** Event files read by the specification alone: nothing of what writes them is used here. */
import {readRecords} from './read-records.js';

export interface ReadHistogram {
  min: number;
  max: number;
  count: number;
  sum: number;
  sumOfSquares: number;
  limits: number[];
  counts: number[];
}

export interface ReadEvent {
  wallTime: number;
  step: bigint;
  fileVersion?: string;
  values?: {tag: string; scalar?: number; histogram?: ReadHistogram}[];
}

export const readEvents = (file: Uint8Array): ReadEvent[] => readRecords(file).map(readEvent);

function readEvent(data: Uint8Array): ReadEvent {
  const event: ReadEvent = {wallTime: 0, step: 0n};
  eachField(data, {
    '1:fixed64': (bytes) => (event.wallTime = numbersOf(bytes)[0]!),
    '2:varint': (bytes) => (event.step = BigInt.asIntN(64, varintOf(bytes, 0).value)),
    '3:bytes': (bytes) => (event.fileVersion = textOf(bytes)),
    '5:bytes': (summary) => {
      event.values = [];
      eachField(summary, {'1:bytes': (value) => event.values?.push(readValue(value))});
    },
  });
  return event;
}

function readValue(data: Uint8Array): {tag: string; scalar?: number; histogram?: ReadHistogram} {
  const read: ReturnType<typeof readValue> = {tag: ''};
  eachField(data, {
    '1:bytes': (bytes) => (read.tag = textOf(bytes)),
    '2:fixed32': (bytes) => (read.scalar = viewOf(bytes).getFloat32(0, true)),
    '5:bytes': (bytes) => (read.histogram = readHistogram(bytes)),
  });
  return read;
}

function readHistogram(data: Uint8Array): ReadHistogram {
  const read = {min: 0, max: 0, count: 0, sum: 0, sumOfSquares: 0};
  const buckets: Pick<ReadHistogram, 'limits' | 'counts'> = {limits: [], counts: []};
  eachField(data, {
    '1:fixed64': (bytes) => (read.min = numbersOf(bytes)[0]!),
    '2:fixed64': (bytes) => (read.max = numbersOf(bytes)[0]!),
    '3:fixed64': (bytes) => (read.count = numbersOf(bytes)[0]!),
    '4:fixed64': (bytes) => (read.sum = numbersOf(bytes)[0]!),
    '5:fixed64': (bytes) => (read.sumOfSquares = numbersOf(bytes)[0]!),
    '6:bytes': (bytes) => (buckets.limits = numbersOf(bytes)),
    '7:bytes': (bytes) => (buckets.counts = numbersOf(bytes)),
  });
  return {...read, ...buckets};
}

const WIRE_TYPES = ['varint', 'fixed64', 'bytes', 'group', 'group end', 'fixed32'];

/** Hands each field's bytes to the reader of its number and wire type, and throws where there is none. */
function eachField(message: Uint8Array, readers: Record<string, (bytes: Uint8Array) => void>) {
  const take = (start: number, length: number): Uint8Array => {
    if (start + length > message.length) throw new Error('a field ends after its message');
    return message.slice(start, start + length);
  };
  for (let at = 0; at < message.length;) {
    const key = varintOf(message, at);
    at = key.end;
    const wireType = WIRE_TYPES[Number(key.value & 7n)];
    const name = `${key.value >> 3n}:${wireType}`;
    const reader = readers[name];
    if (!reader) throw new Error(`unknown field ${name}`);
    let length = wireType === 'fixed64' ? 8 : 4;
    if (wireType === 'varint') length = varintOf(message, at).end - at;
    if (wireType === 'bytes') {
      const prefix = varintOf(message, at);
      length = Number(prefix.value);
      at = prefix.end;
    }
    reader(take(at, length));
    at += length;
  }
}

function varintOf(bytes: Uint8Array, start: number): {value: bigint; end: number} {
  let value = 0n;
  for (let index = start; index < bytes.length; index++) {
    const byte = BigInt(bytes[index]!);
    value |= (byte & 0x7fn) << BigInt(7 * (index - start));
    if (byte < 0x80n) return {value, end: index + 1};
  }
  throw new Error('a varint without an end');
}

const viewOf = ({buffer, byteOffset, byteLength}: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

function numbersOf(bytes: Uint8Array): number[] {
  if (bytes.length % 8 !== 0) throw new Error('doubles take 8 bytes each');
  return Array.from({length: bytes.length / 8}, (_, index) =>
    viewOf(bytes).getFloat64(8 * index, true),
  );
}

const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', {fatal: true}).decode(bytes);
