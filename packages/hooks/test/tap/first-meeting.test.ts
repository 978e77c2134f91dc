// The class of a graph's executor is not exported: it must be met. Here a tap's calls are the first to.
import * as tf from '@tensorflow/tfjs-core';

import {VGG_LIKE_POINTS} from '../graph-models/vgg-like-graph.js';
import {frameOf, graph, image, tap} from './tapped-models.js';

test('a graph that no scope has met before has names from its first call on', async () => {
  const model = await graph();
  const x = image();
  const frames = tap(model);
  const next = frames.next();
  tf.dispose(model.execute(x));
  const {records} = await frameOf(next);
  expect(records.map(({name, activation, kernel}) => [name, activation, kernel])).toEqual(
    VGG_LIKE_POINTS,
  );
  await frames.return();
});
