/** What reducers cost: results in place of tensors. */
import {channelStats, firstNonFinite, histogram, stats, topK} from '@tfjs-capture/hooks';
import type {Reducer} from '@tfjs-capture/hooks';
import {captureVariant} from './capture-variants.js';
import type {Subject, Variant} from './variant.js';

export const CHANNEL_STATS = 'reduce: channelStats()';

/** A new one for each call, as users write it. */
const REDUCERS: Readonly<Record<string, () => Reducer<unknown>>> = {
  [CHANNEL_STATS]: channelStats,
  'reduce: stats()': stats,
  'reduce: histogram({range: [-8, 8]})': () => histogram({range: [-8, 8]}),
  'reduce: topK({k: 10})': () => topK({k: 10}),
  'reduce: firstNonFinite()': firstNonFinite,
};

export function reducerVariants(subject: Subject): Variant[] {
  return Object.entries(REDUCERS).map(([name, reducer]) => ({
    ...captureVariant(name, subject, () => ({reduce: reducer()})),
    isBudgeted: name === CHANNEL_STATS,
  }));
}
