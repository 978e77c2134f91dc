/** What shapes a layer takes and gives, as it says itself. */
import {CaptureArgumentError} from '@tfjs-capture/core';
import type {ShapedValue} from '@tfjs-capture/core';
import type {Shape} from '@tensorflow/tfjs-layers';
import type {Layer} from './layer-classes.js';

/**
 * The shapes of a layer's outputs.
 *
 * @throws CaptureArgumentError if the layer cannot take these inputs
 */
export function shapesOf(layer: Layer, inputs: readonly ShapedValue[]): number[][] {
  const shapes = inputs.map(({shape}): Shape => [...shape]);
  const [only] = shapes;
  const given = only && shapes.length === 1 ? only : shapes;
  const outputs = orRefuse(layer, inputs, () => layer.computeOutputShape(given));
  return (Array.isArray(outputs[0]) ? outputs : [outputs]) as number[][];
}

/**
 * Checks inputs against what the layer was built for, as its `apply` does.
 *
 * @throws CaptureArgumentError if they do not fit
 */
export function expectFit(layer: Layer, inputs: readonly ShapedValue[]): void {
  const given = inputs.map(({shape}) => ({shape, rank: shape.length}));
  orRefuse(layer, inputs, () => {
    (layer as unknown as InputCheck).assertInputCompatibility(given);
  });
}

interface InputCheck {
  assertInputCompatibility(inputs: readonly {shape: readonly number[]; rank: number}[]): void;
}

function orRefuse<T>(layer: Layer, inputs: readonly ShapedValue[], run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new CaptureArgumentError(
      `estimate: inputShape must fit the model's layers, got ` +
        `${inputs.map(({shape}) => `[${shape.join()}]`).join(', ')} at '${layer.name}'. ` +
        `It says: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
