/** Reads a stream of bytes, and stops where it is longer than anybody asked for. */

/**
 * All bytes of a stream; where it holds more than `most`, only some of those beyond.
 *
 * @param onBytes gets the size of each piece as it comes
 * @throws what the stream throws
 */
export async function readStream(
  stream: ReadableStream<Uint8Array>,
  most = Infinity,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) break;
    pieces.push(value);
    size += value.length;
    onBytes(value.length);
    if (size > most) {
      await reader.cancel();
      break;
    }
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}
