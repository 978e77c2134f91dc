/** How a convolution runs along each of its two axes: what its gradients turn around. */
import {backend_util} from '@tensorflow/tfjs-core';
import type {Attributes} from './composed-kernel.js';

export interface ConvolutionAxis {
  /** Values of x, of y, and of the filter. */
  readonly input: number;
  readonly output: number;
  readonly filter: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros before x. */
  readonly before: number;
  /** Zeros after x that the filter reaches. Negative: that many values at the end of x are never read. */
  readonly after: number;
}

type Shape4D = [number, number, number, number];
type Options = Parameters<typeof backend_util.computeConv2DInfo>;

/**
 * @param inputShape of x
 * @param filterShape [height, width, in, out], or [height, width, in, multiplier] if depthwise
 * @param attrs the kernel's: strides, pad, dimRoundingMode, and dilations and dataFormat where it has them
 * @returns rows, then columns
 */
export function convolutionAxes(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: Attributes,
  isDepthwise: boolean,
): readonly [ConvolutionAxis, ConvolutionAxis] {
  const info = backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    attrs['strides'] as Options[2],
    (attrs['dilations'] ?? 1) as Options[3],
    attrs['pad'] as Options[4],
    attrs['dimRoundingMode'] as Options[5],
    isDepthwise,
    backend_util.convertConv2DDataFormat((attrs['dataFormat'] ?? 'NHWC') as 'NHWC' | 'NCHW'),
  );
  const {padInfo} = info;
  return [
    axis(
      info.inHeight,
      info.outHeight,
      info.filterHeight,
      info.strideHeight,
      info.dilationHeight,
      padInfo.top,
    ),
    axis(
      info.inWidth,
      info.outWidth,
      info.filterWidth,
      info.strideWidth,
      info.dilationWidth,
      padInfo.left,
    ),
  ];
}

function axis(
  input: number,
  output: number,
  filter: number,
  stride: number,
  dilation: number,
  before: number,
): ConvolutionAxis {
  // Not what the padding says: strides leave values over, and rounding up reaches beyond it.
  const after = (output - 1) * stride + (filter - 1) * dilation + 1 - before - input;
  return {input, output, filter, stride, dilation, before, after};
}
