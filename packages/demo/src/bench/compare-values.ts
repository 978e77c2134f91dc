/** Whether variants get at the same values: times of what differs must not be compared. */
import type {Tensor} from '@tensorflow/tfjs-core';
import type {TensorsByHook, Yielded} from './variant.js';

export interface Comparison {
  readonly values: number;
  /** Values of which at least one bit differs. */
  readonly differing: number;
  /** The largest difference, as a share of the largest absolute value in its tensor. */
  readonly largest: number;
  /** Tensors that the reference has not, or in another shape. */
  readonly unmatched: number;
}

/**
 * How far values may be apart. Most routes run the same kernels and give the same bits; but Dense adds
 * its bias inside the matrix product under 'linear' and after it under 'softmax', and rounds elsewhere.
 */
const TOLERANCE = 1e-5;

/** Compares everything that a variant gets at with what a capture of everything gave. */
export function compareValues(yielded: Yielded, reference: Yielded): Comparison {
  const pairs: Pair[] = [
    ...pairsOf(yielded.pre, reference.pre),
    ...pairsOf(yielded.post, reference.post),
    ...pairsOf(yielded.output, reference.output),
    ...(yielded.results ?? []).map((result, index) => pairOf(result, reference.results?.[index])),
  ];
  const total = {values: 0, differing: 0, largest: 0, unmatched: 0};
  for (const [tensor, expected] of pairs) {
    if (expected?.shape.join() !== tensor.shape.join()) {
      total.unmatched++;
      continue;
    }
    const {differing, largest} = compareTensors(tensor, expected);
    total.values += tensor.size;
    total.differing += differing;
    total.largest = Math.max(total.largest, largest);
  }
  return total;
}

export function isSame({largest, unmatched}: Comparison): boolean {
  return largest <= TOLERANCE && unmatched === 0;
}

type Pair = readonly [tensor: Tensor, expected: Tensor | undefined];

function pairOf(tensor: Tensor, expected: Tensor | undefined): Pair {
  return [tensor, expected];
}

function pairsOf(tensors: TensorsByHook = new Map(), expected: TensorsByHook = new Map()): Pair[] {
  return [...tensors].map(([key, tensor]) => pairOf(tensor, expected.get(key)));
}

function compareTensors(
  tensor: Tensor,
  expected: Tensor,
): Pick<Comparison, 'differing' | 'largest'> {
  const [actual, wanted] = [tensor.dataSync(), expected.dataSync()];
  let differing = 0;
  let distance = 0;
  let scale = 0;
  for (const [index, value] of wanted.entries()) {
    const other = actual[index] ?? NaN;
    scale = Math.max(scale, Math.abs(value));
    if (Object.is(value, other)) continue;
    differing++;
    const apart = Math.abs(value - other);
    distance = Math.max(distance, Number.isNaN(apart) ? Infinity : apart);
  }
  return {differing, largest: distance === 0 ? 0 : distance / scale};
}
