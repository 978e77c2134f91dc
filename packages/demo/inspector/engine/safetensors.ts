/**
 * Writes safetensors files (https://github.com/huggingface/safetensors#format): eight bytes of the header's length,
 * little-endian; the header, JSON; the values of all tensors, one after another.
 */

export interface NamedValues {
  /** No two the same. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** @param metadata strings alone: the format allows no other */
export function safetensors(
  tensors: readonly NamedValues[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let end = 0;
  // Entry by entry: an object would put names that are numbers first.
  const entry = (name: string, value: object) => `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  const entries = tensors.map(({name, shape, values}) => {
    const begin = end;
    end += values.byteLength;
    return entry(name, {dtype: 'F32', shape, data_offsets: [begin, end]});
  });
  const header = `{${[entry('__metadata__', metadata), ...entries].join()}}`;
  const text = new TextEncoder().encode(header);
  // Spaces after the header have the values begin at a multiple of eight bytes.
  const length = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.fill(' '.charCodeAt(0), 8, 8 + length);
  file.set(text, 8);
  let at = 8 + length;
  for (const {values} of tensors) {
    // Whatever runs browsers has little-endian floats, as the format does.
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return file;
}
