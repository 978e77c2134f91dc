/** What can be done with GraphModels alone: every node's output, by us and by tfjs-converter itself. */
import type {GraphModel} from '@tensorflow/tfjs-converter';
import {env} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {graphNodes} from '../models/graph-nodes.js';
import {captureVariant} from './capture-variants.js';
import {disposeOutput, hookKey, predict, tensorsOf} from './variant.js';
import type {Output, Subject, Variant, Yielded} from './variant.js';

export const GRAPH_VARIANTS = {
  everyOutput: "capture of every node's output: record: ['output']",
  keepIntermediate: "KEEP_INTERMEDIATE_TENSORS (every node's output)",
} as const;

/** @param names the nodes that hold the model's activations */
export function graphVariants(subject: Subject<GraphModel>, names: readonly string[]): Variant[] {
  const everyOutput = captureVariant(GRAPH_VARIANTS.everyOutput, subject, () => ({
    record: ['output'],
  }));
  return [{...everyOutput, isBudgeted: false}, keepIntermediateVariant(subject, names)];
}

function keepIntermediateVariant(subject: Subject<GraphModel>, names: readonly string[]): Variant {
  const {model} = subject;
  return {
    name: GRAPH_VARIANTS.keepIntermediate,
    isBudgeted: false,
    prepare: keepIntermediateTensors,
    run() {
      const output = predict(subject);
      model.getIntermediateTensors();
      model.disposeIntermediateTensors();
      disposeOutput(output);
    },
    yield() {
      const stop = keepIntermediateTensors();
      let output: Output;
      try {
        output = predict(subject);
      } finally {
        stop();
      }
      return {
        ...insideOf(model, model.getIntermediateTensors(), names),
        results: tensorsOf(output),
        dispose() {
          model.disposeIntermediateTensors();
          disposeOutput(output);
        },
      };
    },
  };
}

/**
 * Switches the flag on, without the warning that it costs performance.
 *
 * @returns the undo
 */
function keepIntermediateTensors(): () => void {
  const flag = 'KEEP_INTERMEDIATE_TENSORS';
  const before = env().getBool(flag);
  const {warn} = console;
  console.warn = () => undefined;
  try {
    env().set(flag, true);
  } finally {
    console.warn = warn;
  }
  return () => {
    env().set(flag, before);
  };
}

/** Ops that are an activation and nothing else: their input is the pre-activation. */
const ACTIVATION_OPS = ['Elu', 'Prelu', 'Relu', 'Relu6', 'Sigmoid', 'Softmax'];
/** Nodes that do not run. Their tensors are kept all the same. */
const GIVEN_OPS = ['Const', 'Placeholder'];

/** What was kept, in the terms of a capture. */
function insideOf(
  model: GraphModel,
  tensors: ReturnType<GraphModel['getIntermediateTensors']>,
  names: readonly string[],
): Pick<Yielded, 'pre' | 'post' | 'output'> {
  const nodes = graphNodes(model);
  const pre = new Map<string, Tensor>();
  const post = new Map<string, Tensor>();
  const output = new Map<string, Tensor>();
  for (const [name, [tensor]] of Object.entries(tensors)) {
    const isGiven = GIVEN_OPS.includes(nodes[name]?.op ?? '');
    if (tensor && !isGiven) output.set(hookKey(name), tensor);
  }
  for (const name of names) {
    const key = hookKey(name);
    const tensor = output.get(key);
    if (tensor) post.set(key, tensor);
    const {op, inputNames: [input] = []} = nodes[name] ?? {};
    if (op === undefined || input === undefined || !ACTIVATION_OPS.includes(op)) continue;
    const [from = '', index = '0'] = input.split(':');
    const fed = tensors[from]?.[Number(index)];
    if (fed) pre.set(key, fed);
  }
  return {pre, post, output};
}
