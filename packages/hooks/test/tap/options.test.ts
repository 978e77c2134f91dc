// Wrong models and options are told at once, before anything is asked of the tap.
import {CaptureArgumentError} from '@tfjs-capture/hooks';
import type {TapOptions} from '../../src/tap-options.js';
import {errorOf} from '../error-of.js';
import {descriptorsOf, expectSameDescriptors} from './class-descriptors.js';
import {graph, net, tap} from './tapped-models.js';

const model = net();

test.each<[string, unknown, RegExp]>([
  ['null', null, /^tap: .* a LayersModel or a GraphModel, got null\. /],
  ['a layer', model.layers[0], /got an object of class Dense/],
  ['a function', () => undefined, /got a function/],
])('no model: %s', (_, given, message) => {
  const error = errorOf(() => tap(given as typeof model));
  expect(error).toBeInstanceOf(CaptureArgumentError);
  expect(error.message).toMatch(message);
});

test.each<[unknown, RegExp]>([
  [null, /^tap: the options must be an object, got null/],
  [{queue: 0}, /^tap: queue must be .*, got 0\. /],
  [{queue: 1.5}, /got 1\.5/],
  [{queue: '2'}, /got '2'/],
  [{drop: 'all'}, /^tap: drop must be 'oldest' or 'newest', got 'all'/],
  [{signal: {}}, /^tap: signal must be an AbortSignal/],
  [{signal: null}, /^tap: signal must be an AbortSignal, got null/],
  [{model}, /^tap: the model is the first argument/],
  [{queu: 2}, /got 'queu'/],
  [{record: 'pre'}, /record must be an array/],
  [{layers: 3}, /got 3/],
  [{edit: {a: 3}}, /an edit is a function/],
])('options: %p', (options, message) => {
  const before = descriptorsOf(model);
  const error = errorOf(() => tap(model, options as TapOptions));
  expect(error).toBeInstanceOf(CaptureArgumentError);
  expect(error.message).toMatch(message);
  expectSameDescriptors(descriptorsOf(model), before);
});

test('both kinds of models, and an edit that meets its hook point later, are no error', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation();
  const graphModel = await graph();
  for (const one of [model, graphModel]) await tap(one, {edit: {a: () => undefined}}).return();
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
  graphModel.dispose();
});
