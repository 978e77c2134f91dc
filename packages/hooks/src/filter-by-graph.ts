/** Filters by where a layer stands in its model: what follows it, what goes before it. */
import {CaptureArgumentError, wrongArgument} from '@tfjs-capture/core';
import type {HookPoint} from '@tfjs-capture/core';
import type {InferenceModel} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {LayerGraph} from './execution-order.js';
import {isGraphModel} from './graph-executor.js';
import type {GraphModel} from './graph-executor.js';
import {isLayer, isModel} from './layer-classes.js';
import type {Layer} from './layer-classes.js';
import {placesOf} from './layer-places.js';
import type {LayerPlace} from './layer-places.js';
import {layersReached} from './layers-reached.js';
import type {Direction} from './layers-reached.js';
import {nodesReached} from './nodes-reached.js';

type Predicate = (point: HookPoint) => boolean;

/**
 * Selects the hook points of all layers that a layer's output goes into, directly or by way of others.
 *
 * The layer itself is left out, with what it calls: `any('x', downstreamOf('x', model))` has them too. A layer that
 * is used several times follows if one of its uses does. What follows is selected with all that is in it:
 * a nested model, a wrapper, an RNN.
 *
 * - With a model, what counts is how layers are connected there. After a layer of a nested model comes what follows
 *   it inside, and what follows the nested model. Cells that are stacked follow one another. In what order a
 *   layer of a user's own calls others is not known: none of them follows another.
 * - With a layer object alone, what counts are all models that it is directly part of, and hook points are known by
 *   its followers' names, wherever these are in a path. What follows a nested model around it is not known.
 * - In a GraphModel a node is given by its name. What follows are nodes, and the functions that these call, as loops
 *   and conditions do. A node inside a function cannot be given.
 *
 * Hook points are known by their names alone: another model in the scope that has layers of the same names is
 * not told apart.
 *
 * @param layer the layer, or with its model a full name, 'encoder/block1/conv', or a suffix of path segments that
 *     only one layer has
 * @param model the outermost model that will run
 * @throws LayerNotFoundError if the model has no such layer; the message lists the nearest names
 * @throws AmbiguousLayerError if several fit; the message lists them
 * @throws CaptureArgumentError for a name without its model, and for what is neither layer nor model
 *
 * @example
 * withCapture(() => model.predict(x), {layers: downstreamOf('block4_pool', model)});
 */
export function downstreamOf(
  layer: string | Layer,
  model?: LayersModel | InferenceModel,
): Predicate {
  return filterOf('downstreamOf', 'downstream', layer, model);
}

/**
 * Selects the hook points of all layers whose output goes into a layer, directly or by others. Otherwise as
 * `downstreamOf`.
 */
export function upstreamOf(layer: string | Layer, model?: LayersModel | InferenceModel): Predicate {
  return filterOf('upstreamOf', 'upstream', layer, model);
}

function filterOf(
  caller: string,
  direction: Direction,
  layer: string | Layer,
  model: unknown,
): Predicate {
  if (typeof layer !== 'string' && !isLayer(layer)) {
    const rule = 'the layer must be a name or a layer object';
    throw wrongArgument(caller, rule, layer, "Pass 'block1/conv' and its model, or the layer.");
  }
  if (model === undefined) {
    if (typeof layer !== 'string') return isBeside(layer, direction);
    throw new CaptureArgumentError(
      `${caller}: a name needs its model, got '${layer}' alone. Pass the model, or the layer object.`,
    );
  }
  if (typeof model === 'object' && model !== null) {
    if (isGraphModel(model)) {
      if (typeof layer === 'string') return inGraph(model, direction, layer, caller);
      const rule = 'a GraphModel has nodes, which go by name';
      throw wrongArgument(caller, rule, layer, "Pass a node's name.");
    }
    if (isLayer(model) && isModel(model)) {
      return inModel(model as Layer & LayerGraph, direction, layer, caller);
    }
  }
  const rule = 'the model must be a LayersModel or a GraphModel';
  throw wrongArgument(caller, rule, model, 'Leave it out if you pass the layer object.');
}

/** By the names of layers, wherever they are in a path. */
function isBeside(layer: Layer, direction: Direction): Predicate {
  const names = new Set([...layersReached(layer, direction, null)].map(({name}) => name));
  return ({path}) => path.some((name) => names.has(name)) && !path.includes(layer.name);
}

function inModel(
  model: Layer & LayerGraph,
  direction: Direction,
  layer: string | Layer,
  caller: string,
): Predicate {
  const places = placesOf(model, layer, caller);
  const own = new Set(places.map(({name}) => name));
  const reached = new Set(places.flatMap((place) => [...namesReached(model, place, direction)]));
  return ({path}) => {
    const around = path.map((_, i) => path.slice(0, i + 1).join('/'));
    return around.some((name) => reached.has(name)) && !around.some((name) => own.has(name));
  };
}

function inGraph(model: GraphModel, direction: Direction, name: string, caller: string): Predicate {
  const {nodes, functions} = nodesReached(model, name, direction, caller);
  return (point) => nodes.has(point.name) || functions.has(point.path[0] ?? '');
}

/** Level by level: in what calls the layer, in what calls that, and so on. */
function* namesReached(
  model: Layer & LayerGraph,
  place: LayerPlace,
  direction: Direction,
): Iterable<string> {
  const around = place.within;
  const prefix = around ? `${around.name}/` : '';
  for (const {name} of besides(place.layer, around?.layer ?? model, direction)) {
    yield prefix + name;
  }
  if (around) yield* namesReached(model, around, direction);
}

/** The layers that a layer reaches in what calls both. */
function besides(layer: Layer, caller: Layer, direction: Direction): Iterable<Layer> {
  if (isModel(caller)) return layersReached(layer, direction, caller as Layer & LayerGraph);
  const {cells = []} = caller as {cells?: readonly Layer[]};
  const index = cells.indexOf(layer);
  return direction === 'downstream' ? cells.slice(index + 1) : cells.slice(0, Math.max(index, 0));
}
