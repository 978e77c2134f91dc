/** What people drop or pick: files and folders, told apart into a model's and an image. */

const IMAGE_NAME = /\.(png|jpe?g|webp|gif|bmp|avif)$/i;

export interface SortedFiles {
  /** All that is no image: whether they make a model is for the engine to say. */
  readonly modelFiles: readonly File[];
  readonly image: File | null;
}

export function sortFiles(files: readonly File[]): SortedFiles {
  const isImage = (file: File) => file.type.startsWith('image/') || IMAGE_NAME.test(file.name);
  return {
    modelFiles: files.filter((file) => !isImage(file)),
    image: files.find(isImage) ?? null,
  };
}

/** Also what lies in dropped folders. To be called before the event is over: its data goes with it. */
export async function filesDropped(transfer: DataTransfer): Promise<readonly File[]> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry());
  const plain = Array.from(transfer.files);
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const found: File[] = [];
  for (const entry of entries) if (entry !== null) found.push(...(await filesIn(entry)));
  return found;
}

async function filesIn(entry: FileSystemEntry): Promise<readonly File[]> {
  if (isFile(entry)) {
    return [
      await new Promise<File>((resolve, reject) => {
        entry.file(resolve, reject);
      }),
    ];
  }
  if (!isDirectory(entry)) return [];
  const found: File[] = [];
  const reader = entry.createReader();
  // A reader gives a folder's entries in portions, and an empty one at the end.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (portion.length === 0) return found;
    for (const inside of portion) found.push(...(await filesIn(inside)));
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry =>
  entry.isDirectory;
