/** Where the layers of a model stand, before it runs: what a name or a layer object stands for. */
import {AmbiguousLayerError, LayerNotFoundError} from './errors.js';
import {executionOrder} from './execution-order.js';
import type {LayerGraph} from './execution-order.js';
import {isLayer, isModel} from './layer-classes.js';
import type {Layer} from './layer-classes.js';
import {endsIn, quoted} from './names.js';
import {nearestNames} from './nearest-names.js';

/** A layer, and what calls it. */
export interface LayerPlace {
  readonly layer: Layer;
  /** As hook points have it. */
  readonly name: string;
  /** Null for a layer of the outermost model. */
  readonly within: LayerPlace | null;
}

/**
 * The places of a layer in a model. A layer that is used in several nested models has several.
 *
 * @param caller the public function, for messages
 * @param layer a full name, a suffix of path segments that only one layer has, or the layer itself
 * @throws LayerNotFoundError, AmbiguousLayerError
 */
export function placesOf(
  model: Layer & LayerGraph,
  layer: string | Layer,
  caller: string,
): readonly LayerPlace[] {
  const places = [...placesIn(model, null)];
  const found =
    typeof layer === 'string'
      ? placesNamed(places, layer)
      : places.filter((place) => place.layer === layer);
  const asked = typeof layer === 'string' ? layer : layer.name;
  const names = found.map(({name}) => name);
  if (found.length === 0) {
    const near = nearestNames(
      asked,
      places.map(({name}) => name),
    );
    const hint = near.length > 0 ? `Did you mean ${quoted(near)}?` : `See ${model.name}.summary().`;
    throw new LayerNotFoundError(
      `${caller}: '${asked}' must be a layer of the model, got its name. ${hint}`,
    );
  }
  if (new Set(found.map((place) => place.layer)).size > 1) {
    throw new AmbiguousLayerError(
      `${caller}: several layers end in '${asked}', got ${quoted(names)}. ` +
        'Use a longer name, or pass the layer object.',
    );
  }
  return found;
}

function placesNamed(places: readonly LayerPlace[], asked: string): readonly LayerPlace[] {
  const exact = places.filter(({name}) => name === asked);
  return exact.length > 0 ? exact : places.filter(({name}) => endsIn(name, asked));
}

function* placesIn(caller: Layer, within: LayerPlace | null): Iterable<LayerPlace> {
  for (const layer of layersIn(caller)) {
    // A user's layer may know the one that calls it.
    if (layer === caller || isAround(layer, within)) continue;
    const name = within ? `${within.name}/${layer.name}` : layer.name;
    const place = {layer, name, within};
    yield place;
    yield* placesIn(layer, place);
  }
}

function isAround(layer: Layer, place: LayerPlace | null): boolean {
  return place !== null && (place.layer === layer || isAround(layer, place.within));
}

/** The layers of a model; those that a wrapper, an RNN or a user's layer holds in its fields. */
function layersIn(layer: Layer): ReadonlySet<Layer> {
  if (isModel(layer)) {
    const order = executionOrder(layer as Layer & LayerGraph);
    return new Set(order.map(({sourceLayer}) => sourceLayer));
  }
  const fields = Object.entries(Object.getOwnPropertyDescriptors(layer));
  const held = fields.flatMap(([field, {value}]) =>
    // What Bidirectional was made of it does not call.
    field === 'layer' && 'forwardLayer' in layer ? [] : ([value].flat() as unknown[]),
  );
  return new Set(held.filter(isLayer));
}
