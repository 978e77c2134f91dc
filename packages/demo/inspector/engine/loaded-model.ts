/** A model that TensorFlow.js has loaded, and what the page is told of it. */
import {util} from '@tensorflow/tfjs-core';
import type {DataType, io} from '@tensorflow/tfjs-core';
import type {GraphModel} from '@tensorflow/tfjs-converter';
import type {LayersModel, SymbolicTensor} from '@tensorflow/tfjs-layers';
import type {ModelInfo, ModelInput} from '../protocol/model.js';
import {classCountOfGraph, classCountOfLayers} from './class-count.js';
import {dimensionsOf, sizeOf} from './graph-json.js';
import type {GraphSignature, GraphTopology} from './graph-json.js';
import {imageInputOf} from './image-input.js';
import {InspectorError} from './inspector-error.js';

export interface LoadedModel {
  readonly model: LayersModel | GraphModel;
  readonly info: ModelInfo;
  /** Frees the weights; a second call does nothing. */
  dispose(): void;
}

interface StoredWeight {
  readonly shape: readonly (number | null)[];
  readonly dtype: DataType;
}

/** What the model itself does not say, or not as well. */
export interface ModelLabels {
  /** Null where neither its files nor its folder have a name that tells anything. */
  readonly name: string | null;
  readonly classes: readonly string[] | null;
}

/** @throws InspectorError if the model has no input */
export function loadedLayersModel(model: LayersModel, labels: ModelLabels): LoadedModel {
  // A Sequential whose first layer has no input shape is not built yet, and has no inputs.
  const symbolic = (model.inputs as LayersModel['inputs'] | undefined) ?? [];
  const inputs = symbolic.map((input) => {
    const {name, shape, dtype} = input;
    const tableLength = tableLengthOf(model, input);
    return {name, shape, dtype, ...(tableLength !== undefined && {tableLength})};
  });
  const classCount = inputs.length === 0 ? null : classCountOfLayers(model);
  const name = labels.name ?? model.name;
  return loaded(model, 'layers-model', inputs, model.weights, classCount, {...labels, name});
}

function tableLengthOf(model: LayersModel, input: SymbolicTensor): number | undefined {
  const embedding = model.layers.find(
    (layer) =>
      layer.getClassName() === 'Embedding' &&
      layer.inboundNodes.some((node) => node.inputTensors.includes(input)),
  );
  return embedding?.getConfig()['inputDim'] as number | undefined;
}

/**
 * @param artifacts what the model was loaded from
 * @throws InspectorError if the model has no input
 */
export function loadedGraphModel(
  model: GraphModel,
  {modelTopology, weightSpecs = []}: io.ModelArtifacts,
  labels: ModelLabels,
): LoadedModel {
  const signature = model.modelSignature as GraphSignature | undefined;
  const inputs = model.inputs.flatMap((input, index) => {
    const key = model.inputNodes[index] ?? input.name;
    const entry = signature?.inputs?.[key];
    return entry?.resourceId === undefined ? [graphInput(input, entry?.tensorShape)] : [];
  });
  const classCount = classCountOfGraph(
    model.outputNodes,
    modelTopology as GraphTopology,
    signature,
    weightSpecs,
  );
  const weights = Object.values(model.weights).flat();
  const name = labels.name ?? 'model';
  return loaded(model, 'graph-model', inputs, weights, classCount, {...labels, name});
}

function graphInput(
  {name, shape, dtype}: GraphModel['inputs'][number],
  signed: Parameters<typeof dimensionsOf>[0],
): ModelInput {
  const own = shape?.map(sizeOf) ?? dimensionsOf(signed);
  // The typings promise a type. A placeholder may have none, or one that TensorFlow.js does not know: null.
  const type = dtypeOf(dtype);
  return own === undefined
    ? {name, dtype: type, shape: [], isRankUnknown: true}
    : {name, dtype: type, shape: own};
}

function dtypeOf(dtype: string | null | undefined): string {
  return dtype === undefined ? 'float32' : (dtype ?? 'unknown');
}

function loaded(
  model: LayersModel | GraphModel,
  format: ModelInfo['format'],
  inputs: readonly ModelInput[],
  weights: readonly StoredWeight[],
  classCount: number | null,
  {name, classes}: Pick<ModelInfo, 'name' | 'classes'>,
): LoadedModel {
  if (inputs.length === 0) {
    throw new InspectorError(
      `The model ${name} has no input that it could be given anything in. ` +
        'Save it with an input shape on its first layer, or convert it with its inputs.',
    );
  }
  let isDisposed = false;
  return {
    model,
    info: {
      name,
      format,
      inputs,
      imageInput: imageInputOf(inputs),
      ...weightTotals(weights),
      classCount,
      classes: classes?.length === classCount ? classes : null,
    },
    dispose: () => {
      if (!isDisposed) model.dispose();
      isDisposed = true;
    },
  };
}

/** Integers among a graph's weights are shapes and axes, not parameters. */
function weightTotals(weights: readonly StoredWeight[]): {parameters: number; bytes: number} {
  let parameters = 0;
  let bytes = 0;
  for (const {shape, dtype} of weights) {
    const size = util.sizeFromShape(shape.map(Number));
    if (dtype === 'float32') parameters += size;
    if (dtype !== 'string') bytes += size * util.bytesPerElement(dtype);
  }
  return {parameters, bytes};
}
