/**
 * Conv2DBackpropFilter: the gradient of a convolution's filter.
 *
 * How: it is a convolution itself. For each pair of channels, x is correlated with dy over images and places: x as
 * [in, height, width, batch] is convolved with the filter dy as [height, width, batch, out], where
 * strides and dilations change places, and gives [in, height, width, out] of the filter.
 *
 * Cost: copies of x and dy, and as many multiplications as the convolution has.
 */
import {Conv2D, Conv2DBackpropFilter, Slice, Transpose} from '@tensorflow/tfjs-core';
import type {KernelConfig} from '@tensorflow/tfjs-core';
import {composedKernel} from './composed-kernel.js';
import {convolutionAxes} from './convolution-axes.js';

/** The kernels that it is made of. */
export const CONV2D_FILTER_GRADIENT_PARTS = [Conv2D, Slice, Transpose] as const;

type Shape4D = readonly [number, number, number, number];

export function conv2dFilterGradient(backendName: string): KernelConfig {
  return composedKernel<'x' | 'dy'>(Conv2DBackpropFilter, backendName, (run, {x, dy}, attrs) => {
    const filterShape = attrs['filterShape'] as Shape4D;
    const axes = convolutionAxes(x.shape, filterShape, attrs, false);
    const isChannelsFirst = attrs['dataFormat'] === 'NCHW';

    let image = run(Transpose, {x}, {perm: isChannelsFirst ? [1, 2, 3, 0] : [3, 1, 2, 0]});
    const filter = run(Transpose, {x: dy}, {perm: isChannelsFirst ? [2, 3, 0, 1] : [1, 2, 0, 3]});
    // What the strides leave over would make the result larger.
    const read = axes.map(({input, after}) => Math.max(1, input + Math.min(0, after)));
    if (axes.some(({input}, i) => input !== read[i])) {
      const size = [image.shape[0], ...read, image.shape[3]];
      image = run(Slice, {x: image}, {begin: [0, 0, 0, 0], size});
    }
    const [rows, columns] = axes;
    let gradient = run(
      Conv2D,
      {x: image, filter},
      {
        strides: [rows.dilation, columns.dilation],
        dilations: [rows.stride, columns.stride],
        pad: [[0, 0], ...axes.map(({before, after}) => [before, Math.max(0, after)]), [0, 0]],
        dataFormat: 'NHWC',
        dimRoundingMode: 'floor',
      },
    );
    const [height, width, channels, outChannels] = filterShape;
    if (gradient.shape[1] !== height || gradient.shape[2] !== width) {
      const size = [channels, height, width, outChannels];
      gradient = run(Slice, {x: gradient}, {begin: [0, 0, 0, 0], size});
    }
    return run(Transpose, {x: gradient}, {perm: [1, 2, 0, 3]});
  });
}
