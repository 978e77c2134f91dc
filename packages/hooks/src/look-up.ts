/** Finds the records that a name or a layer object stands for. */
import {CaptureArgumentError, describe} from '@tfjs-capture/core';
import type {CaptureError} from '@tfjs-capture/core';
import {isInside, ownerOf, RECORD_FIELDS} from './activation-record.js';
import type {Entry, RecordField} from './activation-record.js';
import {AmbiguousLayerError, LayerNotFoundError, NotRecordedError} from './errors.js';
import {explainAbsence} from './explain-absence.js';
import type {CalledLayers} from './explain-absence.js';
import {fedBy, withoutOutputIndex} from './graph-names.js';
import {isGraphNode} from './graph-executor.js';
import {isLayer, isModel} from './layer-classes.js';
import type {Layer} from './layer-classes.js';

/** Which of a layer's hook points. What is left out must be the only one, but for passes, which are joined. */
export interface At {
  readonly pass?: number;
  readonly call?: number;
  readonly slot?: number;
}

/** What a look-up works on. */
export interface Found {
  readonly entries: readonly Entry[];
  readonly called: CalledLayers;
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
  checkAddress(asker, at);
  const having = field === null ? found.entries : found.entries.filter(({record}) => record[field]);
  // Two models of which layers have the same names run in passes of their own.
  const inPass = having.filter(({record}) => at.pass === undefined || at.pass === record.pass);
  let ofLayer = entriesOfLayer(inPass, asker, layer);
  if (ofLayer.length === 0) ofLayer = entriesOfLayer(having, asker, layer);
  if (ofLayer.length === 0) throw absent(found, asker, layer, field);
  const addressed = ofLayer.filter(({record}) => fits(record, at));
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
  if (isLayer(layer)) return entriesOfObject(entries, asker, layer);
  if (typeof layer !== 'string') {
    throw new CaptureArgumentError(
      `${asker}: the layer must be a name or a layer object, got ${describe(layer)}. ` +
        'Pass a name of capture.names().',
    );
  }
  const matching = entriesOfName(entries, withoutOutputIndex(layer));
  const [first] = matching;
  if (!first || matching.every((entry) => isSameLayer(entry, first))) return matching;
  const names = distinctNames(matching);
  throw new AmbiguousLayerError(
    names.length > 1
      ? `${asker}: several layers end in '${layer}', got ${list(names.map(quote))}. ` +
          'Use a longer name, or pass the layer object.'
      : `${asker}: several layers are called '${layer}', got one from each of ` +
          `${countOwners(matching)} models. ` +
          (isGraphNode(ownerOf(first))
            ? 'Ask for one with {pass}, or run each in a nameScope of its own.'
            : 'Pass the layer object instead of its name.'),
  );
}

function entriesOfName(entries: readonly Entry[], name: string): readonly Entry[] {
  const exact = entries.filter(({record}) => record.name === name);
  if (exact.length > 0) return exact;
  const ending = entries.filter(({record}) => record.name.endsWith(`/${name}`));
  return ending.length > 0 ? ending : fedBy(name, entries);
}

/** A wrapper or an RNN has no activation of its own: it stands for the one layer that it calls. */
function entriesOfObject(entries: readonly Entry[], asker: string, layer: Layer): readonly Entry[] {
  const own = entries.filter((entry) => ownerOf(entry) === layer);
  if (own.length > 0 || isModel(layer)) return own;
  const inside = entries.filter((entry) => isInside(entry, layer));
  const [first] = inside;
  if (!first || inside.every((entry) => isSameLayer(entry, first))) return inside;
  throw new AmbiguousLayerError(
    `${asker}: ${label(layer)} calls several layers, got no name that tells which. ` +
      `Ask for one of ${list(distinctNames(inside).map(quote))}.`,
  );
}

const isSameLayer = (a: Entry, b: Entry): boolean =>
  ownerOf(a) === ownerOf(b) && (ownerOf(a) !== null || a.record.name === b.record.name);

const distinctNames = (entries: readonly Entry[]): string[] => [
  ...new Set(entries.map(({record}) => record.name)),
];

const countOwners = (entries: readonly Entry[]): number => new Set(entries.map(ownerOf)).size;

/** Why a layer has nothing of what was asked for. */
function absent(
  {entries, called}: Found,
  asker: string,
  layer: string | Layer,
  field: RecordField | null,
): CaptureError {
  const active = entries.filter(({record}) => record.activation !== null || field === null);
  const ofLayer = entriesOfLayer(active, asker, layer);
  if (field === null || ofLayer.length === 0) {
    return new LayerNotFoundError(`${asker}: ${explainAbsence(layer, active, called)}`);
  }
  const has = RECORD_FIELDS.filter((other) => ofLayer.some(({record}) => record[other]));
  return new NotRecordedError(
    `${asker}: the '${field}' of ${label(layer)} was not recorded, got ${list(has.map(quote))} ` +
      `alone. Pass record: [${[...has, field].map(quote).join(', ')}] to withCapture.`,
  );
}

function checkAddress(asker: string, at: At): void {
  const parts: readonly string[] = ['pass', 'call', 'slot'];
  const unknown = Object.keys(at).find((part) => !parts.includes(part));
  if (unknown === undefined) return;
  throw new CaptureArgumentError(
    `${asker}: an address has pass, call and slot, got '${unknown}'. Check its spelling.`,
  );
}

const fits = (record: Entry['record'], at: At): boolean =>
  (at.pass === undefined || at.pass === record.pass) &&
  (at.call === undefined || at.call === record.call) &&
  (at.slot === undefined || at.slot === record.slot);

const addressesOf = (entries: readonly Entry[]): string[] => [
  ...new Set(entries.map(({record: {call, slot}}) => address({call, slot}))),
];

const address = (at: At): string =>
  `{${Object.entries(at)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(', ')}}`;

const label = (layer: string | Layer): string => `'${isLayer(layer) ? layer.name : layer}'`;
const quote = (name: string): string => `'${name}'`;

const SHOWN = 12;
/** Lists what an error message is about, cut where it would fill the screen. */
export const list = (items: readonly string[]): string =>
  items.length > SHOWN
    ? `${items.slice(0, SHOWN).join(', ')} and ${items.length - SHOWN} more`
    : items.join(', ');
