/** Made-up layers: shapes and names as real models have them, values that look like maps of the image. */
import type {Picture} from '../../../inspector/protocol/run.js';

export interface FakeLayer {
  readonly name: string;
  readonly path: readonly string[];
  readonly activation: string;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  apply(value: number): number;
  /** What goes in: [height, width, channels]. `drift` is how far edits before this layer move it. */
  values(picture: Picture | null, index: number, drift: number): Float32Array;
}

const ACTIVATIONS: Readonly<Record<string, (value: number) => number>> = {
  relu: (value) => Math.max(0, value),
  relu6: (value) => Math.min(6, Math.max(0, value)),
  sigmoid: (value) => 1 / (1 + Math.exp(-value)),
};

/** 'esrgan-slim' has 16 layers of 64 channels, 'deep' has 300, others what classifiers have. */
export function fakeLayers(model: string): readonly FakeLayer[] {
  if (model === 'esrgan-slim') {
    return Array.from({length: 16}, (_, index) =>
      layer(
        ['generator', `block${Math.floor(index / 4) + 1}`, `conv${(index % 4) + 1}_relu`],
        'relu',
        48,
        64,
      ),
    );
  }
  const count = model === 'deep' ? 300 : 20;
  const sizes = Array.from({length: count}, (_, index) =>
    Math.max(4, 28 >> Math.floor((5 * index) / count)),
  );
  return [
    ...sizes.map((size, index) =>
      layer(
        ['model', 'features', `block_${index + 1}_expand`, 'relu'],
        'relu6',
        size,
        model === 'deep' ? 16 : 160,
      ),
    ),
    layer(['model', 'head', 'dense', 'Sigmoid'], 'sigmoid', 1, 96),
  ];
}

function layer(
  path: readonly string[],
  activation: string,
  size: number,
  channels: number,
): FakeLayer {
  return {
    name: path.join('/'),
    path,
    activation,
    height: size,
    width: size,
    channels,
    apply: ACTIVATIONS[activation]!,
    values: (picture, index, drift) => {
      const values = new Float32Array(size * size * channels);
      for (let at = 0; at < size * size; at++) {
        const [row, column] = [Math.floor(at / size), at % size];
        const light = picture === null ? 0.5 : lightAt(picture, row / size, column / size);
        for (let channel = 0; channel < channels; channel++) {
          const phase = channel * 2.4 + index * 0.7 + drift;
          const wave = Math.sin((row * (1 + (channel % 5)) + column * (channel % 3)) / 6 + phase);
          values[at * channels + channel] =
            1.6 * wave * light + 2 * (light - 0.5) * Math.cos(phase) - 0.2;
          if (channel % 29 === 7) values[at * channels + channel] = -0.1 - light;
          if (channel % 41 === 11 && activation !== 'relu')
            values[at * channels + channel] = 7 + light;
          if (channel === 5 && index === 3 && at === 9) values[at * channels + channel] = NaN;
        }
      }
      return values;
    },
  };
}

function lightAt({width, height, rgba}: Picture, row: number, column: number): number {
  const at = 4 * (Math.floor(row * height) * width + Math.floor(column * width));
  return ((rgba[at] ?? 0) + (rgba[at + 1] ?? 0) + (rgba[at + 2] ?? 0)) / 765;
}
