/** What a name of the graph stands for, as TensorFlow's users write it, where no record has that name. */
import {ownerOf} from './activation-record.js';
import type {Entry} from './activation-record.js';
import {isGraphNode} from './graph-executor.js';
import type {GraphNode} from './graph-executor.js';

/** 'a/b/BiasAdd:0' is the first output of 'a/b/BiasAdd', which is the one that is recorded. */
export const withoutOutputIndex = (name: string): string => name.replace(/:0$/, '');

/**
 * The records whose pre-activation is the output of the node of that name. It either goes into an
 * activation that is a node of its own, or it is the bias that a converter folded, with the
 * activation, into a node before it: 'block1/BiasAdd' is no more, 'block1/Relu' adds the bias itself.
 */
export function fedBy(name: string, entries: readonly Entry[]): readonly Entry[] {
  return entries.filter((entry) => {
    const node = ownerOf(entry);
    if (!isGraphNode(node) || entry.record.activation === null) return false;
    return addsBias(node)
      ? /(^|\/)BiasAdd(_\d+)?$/.test(name) && endsIn(biasName(node.name, name), name)
      : endsIn(withoutOutputIndex(node.inputNames[0] ?? ''), name);
  });
}

function addsBias({attrParams}: GraphNode): boolean {
  const fused = attrParams.fusedOps?.value;
  return Array.isArray(fused) && fused[0] === 'biasadd';
}

/** What the node would be called that is asked for as `asked`, in the name scope of `node`. */
const biasName = (node: string, asked: string): string =>
  node.slice(0, node.lastIndexOf('/') + 1) + asked.slice(asked.lastIndexOf('/') + 1);

const endsIn = (name: string, suffix: string): boolean =>
  name === suffix || name.endsWith(`/${suffix}`);
