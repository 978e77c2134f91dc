/** Along which axis a layer's channels lie. */
import {isGraphNode} from './graph-executor.js';
import type {GraphNode} from './graph-executor.js';
import {isLayer} from './layer-classes.js';
import type {Layer} from './layer-classes.js';

/**
 * The last axis, but for layers and nodes with channels first, and those that follow one without a data
 * format of their own: activations, batch normalization, dropout.
 *
 * @param owner the layer or node; null outside both
 * @param rank of its value
 */
export function channelAxisOf(owner: object | null, rank: number): number {
  const last = Math.max(0, rank - 1);
  if (rank <= 2 || owner === null) return last;
  // A nested model has names of inputs, as nodes have.
  if (isLayer(owner)) return axisOfLayer(owner, rank);
  return isGraphNode(owner) && isNodeChannelsFirst(owner) ? 1 : last;
}

function axisOfLayer(layer: Layer, rank: number): number {
  const known = layer as unknown as MaybeOfSteps;
  const steps = stepsOf(known);
  if (steps) return steps.axes + channelAxisOf(steps.layer, rank - steps.axes);
  const {dataFormat} = known;
  if (typeof dataFormat === 'string') return dataFormat === 'channelsFirst' ? 1 : rank - 1;
  const before = KEEP_FORMAT.test(layer.getClassName()) ? layerBefore(layer) : undefined;
  return before ? channelAxisOf(before, rank) : rank - 1;
}

/** What layers have that run another one at each time step: TimeDistributed, and RNNs, their cell. */
interface MaybeOfSteps {
  readonly dataFormat?: unknown;
  readonly layer?: unknown;
  readonly cell?: unknown;
  readonly returnSequences?: boolean;
}

/** The layer that is run at each step, and how many axes for steps come before its own. */
function stepsOf({
  layer,
  cell,
  returnSequences,
}: MaybeOfSteps): {layer: Layer; axes: number} | null {
  if (isLayer(cell)) return {layer: cell, axes: returnSequences === true ? 1 : 0};
  return isLayer(layer) ? {layer, axes: 1} : null;
}

/** Layers without a data format of their own that give what they are applied to in the same one. */
const KEEP_FORMAT =
  /^(Activation|Softmax|\w*ReLU|ELU|\w*Dropout|GaussianNoise|\w+Normalization|Add|Average|Maximum|Minimum|Multiply|Concatenate)$/;

const layerBefore = ({inboundNodes}: Layer): Layer | undefined => inboundNodes[0]?.inboundLayers[0];

function isNodeChannelsFirst(node: GraphNode): boolean {
  let at: GraphNode | undefined = node;
  for (; at; at = OPS_KEEP_FORMAT.test(at.op) ? nodeBefore(at) : undefined) {
    const format = at.attrParams.dataFormat?.value;
    if (typeof format === 'string') return /^NC/i.test(format);
  }
  return false;
}

/** Factors and summands that are constants have no format. */
const nodeBefore = ({inputs}: GraphNode): GraphNode | undefined =>
  inputs.find(({op}) => op !== 'Const');

/** Operations likewise, as to the first of their inputs that is none of the graph's weights. */
const OPS_KEEP_FORMAT =
  /^(Relu6?|Elu|Selu|Sigmoid|Tanh|Softplus|LeakyRelu|Prelu|Identity|BiasAdd|Add|AddV2|Mul|Sub|Maximum|Minimum)$/;
