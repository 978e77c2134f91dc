/** Turns what TensorFlow.js and browsers throw into sentences for people. */
import {InspectorError} from './inspector-error.js';

type Rule = readonly [pattern: RegExp, sentence: (...groups: string[]) => string];

const BACKEND_TITLES: Readonly<Record<string, string>> = {
  wasm: 'WebAssembly',
  webgl: 'WebGL',
  webgpu: 'WebGPU',
};
const titleOf = (backend = '') => BACKEND_TITLES[backend] ?? backend;

const NO_MEMORY =
  'There is not enough memory for this model and this image. ' +
  'Take a smaller image or a smaller longest side, close other tabs, and load the model again.';

/** What each pattern's groups caught is handed to its sentence. */
const RULES: readonly Rule[] = [
  [
    /Kernel '([^']+)' not registered for backend '([^']+)'/,
    (kernel, backend) =>
      `The model needs the operation ${kernel}, which the ${titleOf(backend)} backend lacks. Choose another backend.`,
  ],
  [
    /Unknown op '([^']+)'|Custom op (\S+) is not registered/,
    (unknown, custom) =>
      `The graph holds the operation ${unknown || custom}, which TensorFlow.js does not know. ` +
      'Convert the model without it, or with one that TensorFlow.js has.',
  ],
  [
    /An InputLayer should be passed either a `batchInputShape` or an `inputShape`/,
    () =>
      'An input layer has no shape that TensorFlow.js can read: models of Keras 3 name it otherwise. ' +
      'Save the model with Keras 2 (package tf_keras), and convert it again.',
  ],
  [
    /The first layer in a Sequential model must get an `inputShape`/,
    () =>
      'The model does not say what shape its input has. Save it with an input shape on its first layer, or after its first use.',
  ],
  [
    /Unknown ([\w ]+): ([^\s.]+)\. This may be due to/,
    (kind, name) =>
      `The model uses the ${kind} ${name}, which is not one of TensorFlow.js's own. ` +
      'Code that comes with a model is never run here: replace it by standard layers, or convert the model to a GraphModel.',
  ],
  [
    /Provided weight data has no target variable: (\S+)/,
    (weight) =>
      `The weights do not belong to this model: none of its layers has the weight ${weight}. ` +
      'Give model.json and .bin files that were saved together.',
  ],
  [
    /(\d+) of (\d+) weights are not set: (\S+?)(,|$)/,
    (missing, all, weight) =>
      `${missing} of the model's ${all} weights are not in its files, ${weight} among them. ` +
      'Give model.json and .bin files that were saved together.',
  ],
  [
    /Shape mismatch: (\[[\d,]*\]) vs\. (\[[\d,]*\])/,
    (layer, stored) =>
      `The weights do not fit the model: a layer takes a weight of shape ${layer}, but model.json lists one of ${stored}. ` +
      'Give model.json and .bin files that were saved together.',
  ],
  [
    /(Layer weight shape .* not compatible with provided weight shape [\d,]*)/,
    (reason) =>
      `The weights do not fit the model (${reason}). Give model.json and .bin files that were saved together.`,
  ],
  [
    /out of memory|\bOOM\b|allocation failed|could not allocate|Cannot enlarge memory|WebAssembly\.Memory|memory access out of bounds|offset is out of bounds|Invalid (typed )?array (buffer )?length|Unable to create (WebGLTexture|WebGLBuffer)/i,
    () => NO_MEMORY,
  ],
  [
    /Requested texture size \[?(\d+x\d+)\]? greater than WebGL maximum/i,
    (size) =>
      `The graphics card takes no texture of ${size}. Take a smaller image, or choose the WebAssembly backend.`,
  ],
  [
    /context.{0,20}lost|CONTEXT_LOST|device (was |is )?lost/i,
    () =>
      'The browser took the graphics card away (its context was lost). ' +
      'Load the model again, with a smaller image, or choose the WebAssembly backend.',
  ],
  [
    /(WebGL|WebGPU) is (?:not supported|disabled)|WebGL rendering context|Cannot create a canvas/i,
    (backend) =>
      `${backend || 'WebGL'} does not work in this browser or on this machine. Choose the WebAssembly backend.`,
  ],
  [
    /Backend name '([^']+)' not found|(\S+) backend not found in registry/,
    (first, second) =>
      `The ${titleOf(first || second)} backend does not work in this browser. Choose another backend.`,
  ],
  [
    /(?:Could not|no) initialize any backends|No backend found/i,
    () =>
      'TensorFlow.js could not be started: no backend works in this browser. Use a current one that has WebAssembly.',
  ],
  [
    /(Failed to compile|Failed to link|Shader program)/,
    () =>
      'The graphics card refused a program that this model needs. Choose the WebAssembly backend.',
  ],
  [
    /This execution contains the node '([^']+)', which has the dynamic op '([^']+)'/,
    (node, op) =>
      `The graph decides while it runs what to run next (${op} in ${node}), which needs another way of running it. ` +
      'Convert the model without control flow.',
  ],
  [
    /Cannot compute the outputs \[([^\]]*)\][^]*?inputs: \[([^\]]*)\]/,
    (outputs, missing) =>
      `The graph cannot compute ${outputs}: ${missing} is neither among its inputs nor among its weights. ` +
      'Convert the model again.',
  ],
  [
    /expected (\S+) to have (?:shape (\[[^\]]*\])|(\d+) dimension\(s\))[^]*?shape (\[?[^\]]*\]?)\.?$/,
    (input, shape, dimensions, came) =>
      `The input ${input} takes ${shape ? `the shape ${shape}` : `${dimensions} dimensions`}, but ${came} came. ` +
      'Choose another image size.',
  ],
  [
    /The shape of dict\['([^']+)'\] provided in model\.execute\(dict\) must be (\[[^\]]*\]), but was (\[[^\]]*\])/,
    (input, shape, came) =>
      `The input ${input} takes the shape ${shape}, but ${came} came. Choose another image size.`,
  ],
  [
    /The dtype of dict\['([^']+)'\] provided in model\.execute\(dict\) must be (\w+), but was (\w+)/,
    (input, dtype, came) =>
      `The input ${input} takes values of type ${dtype}, but ${came} came. Convert the model with another input type.`,
  ],
  [
    /(Input \d+ is incompatible with layer [^]*)/,
    (reason) =>
      `The model cannot take an input of this size (${withoutStop(reason)}). Choose another image size, ` +
      'such as a longest side that is a multiple of 32.',
  ],
  [
    /((?:[Ii]ncompatible shapes|All input shapes must match|[Ee]rror in concat|shapes? .*must match|inner shapes|Operands could not be broadcast|Negative dimension size)[^]*)/,
    (reason) =>
      `The model cannot work on an input of this size (${withoutStop(reason)}). Choose another image size, ` +
      'such as a longest side that is a multiple of 32.',
  ],
];

/**
 * The error to hand on. What is already a sentence stays as it is; what nobody foresaw keeps its message.
 *
 * @param doing what was being done, to begin a sentence: 'Loading the model'
 */
export function sentenceOf(error: unknown, doing: string): Error {
  if (error instanceof InspectorError) return error;
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, sentence] of RULES) {
    const match = pattern.exec(message);
    if (match !== null) {
      const groups = match.slice(1).map((group: string | undefined) => group ?? '');
      return new InspectorError(sentence(...groups), {cause: error});
    }
  }
  return new Error(`${doing} failed: ${withoutStop(message) || 'no reason was given'}.`, {
    cause: error,
  });
}

function withoutStop(text: string): string {
  return text.trim().replace(/\.$/, '');
}
