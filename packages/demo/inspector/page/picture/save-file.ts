/** Files that the page gives to the person in front of it. */

/** Of images that a picture is named after. */
const IMAGE_EXTENSION = /\.(avif|bmp|gif|jpe?g|png|webp)$/i;

/** 'mobilenet-v2-block_1_relu-before.png' of ['mobilenet-v2', 'block_1/relu', 'before'] */
export function fileName(parts: readonly string[], extension: string): string {
  const clean = parts.map((part) =>
    part.replace(IMAGE_EXTENSION, '').replaceAll(/[^\p{L}\p{N}._-]+/gu, '_'),
  );
  return `${clean.join('-')}.${extension}`;
}

export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads it after this; some seconds are more than it needs.
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}

export async function saveCanvas(
  canvas: HTMLCanvasElement,
  parts: readonly string[],
): Promise<void> {
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (blob === null) throw new Error('The picture is too large for this browser to save.');
  saveBlob(blob, fileName(parts, 'png'));
}
