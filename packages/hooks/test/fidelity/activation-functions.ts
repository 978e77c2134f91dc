/** Every activation function of tfjs-layers, and two of a user's own, written out in tfjs operations. */
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {ActivationIdentifier} from '@tensorflow/tfjs-layers/dist/keras_format/activation_config.js';

/** What layers' constructors accept as a registered name of a user's own. */
export const named = (name: string): ActivationIdentifier => name as ActivationIdentifier;

/** All registered activation functions but linear, by name. */
export const ACTIVATION_FUNCTIONS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  elu: (x) => tf.elu(x),
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.minimum(6, tf.relu(x)),
  selu: (x) => tf.selu(x),
  sigmoid: (x) => tf.sigmoid(x),
  hardSigmoid: (x) => tf.clipByValue(tf.add(0.5, tf.mul(0.2, x)), 0, 1),
  softplus: (x) => tf.softplus(x),
  softsign: (x) => tf.div(x, tf.add(tf.abs(x), 1)),
  tanh: (x) => tf.tanh(x),
  softmax: (x) => tf.softmax(x, -1),
  logSoftmax: (x) => tf.logSoftmax(x, -1),
  swish: (x) => tf.mul(tf.sigmoid(tf.mul(x, 1)), x),
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  gelu: (x) => tf.mul(x, tf.mul(0.5, tf.add(1, tf.erf(tf.div(x, Math.sqrt(2)))))),
  gelu_new: (x) =>
    tf.mul(
      0.5,
      tf.mul(
        x,
        tf.add(
          1,
          tf.tanh(tf.mul(tf.sqrt(tf.div(2, Math.PI)), tf.add(x, tf.mul(0.044715, tf.pow(x, 3))))),
        ),
      ),
    ),
  fidelityBentRelu: (x) => tf.add(tf.relu(x), tf.mul(0.1, tf.tanh(x))),
  fidelitySine: (x) => tf.add(x, tf.sin(x)),
};
export const ACTIVATION_NAMES: readonly string[] = Object.keys(ACTIVATION_FUNCTIONS);

/** The activation `name` of `x`, as tfjs-layers computes it. */
export function activate(name: string, x: Tensor): Tensor {
  const fn = ACTIVATION_FUNCTIONS[name];
  if (!fn) throw new Error(`no activation function is called ${name}`);
  return fn(x);
}

/** What tfjs-layers' Dense and Conv2D hand to the fused kernel. */
export const isFusedByLayers = (activation: string): boolean =>
  activation === 'relu' || activation === 'elu';

/** A user's function of two activation kernels, of a class of its own. */
class BentRelu extends tf.serialization.Serializable {
  static readonly className = 'fidelityBentRelu';
  getConfig(): tf.serialization.ConfigDict {
    return {};
  }
  apply(x: Tensor): Tensor {
    return tf.tidy(() => tf.add(tf.relu(x), tf.mul(0.1, tf.tanh(x))));
  }
}
tf.serialization.registerClass(BentRelu);

/** The base class of tfjs-layers' own functions, which it does not export. */
const {classNameMap} = tf.serialization.SerializationMap.getMap();
const Activation = Object.getPrototypeOf(
  classNameMap.relu![0],
) as typeof tf.serialization.Serializable;

/** A user's function without any activation kernel, of a class derived from tfjs-layers'. */
class Sine extends Activation {
  static readonly className = 'fidelitySine';
  getConfig(): tf.serialization.ConfigDict {
    return {};
  }
  apply(x: Tensor): Tensor {
    return tf.tidy(() => tf.add(x, tf.sin(x)));
  }
}
tf.serialization.registerClass(Sine);
