/** TFRecord, the framing of TensorFlow's record files: `tsl/lib/io/record_writer.cc`. */
import {maskedCrc32c} from './crc32c.js';

const LENGTH_BYTES = 8;
const CHECKSUM_BYTES = 4;

/** One record: the length, its checksum, the data, its checksum; all little endian. */
export function tfRecord(data: Uint8Array): Uint8Array {
  const dataStart = LENGTH_BYTES + CHECKSUM_BYTES;
  const dataEnd = dataStart + data.length;
  const record = new Uint8Array(dataEnd + CHECKSUM_BYTES);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(LENGTH_BYTES, maskedCrc32c(record.subarray(0, LENGTH_BYTES)), true);
  record.set(data, dataStart);
  view.setUint32(dataEnd, maskedCrc32c(data), true);
  return record;
}
