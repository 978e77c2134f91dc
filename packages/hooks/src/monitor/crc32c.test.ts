import fc from 'fast-check';
import {crcBitByBit} from '../../test/monitor/read-records.js';
import {crc32c, maskedCrc32c} from './crc32c.js';

const upwards = Uint8Array.from({length: 32}, (_, index) => index);

// RFC 3720, B.4, and the check value of the CRC catalogue.
test.each<[string, Uint8Array, number]>([
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['0 to 31', upwards, 0x46dd794e],
  ['31 to 0', Uint8Array.from(upwards).reverse(), 0x113fdb5c],
  ["'123456789'", Uint8Array.from(Buffer.from('123456789')), 0xe3069283],
  ['nothing', new Uint8Array(0), 0],
])('%s', (_, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
  expect(crcBitByBit(bytes)).toBe(crc);
});

test('any bytes have the checksum that a division bit by bit gives', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 300}), (bytes) => {
      expect(crc32c(bytes)).toBe(crcBitByBit(bytes));
    }),
  );
});

test('the mask is what event files begin with, after a length of 24', () => {
  expect(maskedCrc32c(Uint8Array.of(24, 0, 0, 0, 0, 0, 0, 0))).toBe(0x224b7fa3);
});
