/**
 * DepthwiseConv2dNativeBackpropFilter: the gradient of a depthwise convolution's filter.
 *
 * How: for each channel of each image it is x correlated with dy, and so a depthwise convolution itself: x as
 * [1, height, width, batch * in] with the filter dy as [height, width, batch * in, multiplier], in which
 * strides and dilations have changed places. The sum over the batch is left.
 *
 * Cost: copies of x and dy; on WASM five to fifteen times the convolution's own time, whose filters are small
 * enough to be fast. A product and a sum for each value of the filter take two to fifty times as long as that.
 */
import {
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  Reshape,
  Sum,
  Transpose,
} from '@tensorflow/tfjs-core';
import type {KernelConfig} from '@tensorflow/tfjs-core';
import {composedKernel} from './composed-kernel.js';
import {convolutionAxes} from './convolution-axes.js';
import type {Shape4D} from './convolution-axes.js';
import {frameImage, framedImageParts, zeros} from './framed-image.js';

/** The kernels that it is made of. */
export const depthwiseFilterGradientParts = (): string[] => [
  DepthwiseConv2dNative,
  Reshape,
  Sum,
  Transpose,
  ...framedImageParts(),
];

export function depthwiseFilterGradient(backendName: string): KernelConfig {
  return composedKernel<'x' | 'dy'>(
    DepthwiseConv2dNativeBackpropFilter,
    backendName,
    (run, {x, dy}, attrs) => {
      const filterShape = attrs['filterShape'] as Shape4D;
      if (dy.shape.includes(0)) return zeros(run, filterShape);
      const [filterHeight, filterWidth, channels, multiplier] = filterShape;
      const [batch, height, width] = x.shape as unknown as Shape4D;
      const [rows, columns] = convolutionAxes(x.shape, filterShape, attrs, true);

      const image = run(Transpose, {x}, {perm: [1, 2, 0, 3]});
      const framed = frameImage(
        run,
        run(Reshape, {x: image}, {shape: [1, height, width, batch * channels]}),
        [
          [rows.before, rows.after],
          [columns.before, columns.after],
        ],
      );
      if (!framed) return zeros(run, filterShape);
      const filter = run(Transpose, {x: dy}, {perm: [1, 2, 0, 3]});
      const ofEachImage = run(
        DepthwiseConv2dNative,
        {
          x: framed.image,
          filter: run(
            Reshape,
            {x: filter},
            {shape: [rows.output, columns.output, batch * channels, multiplier]},
          ),
        },
        {
          strides: [rows.dilation, columns.dilation],
          dilations: [rows.stride, columns.stride],
          pad: framed.pad,
        },
      );
      const values = run(
        Reshape,
        {x: ofEachImage},
        {shape: [filterHeight * filterWidth, batch, channels * multiplier]},
      );
      const sum = run(Sum, {x: values}, {axis: [1], keepDims: false});
      return run(Reshape, {x: sum}, {shape: filterShape});
    },
  );
}
