/** Convolutions to compare gradients on: sizes, strides and paddings that do not go evenly into one another. */
import {backend_util} from '@tensorflow/tfjs-core';

export interface Convolution {
  readonly inputShape: number[];
  readonly filterShape: number[];
  readonly outputShape: number[];
  /** Rows, columns. */
  readonly axes: readonly [Axis, Axis];
  /** What the gradient kernels get. */
  readonly attrs: object;
}

interface Axis {
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
}

export type Random = () => number;

/** Mulberry32: the same numbers on every run. */
export function randomNumbers(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Values between -1 and 1. */
export function randomValues(random: Random, shape: number[]) {
  const size = shape.reduce((product, length) => product * length, 1);
  return {shape, values: Float32Array.from({length: size}, () => 2 * random() - 1)};
}

export interface ConvolutionKind {
  readonly isDepthwise: boolean;
  readonly channelsFirst?: boolean;
  /** 'only': with strides of 1, as all operations of tfjs demand. */
  readonly dilations?: 'only' | 'with strides';
}

export function randomConvolution(random: Random, kind: ConvolutionKind): Convolution {
  for (;;) {
    const convolution = drawConvolution(random, kind);
    if (convolution.outputShape.every((length) => length > 0)) return convolution;
  }
}

function drawConvolution(random: Random, kind: ConvolutionKind): Convolution {
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  const pick = <T>(...values: T[]): T => values[Math.floor(random() * values.length)] as T;
  const [batch, channels, last] = [upTo(3), upTo(5), upTo(kind.isDepthwise ? 3 : 6)];
  const inputShape = kind.channelsFirst
    ? [batch, channels, upTo(13), upTo(13)]
    : [batch, upTo(13), upTo(13), channels];
  const edge = () => [upTo(4) - 1, upTo(4) - 1];
  const none = [0, 0];
  const pad = pick<string | number | number[][]>(
    'same',
    'valid',
    upTo(4) - 1,
    kind.channelsFirst ? [none, none, edge(), edge()] : [none, edge(), edge(), none],
  );
  return convolutionOf(kind, inputShape, [upTo(5), upTo(5), channels, last], {
    strides: kind.dilations === 'only' ? 1 : pick<number | number[]>([upTo(3), upTo(3)], upTo(3)),
    pad,
    // tfjs takes one only along with padding in numbers.
    dimRoundingMode:
      typeof pad === 'string' ? undefined : pick(undefined, 'floor', 'round', 'ceil'),
    ...(kind.dilations && {dilations: [upTo(3), upTo(3)]}),
  });
}

type Info = Parameters<typeof backend_util.computeConv2DInfo>;

export interface ConvolutionOptions {
  readonly strides: number | number[];
  readonly pad: string | number | number[][];
  readonly dilations?: number[];
  readonly dimRoundingMode?: string | undefined;
}

export function convolutionOf(
  {isDepthwise, channelsFirst}: ConvolutionKind,
  inputShape: number[],
  filterShape: number[],
  options: ConvolutionOptions,
): Convolution {
  const attrs = {
    dimRoundingMode: undefined,
    ...(isDepthwise ? {dilations: [1, 1]} : {dataFormat: channelsFirst ? 'NCHW' : 'NHWC'}),
    ...options,
    filterShape,
    inputShape,
  };
  const info = backend_util.computeConv2DInfo(
    inputShape as Info[0],
    filterShape as Info[1],
    attrs.strides as Info[2],
    (attrs.dilations ?? 1) as Info[3],
    attrs.pad as Info[4],
    attrs.dimRoundingMode as Info[5],
    isDepthwise,
    channelsFirst ? 'channelsFirst' : 'channelsLast',
  );
  return {
    inputShape,
    filterShape,
    outputShape: info.outShape,
    axes: [
      {stride: info.strideHeight, dilation: info.dilationHeight, before: info.padInfo.top},
      {stride: info.strideWidth, dilation: info.dilationWidth, before: info.padInfo.left},
    ],
    attrs,
  };
}
