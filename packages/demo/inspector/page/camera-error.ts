/** Why the camera gives no picture, in words. */

/** What `getUserMedia` was rejected with, as a sentence with what to do. */
export function cameraError(error: unknown): Error {
  const {name, message} = error instanceof Error ? error : {name: '', message: String(error)};
  return new Error(`${SENTENCES[name] ?? `The camera cannot be used (${message}).`} ${INSTEAD}`, {
    cause: error,
  });
}

const INSTEAD = 'Or choose an image file.';

const SENTENCES: Readonly<Record<string, string>> = {
  NotAllowedError:
    'This page may not use the camera. Allow it beside the address, and press Camera again.',
  NotFoundError: 'The browser finds no camera. Connect one, and press Camera again.',
  NotReadableError: 'Another program has the camera. End that, and press Camera again.',
};
