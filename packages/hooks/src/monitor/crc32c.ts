/** CRC-32C (Castagnoli), RFC 3720 section 12.1, and TensorFlow's mask over it. */

/** The Castagnoli polynomial, lowest coefficient first. */
const POLYNOMIAL = 0x82f63b78;

/** What each byte does to a checksum; made with the first one. */
let table: Int32Array | undefined;

/** The checksum of `bytes`, from 0 to 2^32 - 1. */
export function crc32c(bytes: Uint8Array): number {
  table ??= Int32Array.from({length: 256}, (_, byte) => afterEightBits(byte));
  let crc = -1;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}

function afterEightBits(crc: number): number {
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
  return crc;
}

/**
 * The checksum as record files store it: rotated by 15 bits, plus a constant, since the checksum of data
 * that holds its own checksum says little. TensorFlow's `crc32c::Mask`.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
