/**
 * The gradient of depthToSpace: each value goes back to where it came from, which is spaceToDepth.
 *
 * How: operations that have gradients themselves, for tfjs has no kernel for it on any backend.
 */
import {DepthToSpace, reshape, transpose} from '@tensorflow/tfjs-core';
import type {GradConfig, Tensor} from '@tensorflow/tfjs-core';

export function depthToSpaceGradient(): GradConfig {
  return {
    kernelName: DepthToSpace,
    gradFunc(dy, _saved, attrs) {
      const {blockSize, dataFormat} = attrs as unknown as DepthToSpaceAttributes;
      const spaceToDepth = dataFormat === 'NCHW' ? channelsFirst : channelsLast;
      return {x: () => spaceToDepth(dy as Tensor, blockSize)};
    },
  };
}

interface DepthToSpaceAttributes {
  readonly blockSize: number;
  readonly dataFormat: 'NHWC' | 'NCHW';
}

type Shape4D = [number, number, number, number];

function channelsLast(dy: Tensor, block: number): Tensor {
  const [batch, height, width, channels] = dy.shape as Shape4D;
  const [rows, columns] = [height / block, width / block];
  const blocks = reshape(dy, [batch * rows, block, columns, block * channels]);
  return reshape(transpose(blocks, [0, 2, 1, 3]), [batch, rows, columns, block * block * channels]);
}

function channelsFirst(dy: Tensor, block: number): Tensor {
  const [batch, channels, height, width] = dy.shape as Shape4D;
  const [rows, columns] = [height / block, width / block];
  const blocks = reshape(dy, [batch, channels * rows, block, columns, block]);
  return reshape(transpose(blocks, [0, 2, 4, 1, 3]), [
    batch,
    block * block * channels,
    rows,
    columns,
  ]);
}
