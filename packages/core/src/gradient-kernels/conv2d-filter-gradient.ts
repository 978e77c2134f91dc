/**
 * Conv2DBackpropFilter: the gradient of a convolution's filter.
 *
 * How: for each pair of channels it is x correlated with dy, over images and places, and so a convolution itself: x as
 * [in, height, width, batch] with the filter dy as [height, width, batch, out], in which strides and
 * dilations have changed places, gives [in, height, width, out] of the filter. Of filters of one value it is
 * a matrix product, which is several times faster.
 *
 * Cost: copies of x and dy; two to five times the convolution's own time on WASM.
 */
import {BatchMatMul, Conv2D, Conv2DBackpropFilter, Reshape, Transpose} from '@tensorflow/tfjs-core';
import type {KernelConfig, TensorInfo} from '@tensorflow/tfjs-core';
import {composedKernel} from './composed-kernel.js';
import type {RunKernel} from './composed-kernel.js';
import {convolutionAxes} from './convolution-axes.js';
import type {ConvolutionAxes, Shape4D} from './convolution-axes.js';
import {frameImage, framedImageParts, zeros} from './framed-image.js';

/** The kernels that it is made of. */
export const conv2dFilterGradientParts = (): string[] => [
  BatchMatMul,
  Conv2D,
  Reshape,
  Transpose,
  ...framedImageParts(),
];

export function conv2dFilterGradient(backendName: string): KernelConfig {
  return composedKernel<'x' | 'dy'>(Conv2DBackpropFilter, backendName, (run, {x, dy}, attrs) => {
    const filterShape = attrs['filterShape'] as Shape4D;
    const axes = convolutionAxes(x.shape, filterShape, attrs, false);
    const isChannelsFirst = attrs['dataFormat'] === 'NCHW';
    if (dy.shape.includes(0)) return zeros(run, filterShape);
    if (axes.every(isPointwise)) return asProduct(run, x, dy, filterShape, isChannelsFirst);
    return asConvolution(run, x, dy, filterShape, isChannelsFirst, axes);
  });
}

function isPointwise({filter, stride, before, after}: ConvolutionAxes[number]): boolean {
  return filter === 1 && stride === 1 && before === 0 && after === 0;
}

function asProduct(
  run: RunKernel,
  x: TensorInfo,
  dy: TensorInfo,
  filterShape: Shape4D,
  isChannelsFirst: boolean,
): TensorInfo {
  const [, , channels, outChannels] = filterShape;
  const places = x.shape.reduce((product, size) => product * size, 1) / channels;
  const a = run(Transpose, {x}, {perm: isChannelsFirst ? [1, 0, 2, 3] : [3, 0, 1, 2]});
  const b = isChannelsFirst ? run(Transpose, {x: dy}, {perm: [0, 2, 3, 1]}) : dy;
  const product = run(
    BatchMatMul,
    {
      a: run(Reshape, {x: a}, {shape: [1, channels, places]}),
      b: run(Reshape, {x: b}, {shape: [1, places, outChannels]}),
    },
    {transposeA: false, transposeB: false},
  );
  return run(Reshape, {x: product}, {shape: filterShape});
}

function asConvolution(
  run: RunKernel,
  x: TensorInfo,
  dy: TensorInfo,
  filterShape: Shape4D,
  isChannelsFirst: boolean,
  axes: ConvolutionAxes,
): TensorInfo {
  const [rows, columns] = axes;
  const framed = frameImage(
    run,
    run(Transpose, {x}, {perm: isChannelsFirst ? [1, 2, 3, 0] : [3, 1, 2, 0]}),
    [
      [rows.before, rows.after],
      [columns.before, columns.after],
    ],
  );
  if (!framed) return zeros(run, filterShape);
  const gradient = run(
    Conv2D,
    {
      x: framed.image,
      filter: run(Transpose, {x: dy}, {perm: isChannelsFirst ? [2, 3, 0, 1] : [1, 2, 0, 3]}),
    },
    {
      strides: [rows.dilation, columns.dilation],
      dilations: [rows.stride, columns.stride],
      pad: framed.pad,
      dataFormat: 'NHWC',
    },
  );
  return run(Transpose, {x: gradient}, {perm: [1, 2, 0, 3]});
}
