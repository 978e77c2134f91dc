/** Why a layer is not in a capture: the message that saves its reader a debugging session. */
import type {CallCount} from '@tfjs-capture/core';
import {ownerOf} from './activation-record.js';
import type {Entry} from './activation-record.js';
import {isLayer} from './layer-classes.js';
import type {Layer} from './layer-classes.js';
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
  called: CalledLayers,
): string {
  const name = typeof layer === 'string' ? layer : layer.name;
  const [ran, fullName] = findCalled(layer, called);
  const names = [...new Set(entries.map(({record}) => record.name))];
  if (ran === undefined) {
    const near = nearestNames(name, [...names, ...calledNames(called)]);
    if (names.length === 0) {
      return `no layer was captured, got '${name}'. Check that the model runs inside withCapture's function, and the filter.`;
    }
    const hint =
      near.length > 0
        ? `Did you mean ${near.map((n) => `'${n}'`).join(', ')}?`
        : 'See capture.names().';
    return `no layer is called '${name}' in this capture, got that name. ${hint}`;
  }
  if (called.met.get(fullName) === false) {
    return `'${name}' ran but was not selected, got a filter that leaves it out. Add '${fullName}' to layers.`;
  }
  const inside = names.filter((other) => other.includes('/') && isInside(other, fullName));
  if (inside.length > 0) {
    return `'${name}' has no activation function of its own, got its name. Inside it are ${inside.map((n) => `'${n}'`).join(', ')}: ask for one of these.`;
  }
  const next = isLayer(ran) ? nextDownstream(ran, entries) : undefined;
  const remedy = next
    ? `The next activation downstream is '${next.record.name}' (${next.record.activation ?? 'none'}): ask for that, or for output('${name}').`
    : `Pass record: ['output'] to withCapture and ask for output('${name}').`;
  return `'${name}' ran but its activation is linear, got no hook point for it. ${remedy}`;
}

const isInside = (name: string, wrapper: string): boolean => name.startsWith(`${wrapper}/`);

const calledNames = ({calls}: CalledLayers): string[] =>
  [...calls.values()].map(({frame}) => frame.name);

function findCalled(
  layer: string | Layer,
  {calls}: CalledLayers,
): [owner: unknown, fullName: string] {
  if (typeof layer !== 'string')
    return calls.has(layer) ? [layer, calls.get(layer)?.frame.name ?? ''] : [undefined, ''];
  for (const [owner, {frame}] of calls) {
    const {name} = frame;
    if (name === layer || name.endsWith(`/${layer}`)) return [owner, name];
  }
  return [undefined, ''];
}

/** The first recorded activation on the way from a layer to the model's outputs, breadth first. */
function nextDownstream(layer: Layer, entries: readonly Entry[]): Entry | undefined {
  const seen = new Set<Layer>([layer]);
  for (const at of seen) {
    const entry = entries.find(
      (other) => ownerOf(other) === at && other.record.activation !== null,
    );
    if (entry) return entry;
    for (const {outboundLayer} of at.outboundNodes) seen.add(outboundLayer);
  }
  return undefined;
}
