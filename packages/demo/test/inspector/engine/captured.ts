import {describePoint} from '../../../inspector/engine/hook-summary.js';
import type {CapturedPoint} from '../../../inspector/engine/run-model.js';
import type {CapturedRun} from '../../../inspector/protocol/run.js';

/** A hook point of these values. */
export function pointOf(
  known: Partial<CapturedPoint> & Pick<CapturedPoint, 'shape' | 'pre'>,
): CapturedPoint {
  return {
    name: 'layer',
    path: (known.name ?? 'layer').split('/'),
    activation: 'relu',
    kernel: 'Relu',
    pass: 0,
    call: 0,
    slot: 0,
    channelAxis: Math.max(0, known.shape.length - 1),
    post: known.pre,
    ...known,
  };
}

/** A run of these hook points, without outputs. */
export const capturedOf = (points: readonly CapturedPoint[]): CapturedRun => ({
  summary: {
    backend: 'wasm',
    input: {name: 'noise, seed 1', shape: [1, 3]},
    hooks: points.map((point, index) => describePoint(point, index).summary),
    outputs: [],
    milliseconds: 1,
    bytes: points.reduce((sum, {pre, post}) => sum + pre.byteLength + post.byteLength, 0),
  },
  model: {name: 'model', format: 'layers-model'},
  edits: [],
  values: points.map(({pre, post}) => ({pre, post})),
  outputs: [],
});
