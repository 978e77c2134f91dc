/**
 * DepthwiseConv2dNativeBackpropInput: the gradient of what goes into a depthwise convolution.
 *
 * How: each value of dy is spread over what its filter has read, and so dy, with zeros between its
 * values where the convolution has strides, is convolved with the filter reversed. Of several outputs
 * per channel the sum is left.
 *
 * Cost: a copy of dy with its zeros; about the time of a convolution of stride 1.
 */
import {
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropInput,
  PadV2,
  Reshape,
  Reverse,
  Sum,
} from '@tensorflow/tfjs-core';
import type {KernelConfig, TensorInfo} from '@tensorflow/tfjs-core';
import {composedKernel} from './composed-kernel.js';
import type {RunKernel} from './composed-kernel.js';
import {convolutionAxes} from './convolution-axes.js';
import type {ConvolutionAxes, ConvolutionAxis, Shape4D} from './convolution-axes.js';
import {frameImage, framedImageParts, zeros} from './framed-image.js';
import type {Frame} from './framed-image.js';

/** The kernels that it is made of. */
export const depthwiseInputGradientParts = (): string[] => [
  DepthwiseConv2dNative,
  PadV2,
  Reshape,
  Reverse,
  Sum,
  ...framedImageParts(),
];

export function depthwiseInputGradient(backendName: string): KernelConfig {
  return composedKernel<'dy' | 'filter'>(
    DepthwiseConv2dNativeBackpropInput,
    backendName,
    (run, {dy, filter}, attrs) => {
      const inputShape = attrs['inputShape'] as Shape4D;
      if (dy.shape.includes(0)) return zeros(run, inputShape);
      const [filterHeight, filterWidth, channels, multiplier] = filter.shape as unknown as Shape4D;
      const axes = convolutionAxes(inputShape, filter.shape, attrs, true);
      const [rows, columns] = axes;

      const framed = frameImage(run, spread(run, dy, axes), [frameOf(rows), frameOf(columns)]);
      if (!framed) return zeros(run, inputShape);
      const reversed = run(Reverse, {x: filter}, {dims: [0, 1]});
      const gradient = run(
        DepthwiseConv2dNative,
        {
          x: framed.image,
          filter: run(
            Reshape,
            {x: reversed},
            {shape: [filterHeight, filterWidth, channels * multiplier, 1]},
          ),
        },
        {strides: [1, 1], dilations: [rows.dilation, columns.dilation], pad: framed.pad},
      );
      if (multiplier === 1) return gradient;
      const ofEachOutput = run(Reshape, {x: gradient}, {shape: [...inputShape, multiplier]});
      return run(Sum, {x: ofEachOutput}, {axis: [4], keepDims: false});
    },
  );
}

/** dy with `stride - 1` zeros after each row and column, the last ones too. */
function spread(run: RunKernel, dy: TensorInfo, [rows, columns]: ConvolutionAxes): TensorInfo {
  if (rows.stride === 1 && columns.stride === 1) return dy;
  const [batch, height, width, channels] = dy.shape as unknown as Shape4D;
  // The zeros after a value are its neighbours in the row, as more channels: one padding does both.
  const apart = run(
    PadV2,
    {x: run(Reshape, {x: dy}, {shape: [batch * height, 1, width, channels]})},
    {
      paddings: [
        [0, 0],
        [0, rows.stride - 1],
        [0, 0],
        [0, (columns.stride - 1) * channels],
      ],
      constantValue: 0,
    },
  );
  const shape = [batch, height * rows.stride, width * columns.stride, channels];
  return run(Reshape, {x: apart}, {shape});
}

/** So many zeros that each value of x has a result. */
function frameOf({filter, dilation, stride, before, after}: ConvolutionAxis): Frame {
  const reach = (filter - 1) * dilation;
  return [reach - before, reach - after - (stride - 1)];
}
