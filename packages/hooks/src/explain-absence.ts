/** Why a layer is not in a capture: the message that saves its reader a debugging session. */
import type {CallCount} from '@tfjs-capture/core';
import {ownerOf} from './activation-record.js';
import type {Entry} from './activation-record.js';
import {isLayer} from './layer-classes.js';
import type {Layer} from './layer-classes.js';
import {endsIn, namesOf, quoted} from './names.js';
import {nearestNames} from './nearest-names.js';

/** What ran in the scope, whether recorded or not. */
export interface CalledLayers {
  readonly calls: ReadonlyMap<unknown, CallCount>;
  /** Names of hook points that came up; false where the filter turned them down. */
  readonly met: ReadonlyMap<string, boolean | undefined>;
}

/** One sentence or two: what is wrong, what came, what to do. */
export function explainAbsence(
  layer: string | Layer,
  entries: readonly Entry[],
  {calls, met}: CalledLayers,
): string {
  const name = typeof layer === 'string' ? layer : layer.name;
  const ran = [...calls].map(([owner, {frame}]) => ({owner, name: frame.name}));
  const called = ran.find((one) =>
    typeof layer === 'string' ? endsIn(one.name, layer) : one.owner === layer,
  );
  const names = namesOf(entries);
  if (called === undefined) {
    if (ran.length === 0) {
      return `no layer was captured, got '${name}'. Run the model inside fn; check layers.`;
    }
    const near = nearestNames(name, [...names, ...ran.map((one) => one.name)]);
    const hint = near.length > 0 ? `Did you mean ${quoted(near)}?` : 'See capture.names().';
    return `no layer is called '${name}', got its name. ${hint}`;
  }
  if (met.get(called.name) === false) {
    return `'${name}' ran but was not selected, got a filter without it. Add '${called.name}' to layers.`;
  }
  const inside = names.filter((other) => other.startsWith(`${called.name}/`));
  if (inside.length > 0) {
    return `'${name}' has no activation function of its own, got its name. Inside it are ${quoted(inside)}.`;
  }
  const next = isLayer(called.owner) ? nextDownstream(called.owner, entries) : undefined;
  const remedy = next
    ? `The next activation downstream is '${next.point.name}' (${next.point.activation ?? 'none'}); or ask for output('${name}').`
    : `Pass record: ['output'] to withCapture and ask for output('${name}').`;
  return `'${name}' ran but its activation is linear, got its name. ${remedy}`;
}

/** The first recorded activation on the way from a layer to the model's outputs, breadth first. */
function nextDownstream(layer: Layer, entries: readonly Entry[]): Entry | undefined {
  const seen = new Set<Layer>([layer]);
  for (const at of seen) {
    const entry = entries.find((other) => ownerOf(other) === at && other.point.activation !== null);
    if (entry) return entry;
    for (const {outboundLayer} of at.outboundNodes) seen.add(outboundLayer);
  }
  return undefined;
}
