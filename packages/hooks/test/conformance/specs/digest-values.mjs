import {createHash} from 'node:crypto';

/** A few characters that stand for the bits of a typed array. */
export const digestValues = ({buffer, byteOffset, byteLength}) =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex')
    .slice(0, 12);
