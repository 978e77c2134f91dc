/** How a convolution runs along rows and along columns: what its gradients turn around. */
import {backend_util} from '@tensorflow/tfjs-core';
import type {Attributes} from './composed-kernel.js';

export type Shape4D = readonly [number, number, number, number];

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

export type ConvolutionAxes = readonly [rows: ConvolutionAxis, columns: ConvolutionAxis];

type Options = Parameters<typeof backend_util.computeConv2DInfo>;

/**
 * @param inputShape of x
 * @param filterShape [height, width, in, out], or [height, width, in, multiplier] if depthwise
 * @param attrs the kernel's: strides, pad, dimRoundingMode, and dilations and dataFormat where it has them
 */
export function convolutionAxes(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attrs: Attributes,
  isDepthwise: boolean,
): ConvolutionAxes {
  const {padInfo, ...info} = backend_util.computeConv2DInfo(
    inputShape as Options[0],
    filterShape as Options[1],
    attrs['strides'] as Options[2],
    (attrs['dilations'] ?? 1) as Options[3],
    attrs['pad'] as Options[4],
    attrs['dimRoundingMode'] as Options[5],
    isDepthwise,
    backend_util.convertConv2DDataFormat((attrs['dataFormat'] ?? 'NHWC') as 'NHWC' | 'NCHW'),
  );
  return [
    withEnd({
      input: info.inHeight,
      output: info.outHeight,
      filter: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      before: padInfo.top,
    }),
    withEnd({
      input: info.inWidth,
      output: info.outWidth,
      filter: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      before: padInfo.left,
    }),
  ];
}

/** The end is not what the padding says: strides leave values over, and rounding up reaches beyond it. */
function withEnd(axis: Omit<ConvolutionAxis, 'after'>): ConvolutionAxis {
  const read = (axis.output - 1) * axis.stride + (axis.filter - 1) * axis.dilation + 1;
  return {...axis, after: read - axis.before - axis.input};
}
