/** Record files read by the specification alone: nothing of what writes them is used here. */

/** The data of each record. Throws for a file that ends within a record, and for a wrong checksum. */
export function readRecords(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const records: Uint8Array[] = [];
  for (let start = 0; start < file.length;) {
    if (start + 12 > file.length) throw new Error('truncated in a length');
    const length = Number(view.getBigUint64(start, true));
    expectChecksum(view.getUint32(start + 8, true), file.subarray(start, start + 8));
    const end = start + 12 + length;
    if (end + 4 > file.length) throw new Error('truncated in the data');
    const data = file.slice(start + 12, end);
    expectChecksum(view.getUint32(end, true), data);
    records.push(data);
    start = end + 4;
  }
  return records;
}

function expectChecksum(stored: number, bytes: Uint8Array): void {
  // The mask undone: minus the constant, and rotated back by 15 bits.
  const rotated = BigInt.asUintN(32, BigInt(stored) - 0xa282ead8n);
  const crc = BigInt.asUintN(32, (rotated << 15n) | (rotated >> 17n));
  if (Number(crc) !== crcBitByBit(bytes)) throw new Error('wrong checksum');
}

/** CRC-32C as a division of polynomials, highest bit first, one bit at a time. */
export function crcBitByBit(bytes: Uint8Array): number {
  let remainder = -1;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const carry = (remainder >>> 31) ^ ((byte >> bit) & 1);
      remainder = (remainder << 1) ^ (carry ? 0x1edc6f41 : 0);
    }
  }
  const bits = (~remainder >>> 0).toString(2).padStart(32, '0');
  return parseInt(Array.from(bits).reverse().join(''), 2);
}
