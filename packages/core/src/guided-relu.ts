/** Guided backpropagation: ReLUs let through what is positive, on the way back as well. */
import {getGradient, registerGradient, relu, unregisterGradient} from '@tensorflow/tfjs-core';
import type {GradConfig, Tensor} from '@tensorflow/tfjs-core';

const GUIDED = ['Relu', 'Relu6'];

/**
 * Has operations that go on the tape from now on keep a guided gradient: that of a ReLU, of which
 * negative parts are left out (Springenberg et al. 2014, https://arxiv.org/abs/1412.6806).
 *
 * @returns the undo, for once the forward pass is over
 */
export function guideRelus(): () => void {
  const originals = GUIDED.map(registered).filter((config) => config !== undefined);
  const guided = originals.map((original): GradConfig => ({
    ...original,
    gradFunc: (dy, saved, attrs) => original.gradFunc(relu(dy as Tensor), saved, attrs),
  }));
  guided.forEach(replaceGradient);
  return () => {
    originals.forEach((original, i) => {
      // Somebody else's that was registered meanwhile stays.
      if (registered(original.kernelName) === guided[i]) replaceGradient(original);
    });
  };
}

/** tfjs-core's Node build by itself has none. */
const registered = (name: string): GradConfig | undefined => getGradient(name);

/** To register over a present one would warn in debug mode. */
function replaceGradient(config: GradConfig): void {
  unregisterGradient(config.kernelName);
  registerGradient(config);
}
