/**
 * How long gradients take on WASM with `registerGradientKernels`, and on the CPU backend, which has such
 * kernels itself.
 *
 * Both in this process, in turn. The CPU backend takes most of the two minutes.
 */
import {
  engine,
  grad,
  mean,
  randomNormal,
  randomUniform,
  setBackend,
  square,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type {NamedAttrMap, Tensor} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import {registerGradientKernels} from '@tfjs-capture/hooks';
import {loadEsrganSlim} from '../models/esrgan-slim.js';
import {startWasmBackend} from '../wasm-backend.js';
import {drawTable} from './draw-table.js';
import {measureInterleaved} from './measure-interleaved.js';
import {significant} from './number-format.js';
import type {Variant} from './variant.js';

type BackendName = 'wasm' | 'cpu';

/** Makes what is to be timed out of tensors on the backend that is active then. */
interface Subject {
  readonly title: string;
  readonly make: () => Promise<() => Tensor>;
}

const kernelSubject = (
  title: string,
  kernelName: string,
  shapes: Readonly<Record<string, number[]>>,
  attrs: object,
): Subject => ({
  title,
  make: () => {
    const entries = Object.entries(shapes).map(
      ([name, shape], i) => [name, randomNormal(shape, 0, 1, 'float32', i + 1)] as const,
    );
    const inputs = Object.fromEntries(entries);
    return Promise.resolve(() => engine().runKernel(kernelName, inputs, attrs as NamedAttrMap));
  },
});

const same = {strides: 1, pad: 'same', dilations: 1, dataFormat: 'NHWC'};

const subjects: readonly Subject[] = [
  {
    title: 'ESRGAN-slim, 32²: gradient of the input',
    make: async () => {
      const model = await loadEsrganSlim();
      const x = randomUniform([1, 32, 32, 3], 0, 255, 'float32', 1);
      return () => grad((at: Tensor) => mean(square(model.apply(at) as Tensor)))(x);
    },
  },
  {
    title: 'ESRGAN-slim, 32²: gradients of all weights',
    make: async () => {
      const model = await loadEsrganSlim();
      const x = randomUniform([1, 32, 32, 3], 0, 255, 'float32', 1);
      return () => {
        const {value, grads} = variableGrads(() => mean(square(model.apply(x) as Tensor)));
        value.dispose();
        const [first, ...others] = Object.values(grads);
        for (const other of others) other.dispose();
        return first as Tensor;
      };
    },
  },
  kernelSubject(
    'filter of conv2d, 3×3, 2×32×32×32 to 32',
    'Conv2DBackpropFilter',
    {x: [2, 32, 32, 32], dy: [2, 32, 32, 32]},
    {...same, filterShape: [3, 3, 32, 32]},
  ),
  kernelSubject(
    'filter of conv2d, 1×1, 1×28×28×128 to 128',
    'Conv2DBackpropFilter',
    {x: [1, 28, 28, 128], dy: [1, 28, 28, 128]},
    {...same, filterShape: [1, 1, 128, 128]},
  ),
  kernelSubject(
    'filter of depthwiseConv2d, 3×3, 1×112×112×32',
    'DepthwiseConv2dNativeBackpropFilter',
    {x: [1, 112, 112, 32], dy: [1, 112, 112, 32]},
    {...same, filterShape: [3, 3, 32, 1]},
  ),
  kernelSubject(
    'input of depthwiseConv2d, 3×3, 1×112×112×32',
    'DepthwiseConv2dNativeBackpropInput',
    {dy: [1, 112, 112, 32], filter: [3, 3, 32, 1]},
    {...same, inputShape: [1, 112, 112, 32]},
  ),
];

interface Measured extends Variant {
  /** What the last run gave. */
  readonly values: () => Float32Array;
}

/** One backend's way; each has tensors of its own, or they would be moved from one to the other. */
async function variantOf({make}: Subject, name: BackendName): Promise<Measured> {
  await setBackend(name);
  const compute = await make();
  let values: Float32Array = new Float32Array();
  return {
    name,
    isBudgeted: name === 'wasm',
    run() {
      // At once, for a backend that is ready.
      void setBackend(name);
      // Not the values: tidy would look for tensors among them, one by one.
      const gradient = tidy(compute);
      values = gradient.dataSync<'float32'>();
      gradient.dispose();
    },
    yield: () => ({dispose() {}}),
    values: () => values,
  };
}

/** The distance relative to the norm. */
function apart(got: Float32Array, expected: Float32Array): number {
  const norm = (values: Float32Array) =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return norm(got.map((value, i) => value - (expected[i] ?? NaN))) / norm(expected);
}

async function measure(subject: Subject): Promise<string[]> {
  const [wasm, cpu] = [await variantOf(subject, 'wasm'), await variantOf(subject, 'cpu')];
  const timings = await measureInterleaved([wasm, cpu], {
    seconds: 4,
    fewestSamples: 1,
    onProgress: (sentence) => {
      console.error(`  ${subject.title}: ${sentence}`);
    },
  });
  const [onWasm, onCpu] = [timings.get(wasm), timings.get(cpu)];
  if (!onWasm || !onCpu) throw new Error(`measure: ${subject.title} was not measured.`);
  return [
    subject.title,
    significant(onWasm.milliseconds.median),
    significant(onCpu.milliseconds.median),
    significant(onCpu.ratio.median),
    `${onWasm.milliseconds.samples}, ${onCpu.milliseconds.samples}`,
    apart(wasm.values(), cpu.values()).toExponential(0),
  ];
}

await startWasmBackend();
registerGradientKernels('wasm');
const rows: string[][] = [];
for (const subject of subjects) rows.push(await measure(subject));
const head = ['gradient', 'WASM, ms', 'CPU, ms', 'CPU / WASM', 'samples', 'apart'];
console.log(drawTable({head, rows}));
