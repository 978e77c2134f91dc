/** Finds the records that a name or a layer object stands for. */
import {wrongArgument} from '@tfjs-capture/core';
import type {CaptureError} from '@tfjs-capture/core';
import {isInside, ownerOf, RECORD_FIELDS} from './activation-record.js';
import type {Entry, RecordField} from './activation-record.js';
import {AmbiguousLayerError, LayerNotFoundError, NotRecordedError} from './errors.js';
import {explainAbsence} from './explain-absence.js';
import type {CalledLayers} from './explain-absence.js';
import {isLayer, isModel} from './layer-classes.js';
import type {Layer} from './layer-classes.js';
import {endsIn, list, namesOf, quoted, withoutOutputIndex} from './names.js';

/** Which of a layer's hook points. What is left out must be the only one, but for passes, which are joined. */
export interface At {
  readonly pass?: number;
  readonly call?: number;
  readonly slot?: number;
}
const PARTS = ['pass', 'call', 'slot'] as const;

/** What a look-up works on. */
export interface Found {
  readonly entries: readonly Entry[];
  readonly called: CalledLayers;
}

type FindEntries = (name: string, entries: readonly Entry[]) => readonly Entry[];
let findOtherNames: FindEntries = () => [];

/** Has names that no record has be looked for by `find`: what binds graphs knows more of theirs. */
export function findOtherNamesBy(find: FindEntries): void {
  findOtherNames = find;
}

/**
 * The records of one hook point, one per pass.
 *
 * @param asker the public method, for messages
 * @param field what the caller wants of them; null for whatever there is
 * @throws LayerNotFoundError, AmbiguousLayerError, NotRecordedError
 */
export function lookUp(
  found: Found,
  asker: string,
  layer: string | Layer,
  at: At,
  field: RecordField | null,
): readonly Entry[] {
  for (const part of Object.keys(at)) {
    if (!(PARTS as readonly string[]).includes(part)) {
      throw wrongArgument(asker, 'an address has pass, call and slot', part, 'Check its spelling.');
    }
  }
  const having = field === null ? found.entries : found.entries.filter(({point}) => point[field]);
  // Two models of which layers have the same names run in passes of their own.
  const inPass = having.filter(({point}) => at.pass === undefined || at.pass === point.pass);
  let ofLayer = entriesOfLayer(inPass, asker, layer);
  if (ofLayer.length === 0) ofLayer = entriesOfLayer(having, asker, layer);
  if (ofLayer.length === 0) throw absent(found, asker, layer, field);
  const addressed = ofLayer.filter(({point}) =>
    PARTS.every((part) => at[part] === undefined || at[part] === point[part]),
  );
  if (addressed.length === 0) {
    throw new LayerNotFoundError(
      `${asker}: ${label(layer)} has no hook point at ${address(at)}, got that address. ` +
        `It has ${list(addressesOf(ofLayer))}.`,
    );
  }
  const addresses = addressesOf(addressed);
  if (addresses.length > 1) {
    throw new AmbiguousLayerError(
      `${asker}: ${label(layer)} has ${addresses.length} hook points, got no address that tells ` +
        `which. Pass one of ${list(addresses)}.`,
    );
  }
  return addressed;
}

/** What a name or a layer object stands for; nothing if it stands for nothing here. */
function entriesOfLayer(
  entries: readonly Entry[],
  asker: string,
  layer: string | Layer,
): readonly Entry[] {
  const matching = isLayer(layer)
    ? entriesOfObject(entries, layer)
    : entriesOfName(entries, asker, layer);
  const [first] = matching;
  const owner = first && ownerOf(first);
  const names = namesOf(matching);
  // The same layer throughout; outside every layer, the same name.
  if (matching.every((entry) => ownerOf(entry) === owner) && (owner ?? names.length < 2)) {
    return matching;
  }
  if (isLayer(layer)) {
    throw new AmbiguousLayerError(
      `${asker}: ${label(layer)} calls several layers, got no name that tells which. ` +
        `Ask for one of ${quoted(names)}.`,
    );
  }
  throw new AmbiguousLayerError(
    names.length > 1
      ? `${asker}: several layers end in '${layer}', got ${quoted(names)}. ` +
          'Use a longer name, or pass the layer object.'
      : `${asker}: several layers are called '${layer}', got one from each of ` +
          `${new Set(matching.map(ownerOf)).size} models. ` +
          'Pass the layer object, or ask for one with {pass}.',
  );
}

function entriesOfName(entries: readonly Entry[], asker: string, asked: unknown): readonly Entry[] {
  if (typeof asked !== 'string') {
    throw wrongArgument(
      asker,
      'the layer must be a name or a layer object',
      asked,
      'Pass a name of capture.names().',
    );
  }
  const name = withoutOutputIndex(asked);
  const exact = entries.filter(({point}) => point.name === name);
  if (exact.length > 0) return exact;
  const ending = entries.filter(({point}) => endsIn(point.name, name));
  return ending.length > 0 ? ending : findOtherNames(name, entries);
}

/** A wrapper or an RNN has no activation of its own: it stands for the one layer that it calls. */
function entriesOfObject(entries: readonly Entry[], layer: Layer): readonly Entry[] {
  const own = entries.filter((entry) => ownerOf(entry) === layer);
  return own.length > 0 || isModel(layer) ? own : entries.filter((entry) => isInside(entry, layer));
}

/** Why a layer has nothing of what was asked for. */
function absent(
  {entries, called}: Found,
  asker: string,
  layer: string | Layer,
  field: RecordField | null,
): CaptureError {
  const active = entries.filter(({point}) => point.activation !== null || field === null);
  const ofLayer = entriesOfLayer(active, asker, layer);
  if (field === null || ofLayer.length === 0) {
    return new LayerNotFoundError(`${asker}: ${explainAbsence(layer, active, called)}`);
  }
  const has = RECORD_FIELDS.filter((other) => ofLayer.some(({point}) => point[other]));
  return new NotRecordedError(
    `${asker}: the '${field}' of ${label(layer)} was not recorded, got ${quoted(has)} ` +
      `alone. Pass record: [${quoted([...has, field])}] to withCapture.`,
  );
}

const addressesOf = (entries: readonly Entry[]): string[] => [
  ...new Set(entries.map(({point: {call, slot}}) => address({call, slot}))),
];

const address = (at: At): string =>
  `{${Object.entries(at)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(', ')}}`;

const label = (layer: string | Layer): string => `'${isLayer(layer) ? layer.name : layer}'`;
