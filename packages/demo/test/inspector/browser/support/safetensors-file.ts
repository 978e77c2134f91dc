/** Safetensors files as other programs read them. */

interface SafetensorsEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** By the description of the format: eight bytes of the header's length, the header, the values. */
export function decodeSafetensors(file: Buffer) {
  const length = Number(file.readBigUInt64LE(0));
  const {__metadata__: metadata, ...entries} = JSON.parse(file.toString('utf8', 8, 8 + length)) as {
    __metadata__: Record<string, string>;
  } & Record<string, SafetensorsEntry>;
  const values = file.subarray(8 + length);
  const tensors = Object.entries(entries as Record<string, SafetensorsEntry>).map(
    ([name, {dtype, shape, data_offsets: offsets}]) => ({
      name,
      dtype,
      shape,
      bytes: values.subarray(...offsets),
    }),
  );
  return {metadata, tensors};
}
