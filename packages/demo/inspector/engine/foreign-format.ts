/** Tells files that are no TensorFlow.js model, but that people take for one, by their first bytes or their names. */

/** What a file is, and what to do about it. */
export interface ForeignFormat {
  /** Continues 'model.h5 is …'. */
  readonly what: string;
  /** A sentence. */
  readonly remedy: string;
}

/** So many of a file's first bytes are enough to tell. */
export const HEAD_BYTES = 256;

const THEN_DROP = 'then drop the model.json and the .bin files that it writes';
const keras: ForeignFormat = {
  what: 'a Keras model',
  remedy: `Convert it with tensorflowjs_converter --input_format=keras, ${THEN_DROP}.`,
};
const savedModel: ForeignFormat = {
  what: 'a TensorFlow graph (part of a SavedModel)',
  remedy: `Convert its folder with tensorflowjs_converter --input_format=tf_saved_model, ${THEN_DROP}.`,
};
const onnx: ForeignFormat = {
  what: 'an ONNX model',
  remedy: `Make a TensorFlow SavedModel of it (onnx2tf does), convert that with tensorflowjs_converter, ${THEN_DROP}.`,
};
const tfLite: ForeignFormat = {
  what: 'a TensorFlow Lite model',
  remedy: `Convert the model that it was made from with tensorflowjs_converter, ${THEN_DROP}.`,
};
const pyTorch: ForeignFormat = {
  what: 'a PyTorch model',
  remedy: `Export it to ONNX, make a TensorFlow SavedModel of that (onnx2tf does), convert it with tensorflowjs_converter, ${THEN_DROP}.`,
};
const safetensors: ForeignFormat = {
  what: 'a safetensors file: tensors without a model',
  remedy: 'Drop the model.json and the .bin files of the model itself.',
};
const archive: ForeignFormat = {
  what: 'an archive (zip, gzip or tar)',
  remedy: 'Unpack it, then drop model.json and its .bin files.',
};
const webPage: ForeignFormat = {
  what: 'a web page (HTML)',
  remedy:
    'A server sends one in place of a file that it does not have. Check the address, and give that of the file itself.',
};
const largeFilePointer: ForeignFormat = {
  what: 'a Git LFS pointer, which only names the real file',
  remedy: 'Get the real files (git lfs pull), then try again.',
};

const BY_ENDING: readonly (readonly [RegExp, ForeignFormat])[] = [
  [/\.(h5|hdf5|keras)$/i, keras],
  [/\.pb(txt)?$|^(.*\/)?variables\.(index|data-\d+-of-\d+)$/i, savedModel],
  [/\.onnx$/i, onnx],
  [/\.tflite$/i, tfLite],
  [/\.(pt|pth)$/i, pyTorch],
  [/\.safetensors$/i, safetensors],
  [/\.(zip|gz|tgz|tar)$/i, archive],
];

/** Where, and what stands there. */
const BY_HEAD: readonly (readonly [number, string, ForeignFormat])[] = [
  [0, '\x89HDF', keras],
  [0, 'PK\x03\x04', archive],
  [0, 'PK\x05\x06', archive],
  [0, '\x1f\x8b', archive],
  [4, 'TFL3', tfLite],
  [0, 'version https://git-lfs', largeFilePointer],
];

/** What a file is by its name and its first bytes; undefined if it is none of these. */
export function foreignFormat(name: string, head: Uint8Array): ForeignFormat | undefined {
  const text = latin1(head);
  if (isWebPage(head)) return webPage;
  // By its name first: a .keras file is a zip archive inside.
  return (
    BY_ENDING.find(([ending]) => ending.test(name))?.[1] ??
    BY_HEAD.find(([at, start]) => text.startsWith(start, at))?.[2]
  );
}

/** Whether bytes start like HTML. */
export function isWebPage(head: Uint8Array): boolean {
  return /^(\xef\xbb\xbf)?\s*<(!doctype\s+html|html)[\s>]/i.test(latin1(head));
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, HEAD_BYTES));
}
