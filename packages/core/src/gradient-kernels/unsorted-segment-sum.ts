/**
 * UnsortedSegmentSum: the gradient of gather, and so of embeddings.
 *
 * How: scattering adds up what falls on the same place. Rows without a segment, which tfjs leaves out,
 * would be written outside the result: they fall on a row behind it.
 *
 * Cost: two copies of the result, of which x fills only some rows.
 */
import {
  Fill,
  GreaterEqual,
  Less,
  LogicalAnd,
  Reshape,
  ScatterNd,
  Select,
  Slice,
  UnsortedSegmentSum,
} from '@tensorflow/tfjs-core';
import type {KernelConfig} from '@tensorflow/tfjs-core';
import {composedKernel} from './composed-kernel.js';

/** The kernels that it is made of. */
export const unsortedSegmentSumParts = (): string[] => [
  Fill,
  GreaterEqual,
  Less,
  LogicalAnd,
  Reshape,
  ScatterNd,
  Select,
  Slice,
];

export function unsortedSegmentSum(backendName: string): KernelConfig {
  return composedKernel<'x' | 'segmentIds'>(
    UnsortedSegmentSum,
    backendName,
    (run, {x, segmentIds}, attrs) => {
      const numSegments = attrs['numSegments'] as number;
      const [, ...rowShape] = x.shape;
      const all = (value: number) =>
        run(Fill, {}, {shape: segmentIds.shape, value, dtype: segmentIds.dtype});
      const behind = all(numSegments);
      const isSegment = run(LogicalAnd, {
        a: run(GreaterEqual, {a: segmentIds, b: all(0)}),
        b: run(Less, {a: segmentIds, b: behind}),
      });
      const rows = run(Select, {condition: isSegment, t: segmentIds, e: behind});
      const indices = run(Reshape, {x: rows}, {shape: [...rows.shape, 1]});
      const sums = run(ScatterNd, {indices, updates: x}, {shape: [numSegments + 1, ...rowShape]});
      const size = [numSegments, ...rowShape];
      return run(Slice, {x: sums}, {begin: size.map(() => 0), size});
    },
  );
}
