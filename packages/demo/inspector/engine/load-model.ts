/** Loads a model from wherever the page got it, and checks it all before TensorFlow.js sees it. */
import type {io} from '@tensorflow/tfjs-core';
import {loadGraphModel} from '@tensorflow/tfjs-converter';
import {loadLayersModel} from '@tensorflow/tfjs-layers';
import type {OnProgress} from '../protocol/engine.js';
import type {ModelSource} from '../protocol/model.js';
import {openDroppedFolder} from './dropped-folder.js';
import {openFetchedFolder} from './fetched-folder.js';
import {leavingNothingBehind} from './leaving-nothing-behind.js';
import {loadedGraphModel, loadedLayersModel} from './loaded-model.js';
import type {LoadedModel, ModelLabels} from './loaded-model.js';
import type {ModelFolder} from './model-folder.js';
import {modelIOHandler} from './model-io-handler.js';
import {sentenceOf} from './sentence-of.js';

/**
 * The caller disposes of the model. If it fails, no tensor is left of it.
 *
 * @param onProgress gets the share of the weights' bytes that came
 * @throws Error whose message is a sentence for people
 */
export async function loadModel(source: ModelSource, onProgress: OnProgress): Promise<LoadedModel> {
  try {
    onProgress({stage: 'Reading the model', share: null});
    const folder = await openFolder(source);
    const artifacts = await modelIOHandler(folder, onProgress).load();
    onProgress({stage: 'Building the model', share: null});
    const labels = labelsOf(source, folder);
    return await leavingNothingBehind(() => build(artifacts, labels), ownedTensors);
  } catch (error) {
    throw sentenceOf(error, 'Loading the model');
  }
}

function openFolder(source: ModelSource): Promise<ModelFolder> {
  switch (source.kind) {
    case 'files':
      return openDroppedFolder(source.files);
    case 'url':
      return openFetchedFolder(source.url);
    case 'example':
      return openFetchedFolder(source.example.url);
  }
}

async function build(artifacts: io.ModelArtifacts, labels: ModelLabels): Promise<LoadedModel> {
  if (artifacts.format === 'graph-model') {
    // Old graphs tell no versions, without which TensorFlow.js fails.
    const modelTopology = Object.assign({versions: {}}, artifacts.modelTopology);
    const model = await loadGraphModel({
      load: () => Promise.resolve({...artifacts, modelTopology}),
    });
    return loadedGraphModel(model, artifacts, labels);
  }
  // Neither its optimiser nor its losses: they may be of kinds that TensorFlow.js does not know.
  const {modelTopology, weightSpecs, weightData} = artifacts as Required<io.ModelArtifacts>;
  const handler = {load: () => Promise.resolve({modelTopology, weightSpecs, weightData})};
  return loadedLayersModel(await loadLayersModel(handler), labels);
}

/** Of a LayersModel none: its weights are variables. */
function ownedTensors({model}: LoadedModel) {
  return 'executor' in model ? Object.values(model.weights).flat() : [];
}

/** An example's title; else the name of model.json, or of its folder where it is called just that. */
function labelsOf(source: ModelSource, {modelName}: ModelFolder): ModelLabels {
  if (source.kind === 'example') {
    return {name: source.example.title, classes: source.example.classes ?? null};
  }
  const [file = '', folder] = modelName.split('/').reverse();
  const stem = file.replace(/\.json$/i, '');
  return {name: stem === 'model' ? folder || null : stem, classes: null};
}
