/** Convolutions to compare gradients on: sizes, strides and paddings that do not go evenly into one another. */
import {backend_util} from '@tensorflow/tfjs-core';
import type {NamedAttrMap} from '@tensorflow/tfjs-core';

export interface Convolution {
  readonly inputShape: number[];
  readonly filterShape: number[];
  readonly outputShape: number[];
  /** As the gradient kernels get them. */
  readonly attrs: NamedAttrMap;
}

type Random = () => number;

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

interface Kind {
  readonly isDepthwise: boolean;
  readonly channelsFirst?: boolean;
  readonly dilated?: boolean;
}

export function randomConvolution(random: Random, kind: Kind): Convolution {
  for (;;) {
    const convolution = drawConvolution(random, kind);
    if (convolution.outputShape.every((size) => size > 0)) return convolution;
  }
}

function drawConvolution(
  random: Random,
  {isDepthwise, channelsFirst = false, dilated = false}: Kind,
): Convolution {
  const upTo = (most: number) => 1 + Math.floor(random() * most);
  const pick = <T>(...values: T[]): T => values[Math.floor(random() * values.length)] as T;
  const [batch, channels, last] = [upTo(3), upTo(5), upTo(isDepthwise ? 3 : 6)];
  const [height, width] = [upTo(13), upTo(13)];
  const filterShape = [upTo(5), upTo(5), channels, last];
  const inputShape = channelsFirst
    ? [batch, channels, height, width]
    : [batch, height, width, channels];
  const explicit = [
    [upTo(4) - 1, upTo(4) - 1],
    [upTo(4) - 1, upTo(4) - 1],
  ];
  const none = [0, 0];
  const pad = pick<string | number | number[][]>(
    'same',
    'valid',
    upTo(4) - 1,
    channelsFirst ? [none, none, ...explicit] : [none, ...explicit, none],
  );
  const attrs = {
    strides: pick<number | number[]>([upTo(3), upTo(3)], upTo(3)),
    pad,
    dataFormat: channelsFirst ? 'NCHW' : 'NHWC',
    // Only with padding in numbers does tfjs take one.
    dimRoundingMode:
      typeof pad === 'string' ? undefined : pick(undefined, 'floor', 'round', 'ceil'),
    dilations: dilated ? [upTo(3), upTo(3)] : [1, 1],
  } as unknown as NamedAttrMap;
  return convolutionOf(inputShape, filterShape, attrs, isDepthwise);
}

/** Completes a convolution by the shape of what it gives. */
export function convolutionOf(
  inputShape: number[],
  filterShape: number[],
  attrs: NamedAttrMap,
  isDepthwise: boolean,
): Convolution {
  type Info = Parameters<typeof backend_util.computeConv2DInfo>;
  const {outShape} = backend_util.computeConv2DInfo(
    inputShape as Info[0],
    filterShape as Info[1],
    attrs['strides'] as Info[2],
    (attrs['dilations'] ?? 1) as Info[3],
    attrs['pad'] as Info[4],
    attrs['dimRoundingMode'] as Info[5],
    isDepthwise,
    attrs['dataFormat'] === 'NCHW' ? 'channelsFirst' : 'channelsLast',
  );
  return {
    inputShape,
    filterShape,
    outputShape: outShape,
    attrs: {...attrs, filterShape, inputShape},
  };
}
