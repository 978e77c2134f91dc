/** What the page takes, and what it refuses before anything is read. */
export const MODEL_FILE_KINDS = '.json,.bin';
/** An image with more pixels is refused: decoded, it takes four bytes for each. */
export const MOST_PIXELS = 50_000_000;
