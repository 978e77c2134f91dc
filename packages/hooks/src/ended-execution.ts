/** An asynchronous execution of a graph that was ended in the middle: the executor would leave its tensors behind. */
import type {ExecutionContext, TensorsByNode} from './graph-executor.js';

/** Contexts whose execution has been ended; what is under way there is still to come. */
const ended = new WeakSet<ExecutionContext>();

/**
 * Disposes of what its nodes have given.
 *
 * @param keep ids of what is the caller's, or the graph's weights
 * @param isOutermost whether it is no function of the graph that another execution calls
 */
export function endExecution(
  context: ExecutionContext,
  tensors: TensorsByNode,
  keep: ReadonlySet<number>,
  isOutermost: boolean,
): void {
  ended.add(context);
  for (const outputs of Object.values(tensors)) disposeOutputs(outputs, keep);
  if (isOutermost) context.dispose(keep);
}

/**
 * Disposes of what a node has given after the end.
 *
 * @returns whether that is so
 */
export function disposeIfEnded(
  context: ExecutionContext,
  outputs: TensorsByNode[string],
  keep: ReadonlySet<number>,
): boolean {
  if (!ended.has(context)) return false;
  disposeOutputs(outputs, keep);
  return true;
}

function disposeOutputs(outputs: TensorsByNode[string], keep: ReadonlySet<number>): void {
  for (const tensor of outputs ?? []) if (tensor && !keep.has(tensor.id)) tensor.dispose();
}
