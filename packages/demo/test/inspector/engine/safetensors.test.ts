import {saveRun} from '../../../inspector/engine/save-run.js';
import {safetensors} from '../../../inspector/engine/safetensors.js';
import type {NamedValues} from '../../../inspector/engine/safetensors.js';
import {tensorNames} from '../../../inspector/engine/tensor-names.js';
import type {CapturedRun} from '../../../inspector/protocol/run.js';
import {capturedOf, pointOf} from './captured.js';

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Reads a file as the format's description says, and holds it to all of its rules: no byte without an owner, no
 * offset that overlaps another, metadata of strings alone.
 */
function readSafetensors(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = Number(view.getBigUint64(0, true));
  expect(length % 8).toBe(0);
  expect(length).toBeLessThanOrEqual(100_000_000);
  expect(file[8]).toBe('{'.charCodeAt(0));
  const header = new TextDecoder('utf-8', {fatal: true}).decode(file.subarray(8, 8 + length));
  expect(header).toMatch(/\} *$/);
  const {__metadata__: metadata, ...entries} = JSON.parse(header) as Record<string, Entry> & {
    __metadata__: Record<string, string>;
  };
  for (const text of Object.values(metadata)) expect(typeof text).toBe('string');
  const data = file.subarray(8 + length);
  let end = 0;
  const tensors = Object.entries(entries).map(([name, {dtype, shape, data_offsets: offsets}]) => {
    const [from, to] = offsets;
    const size = shape.reduce((product, one) => product * one, 1);
    // Not by expect, which takes its time for thousands of tensors.
    if (dtype !== 'F32' || from !== end || to - from !== 4 * size) {
      throw new Error(`${name}: ${dtype} [${shape}] at ${from} to ${to}, after ${end}`);
    }
    end = to;
    const bytes = new DataView(data.buffer, data.byteOffset + from, to - from);
    const bits = Array.from({length: size}, (_, index) => bytes.getUint32(4 * index, true));
    return {name, shape, bits};
  });
  expect(end).toBe(data.length);
  return {tensors, metadata};
}

const bitsOf = (values: Float32Array) => [...new Uint32Array(values.slice().buffer)];
const expectSame = (file: Uint8Array, tensors: readonly NamedValues[]) => {
  expect(readSafetensors(file).tensors).toEqual(
    tensors.map(({name, shape, values}) => ({name, shape, bits: bitsOf(values)})),
  );
};

describe('a file', () => {
  test('has the bits of all values, NaN and -0 included', () => {
    const nan = new Float32Array(new Uint32Array([0x7fc12345, 0xff800000, 0x80000000, 1]).buffer);
    const tensors = [
      {name: 'a', shape: [2, 2], values: nan},
      {name: 'part', shape: [3], values: new Float32Array([9, 1, 2, 3, 9]).subarray(1, 4)},
      {name: 'number', shape: [], values: Float32Array.of(5)},
      {name: 'nothing', shape: [0, 3], values: new Float32Array(0)},
      {name: 'last', shape: [1], values: Float32Array.of(7)},
    ];
    expectSame(safetensors(tensors, {}), tensors);
  });

  test('has names with any characters', () => {
    const names = ['"quoted"', 'back\\slash', 'Größe/層/🙂', 'line\nbreak', '__proto__', '  '];
    const tensors = names.map((name, index) => ({
      name,
      shape: [1],
      values: Float32Array.of(index),
    }));
    expectSame(safetensors(tensors, {note: '"Größe" 🙂'}), tensors);
    expect(readSafetensors(safetensors(tensors, {note: '"Größe" 🙂'})).metadata).toEqual({
      note: '"Größe" 🙂',
    });
  });

  test('keeps the order of names that look like numbers', () => {
    const tensors = ['b', '2', '1'].map((name) => ({name, shape: [1], values: Float32Array.of(1)}));
    const header = Buffer.from(safetensors(tensors, {})).toString('latin1');
    expect(header.indexOf('"b"')).toBeLessThan(header.indexOf('"2"'));
    expect(header.indexOf('"2"')).toBeLessThan(header.indexOf('"1"'));
  });

  test('pads its header, whatever the length of that', () => {
    for (let length = 0; length < 9; length++) {
      const tensors = [{name: 'x'.repeat(length), shape: [1], values: Float32Array.of(1)}];
      expectSame(safetensors(tensors, {}), tensors);
    }
  });

  test('holds very many tensors, and none', () => {
    const tensors = Array.from({length: 20_000}, (_, index) => ({
      name: `layer${index}/pre`,
      shape: [1],
      values: Float32Array.of(index),
    }));
    expectSame(safetensors(tensors, {}), tensors);
    expect(readSafetensors(safetensors([], {})).tensors).toEqual([]);
  });
});

describe('names', () => {
  const at = (name: string, address: {pass?: number; call?: number; slot?: number} = {}) => ({
    name,
    pass: 0,
    call: 0,
    slot: 0,
    ...address,
  });
  const pre = (...hooks: ReturnType<typeof at>[]) => tensorNames(hooks, []).hooks.map((h) => h.pre);

  test('are those of layers, where these are enough', () => {
    const {hooks, outputs} = tensorNames([at('a/b'), at('c', {call: 3})], [{name: 'c'}]);
    expect(hooks[0]).toEqual({pre: 'a/b/pre', post: 'a/b/post'});
    expect(hooks[1]).toEqual({pre: 'c/pre', post: 'c/post'});
    expect(outputs).toEqual(['output/c']);
  });

  test('say what tells calls apart, and no more', () => {
    expect(pre(at('a'), at('a', {call: 1}))).toEqual(['a[call=0]/pre', 'a[call=1]/pre']);
    expect(pre(at('a', {slot: 1}), at('a', {call: 1, slot: 2}))).toEqual([
      'a[call=0,slot=1]/pre',
      'a[call=1,slot=2]/pre',
    ]);
    expect(pre(at('a'), at('a', {pass: 1}), at('b', {pass: 1}))).toEqual([
      'a[pass=0]/pre',
      'a[pass=1]/pre',
      'b/pre',
    ]);
  });

  test('are different, come what may', () => {
    const {hooks, outputs} = tensorNames(
      [at('a'), at('a'), at('a[call=0]'), at('output/x'), at('')],
      [{name: 'x/pre'}, {name: 'x'}, {name: 'x'}],
    );
    const all = [...hooks.flatMap((hook) => [hook.pre, hook.post]), ...outputs];
    expect(new Set(all).size).toBe(all.length);
    expect(hooks[1]!.pre).toBe('a/pre (2)');
  });
});

test('a run comes with a manifest of what its tensors are', () => {
  const pre = Float32Array.of(1, -2, 3);
  const post = Float32Array.of(1, 0, 3);
  const hidden = capturedOf([
    pointOf({name: 'enc/"conv"', shape: [1, 3], pre, post}),
    pointOf({name: 'rnn', call: 0, shape: [1, 1], pre: Float32Array.of(1)}),
    pointOf({name: 'rnn', call: 1, shape: [1, 1], pre: Float32Array.of(2)}),
  ]);
  const output = Float32Array.of(0.25, 0.75);
  const run: CapturedRun = {
    ...hidden,
    summary: {
      ...hidden.summary,
      outputs: [
        {
          name: 'out',
          shape: [1, 2],
          statistics: hidden.summary.hooks[0]!.pre,
          top: null,
          picture: null,
        },
      ],
    },
    edits: [{name: 'rnn', channels: [0], change: {kind: 'clamp', min: -Infinity, max: 2}}],
    outputs: [output],
  };
  const {tensors, metadata} = readSafetensors(saveRun(run));
  expect(tensors.map(({name}) => name)).toEqual([
    'enc/"conv"/pre',
    'enc/"conv"/post',
    'rnn[call=0]/pre',
    'rnn[call=0]/post',
    'rnn[call=1]/pre',
    'rnn[call=1]/post',
    'output/out',
  ]);
  expect(tensors[1]).toMatchObject({shape: [1, 3], bits: bitsOf(post)});
  expect(tensors.at(-1)).toMatchObject({shape: [1, 2], bits: bitsOf(output)});
  expect(JSON.parse(metadata.manifest!)).toEqual({
    model: {name: 'model', format: 'layers-model'},
    input: {name: 'noise, seed 1', shape: [1, 3]},
    backend: 'wasm',
    versions: {'@tensorflow/tfjs-core': '4.22.0', '@tfjs-capture/hooks': '0.1.0'},
    edits: [{name: 'rnn', channels: [0], change: {kind: 'clamp', min: null, max: 2}}],
    hooks: [
      {
        name: 'enc/"conv"',
        path: ['enc', '"conv"'],
        activation: 'relu',
        kernel: 'Relu',
        pass: 0,
        call: 0,
        slot: 0,
        shape: [1, 3],
        channelAxis: 1,
        tensors: {pre: 'enc/"conv"/pre', post: 'enc/"conv"/post'},
      },
      expect.objectContaining({
        name: 'rnn',
        call: 0,
        tensors: {pre: 'rnn[call=0]/pre', post: 'rnn[call=0]/post'},
      }),
      expect.objectContaining({
        name: 'rnn',
        call: 1,
        tensors: {pre: 'rnn[call=1]/pre', post: 'rnn[call=1]/post'},
      }),
    ],
    outputs: [{name: 'out', shape: [1, 2], tensor: 'output/out'}],
  });
});
