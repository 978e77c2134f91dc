// Options of the wrong kind are told at once.
import {CaptureArgumentError} from '@tfjs-capture/hooks';
import type {MonitorOptions} from '../../src/monitor/monitor-options.js';
import {monitor} from './watched-training.js';

const WRONG: [unknown, string][] = [
  [null, 'monitor: the options must be an object, got null. Pass {every: 10}.'],
  [{evry: 1}, "monitor: options are every, layers, window, writers, got 'evry'. Check it."],
  [{every: 0}, 'monitor: every must be a whole number of 1 or more, got 0. Leave it out.'],
  [{window: 2.5}, 'monitor: window must be a whole number of 1 or more, got 2.5. Leave it out.'],
  [
    {layers: 3},
    'monitor: layers must be a glob, a RegExp, a predicate or an array of these, got 3',
  ],
  [{writers: {}}, 'monitor: writers must be an array of objects with write(), got an object'],
  [{writers: [{}]}, 'monitor: writers must be an array of objects with write(), got an object'],
];

test.each(WRONG)('%j', (options, message) => {
  const make = () => monitor(options as MonitorOptions);
  expect(make).toThrow(CaptureArgumentError);
  expect(make).toThrow(message);
});
