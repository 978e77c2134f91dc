// Small models of every kind that the inspector must show.
import {loadGraphModel} from '@tensorflow/tfjs-converter';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {io} from '@tensorflow/tfjs-core';
import {initializers, input, layers, model, sequential} from '@tensorflow/tfjs-layers';
import type {LayersModel} from '@tensorflow/tfjs-layers';

/** Weights that differ from layer to layer, and not from test to test. */
const seeded = (seed: number) => ({
  kernelInitializer: initializers.glorotNormal({seed}),
  biasInitializer: initializers.randomNormal({seed: seed + 100}),
});
const first = {dataFormat: 'channelsFirst'} as const;

/** Layers models by what is special about them. */
export const SMALL_MODELS: Readonly<Record<string, () => LayersModel>> = {
  'dense, of rank 2': () =>
    sequential({
      layers: [
        layers.dense({name: 'hidden', units: 5, activation: 'tanh', inputShape: [3], ...seeded(1)}),
        layers.dense({name: 'out', units: 2, activation: 'softmax', ...seeded(2)}),
      ],
    }),
  'a sequence, of rank 3': () =>
    sequential({
      layers: [
        layers.conv1d({
          name: 'conv',
          filters: 4,
          kernelSize: 2,
          activation: 'relu',
          inputShape: [6, 3],
          ...seeded(1),
        }),
      ],
    }),
  'channels first': () =>
    sequential({
      layers: [
        layers.conv2d({
          name: 'conv',
          filters: 4,
          kernelSize: 2,
          activation: 'relu',
          inputShape: [2, 5, 6],
          ...first,
          ...seeded(1),
        }),
        layers.batchNormalization({axis: 1}),
        layers.reLU({name: 'relu'}),
      ],
    }),
  'a volume, of rank 5': () =>
    sequential({
      layers: [
        layers.conv3d({
          name: 'conv',
          filters: 3,
          kernelSize: 2,
          activation: 'relu',
          inputShape: [4, 5, 6, 2],
          ...seeded(1),
        }),
      ],
    }),
  'a recurrent layer': () =>
    sequential({
      layers: [
        layers.lstm({
          name: 'lstm',
          units: 4,
          inputShape: [3, 2],
          recurrentInitializer: initializers.glorotNormal({seed: 3}),
          ...seeded(1),
        }),
      ],
    }),
  'a shared layer, and several outputs': () => {
    const shared = layers.dense({name: 'shared', units: 3, activation: 'relu', ...seeded(1)});
    const x = input({shape: [3]});
    const once = shared.apply(x);
    const twice = shared.apply(once);
    return model({inputs: x, outputs: [once, twice] as never});
  },
  'a nested model': () => {
    const inner = sequential({
      name: 'inner',
      layers: [
        layers.dense({name: 'dense', units: 3, activation: 'relu', inputShape: [3], ...seeded(1)}),
      ],
    });
    return sequential({
      layers: [
        // A nested model that comes first is taken apart by tfjs.
        layers.dense({name: 'first', units: 3, inputShape: [3], ...seeded(3)}),
        inner,
        layers.dense({name: 'last', units: 2, activation: 'sigmoid', ...seeded(2)}),
      ],
    });
  },
  'two inputs': () => {
    const inputs = [input({name: 'a', shape: [3]}), input({name: 'b', shape: [2]})];
    const joined = layers.concatenate().apply(inputs);
    const out = layers.dense({name: 'dense', units: 2, activation: 'relu', ...seeded(1)});
    return model({inputs, outputs: out.apply(joined) as never});
  },
};

const float = {dtype: {type: 'DT_FLOAT'}};

/** A graph with an operation that must be waited for: places where relu(x) is not 0, a ReLU of the same behind it. */
export function graphInTime(lastOp = 'Relu6'): Promise<GraphModel> {
  const node = (name: string, op: string, inputs: string[], attr: object = {}) => ({
    name,
    op,
    input: inputs,
    attr,
  });
  const info = (name: string, dtype: string, columns: number) => ({
    name: `${name}:0`,
    dtype,
    tensorShape: {dim: [{size: '-1'}, {size: String(columns)}]},
  });
  return loadGraphModel(
    io.fromMemory({
      modelTopology: {
        node: [
          node('x', 'Placeholder', [], float),
          node('relu', 'Relu', ['x']),
          node('places', 'Where', ['relu']),
          node('cast', 'Cast', ['places'], {
            SrcT: {type: 'DT_INT64'},
            DstT: {type: 'DT_FLOAT'},
          }),
          node('last', lastOp, ['cast']),
        ],
        versions: {producer: 0, minConsumer: 0},
      },
      weightSpecs: [],
      weightData: new ArrayBuffer(0),
      signature: {
        inputs: {x: info('x', 'DT_FLOAT', 3)},
        outputs: {last: info('last', 'DT_FLOAT', 2), relu: info('relu', 'DT_FLOAT', 3)},
      },
    }),
  );
}
