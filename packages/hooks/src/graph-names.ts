/** What a name of the graph stands for, as TensorFlow's users write it, where no record has that name. */
import {ownerOf} from './activation-record.js';
import type {Entry} from './activation-record.js';
import {isGraphNode} from './graph-executor.js';
import type {GraphNode} from './graph-executor.js';
import {endsIn, withoutOutputIndex} from './names.js';

/**
 * The records whose pre-activation is the output of the node of that name. It either goes into an
 * activation that is a node of its own, or it is the bias that a converter folded, with the
 * activation, into a node before it: 'block1/BiasAdd' is no more, 'block1/Relu' adds the bias itself.
 */
export function fedBy(name: string, entries: readonly Entry[]): readonly Entry[] {
  return entries.filter((entry) => {
    const node = ownerOf(entry);
    const {name: full, activation} = entry.point;
    if (!isGraphNode(node) || activation === null) return false;
    const around = full.slice(0, full.length - node.name.length);
    return addsBias(node)
      ? BIAS_ADD.test(name) && endsIn(biasName(full, name), name)
      : endsIn(around + withoutOutputIndex(node.inputNames[0] ?? ''), name);
  });
}

const BIAS_ADD = /(^|\/)BiasAdd(_\d+)?$/;

function addsBias({attrParams}: GraphNode): boolean {
  const fused = attrParams.fusedOps?.value;
  return Array.isArray(fused) && fused[0] === 'biasadd';
}

/** What the node that is asked for would be called in the name scope of another. */
const biasName = (other: string, asked: string): string =>
  other.slice(0, other.lastIndexOf('/') + 1) + asked.slice(asked.lastIndexOf('/') + 1);
