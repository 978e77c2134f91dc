import {initializers, layers, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/** What MobileNetV2 begins with, small, and a head that wants images of 16 × 16. */
export function smallMobileNet(): LayersModel {
  const weightsOf = (seed: number) => initializers.heNormal({seed});
  return sequential({
    layers: [
      layers.conv2d({
        name: 'conv',
        filters: 4,
        kernelSize: 3,
        strides: 2,
        useBias: false,
        kernelInitializer: weightsOf(1),
        inputShape: [16, 16, 3],
      }),
      layers.batchNormalization({name: 'norm'}),
      layers.reLU({name: 'conv_relu', maxValue: 6}),
      layers.depthwiseConv2d({
        name: 'depthwise',
        kernelSize: 3,
        depthwiseInitializer: weightsOf(2),
      }),
      layers.reLU({name: 'depthwise_relu', maxValue: 6}),
      layers.flatten(),
      layers.dense({name: 'classes', units: 3, activation: 'softmax'}),
    ],
  });
}
