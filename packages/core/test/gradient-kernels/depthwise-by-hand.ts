/** Both gradients of a depthwise convolution, value by value: tfjs's CPU kernels leave out dilations. */
import type {Convolution} from './random-convolutions.js';

export function depthwiseByHand(
  {inputShape, filterShape, outputShape, axes}: Convolution,
  {x, filter, dy}: Readonly<Record<'x' | 'filter' | 'dy', Float32Array>>,
): {readonly filter: Float64Array; readonly input: Float64Array} {
  const [batch, height, width, channels] = inputShape as [number, number, number, number];
  const [filterHeight, filterWidth, , multiplier] = filterShape as [number, number, number, number];
  const [, outHeight, outWidth] = outputShape as [number, number, number];
  const ofFilter = new Float64Array(filter.length);
  const ofInput = new Float64Array(x.length);
  const [rows, columns] = axes;
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < outHeight; i++)
      for (let j = 0; j < outWidth; j++)
        for (let r = 0; r < filterHeight; r++)
          for (let c = 0; c < filterWidth; c++) {
            const row = i * rows.stride + r * rows.dilation - rows.before;
            const column = j * columns.stride + c * columns.dilation - columns.before;
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            for (let channel = 0; channel < channels; channel++)
              for (let m = 0; m < multiplier; m++) {
                const atX = ((b * height + row) * width + column) * channels + channel;
                const atFilter = ((r * filterWidth + c) * channels + channel) * multiplier + m;
                const atY = ((b * outHeight + i) * outWidth + j) * channels * multiplier;
                const slope = dy[atY + channel * multiplier + m]!;
                ofFilter[atFilter]! += slope * x[atX]!;
                ofInput[atX]! += slope * filter[atFilter]!;
              }
          }
  return {filter: ofFilter, input: ofInput};
}
