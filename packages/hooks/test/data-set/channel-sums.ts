// Statistics of channels from plain sums in float64, one value after another: what `channelStats` is compared with.
import type {Tensor} from '@tensorflow/tfjs-core';
import type {ChannelStats} from '@tfjs-capture/hooks';

interface Sums {
  count: number;
  min: number;
  max: number;
  sum: number;
  squares: number;
  nonPositive: number;
}

export class ChannelSums {
  readonly #channels: Sums[];

  constructor(channels: number) {
    this.#channels = Array.from({length: channels}, () => ({
      count: 0,
      min: Infinity,
      max: -Infinity,
      sum: 0,
      squares: 0,
      nonPositive: 0,
    }));
  }

  /** @param values channels last, all of them finite */
  add(values: Tensor): void {
    const data = values.dataSync();
    const {length} = this.#channels;
    for (const [channel, sums] of this.#channels.entries()) {
      for (let at = channel; at < data.length; at += length) {
        const value = data[at]!;
        sums.count++;
        if (value < sums.min) sums.min = value;
        if (value > sums.max) sums.max = value;
        sums.sum += value;
        sums.squares += value * value;
        if (value <= 0) sums.nonPositive++;
      }
    }
  }

  statistics(): ChannelStats {
    const of = (entry: (sums: Sums) => number): number[] => this.#channels.map(entry);
    return {
      count: of(({count}) => count),
      min: of(({min}) => min),
      max: of(({max}) => max),
      mean: of(({sum, count}) => sum / count),
      variance: of(({sum, squares, count}) => squares / count - (sum / count) ** 2),
      nonPositiveFraction: of(({nonPositive, count}) => nonPositive / count),
      nan: of(() => 0),
      infinite: of(() => 0),
    };
  }
}
