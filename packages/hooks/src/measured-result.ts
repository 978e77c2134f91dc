/** Results of runs that are measured and then no longer needed. */
import {isTensor, wrongArgument} from '@tfjs-capture/core';
import {clone, tensor_util, tidy} from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, TensorContainer} from '@tensorflow/tfjs-core';

/**
 * @param metric what is asked of each result
 * @param inputs what a result may contain and is not disposed of
 * @returns measures a result and disposes of its tensors, whether that fails or not
 */
export function measureBy<R extends TensorContainer>(
  metric: (result: R) => number | Scalar,
  inputs: readonly unknown[],
): (result: R) => Promise<number> {
  const given = new Set(tensorsIn(inputs));
  return async (result) => {
    try {
      return await read(metric, result);
    } finally {
      for (const tensor of tensorsIn(result)) if (!given.has(tensor)) tensor.dispose();
    }
  };
}

async function read<R>(metric: (result: R) => number | Scalar, result: R): Promise<number> {
  let measured: unknown;
  const scalar = tidy(() => {
    measured = metric(result);
    // Of its own, since what the metric returns may be part of the result, or somebody's constant.
    return isTensor(measured) && measured.size === 1 ? clone(measured) : undefined;
  });
  if (typeof measured === 'number') return measured;
  if (!scalar) {
    const rule = 'metric must return a number or a Scalar';
    throw wrongArgument(
      'patchSweep',
      rule,
      measured,
      'Reduce the result with tf.mean, for example.',
    );
  }
  try {
    const [value] = await scalar.data();
    return value as number;
  } finally {
    scalar.dispose();
  }
}

const tensorsIn = (container: unknown): Tensor[] =>
  tensor_util.getTensorsInContainer(container as TensorContainer);
