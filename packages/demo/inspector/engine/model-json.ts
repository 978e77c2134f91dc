/** Reads a model.json, and says what else it is if it is none. */
import type {io} from '@tensorflow/tfjs-core';
import type {ModelFormat} from '../protocol/model.js';
import {foreignFormat} from './foreign-format.js';
import {listInWords} from './in-words.js';
import {InspectorError} from './inspector-error.js';
import {isObject} from './json-object.js';
import {checkedManifest} from './weights-manifest.js';

/** A model.json whose manifest is sound. */
export interface ModelJson {
  readonly format: ModelFormat;
  readonly json: io.ModelJSON;
}

const WHAT_TO_GIVE = 'Give the model.json that TensorFlow.js or tensorflowjs_converter wrote';

/**
 * Takes the bytes of a model.json apart.
 *
 * @param name what the file is called to people
 * @throws InspectorError that says what the file is instead, or what in it is damaged
 */
export function parseModelJson(bytes: Uint8Array, name: string): ModelJson {
  if (bytes.length === 0) {
    throw new InspectorError(`${name} is empty (0 bytes). Save or download it again.`);
  }
  const foreign = foreignFormat(name, bytes);
  if (foreign !== undefined) {
    throw new InspectorError(`${name} is ${foreign.what}, no model.json. ${foreign.remedy}`);
  }
  const json = parseJson(bytes, name);
  if (!isObject(json)) {
    throw new InspectorError(`${name} holds JSON, but no model. ${WHAT_TO_GIVE}.`);
  }
  if (isManifestAlone(json)) {
    throw new InspectorError(
      `${name} describes weights alone: it has no "modelTopology". ${WHAT_TO_GIVE} for the whole model.`,
    );
  }
  const topology = json['modelTopology'] ?? json;
  const format = isObject(topology) ? formatOf(topology) : undefined;
  if (format === undefined) throw new InspectorError(noModel(json, name));
  if (topology === json || json['weightsManifest'] === undefined) {
    throw new InspectorError(
      `${name} holds a model's layers without its weights: it has no "weightsManifest". ` +
        'Save the model with model.save, or convert it with tensorflowjs_converter.',
    );
  }
  checkedManifest(json['weightsManifest'], name);
  return {format, json: json as unknown as io.ModelJSON};
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InspectorError(
      `${name} is not valid JSON (${reason}): it is damaged, or no model.json. ${WHAT_TO_GIVE}.`,
      {cause: error},
    );
  }
}

/** By what the topology holds: files of older versions do not name their format. */
function formatOf(topology: Record<string, unknown>): ModelFormat | undefined {
  if (Array.isArray(topology['node'])) return 'graph-model';
  const isLayers = typeof topology['class_name'] === 'string' && isObject(topology['config']);
  return isLayers || isObject(topology['model_config']) ? 'layers-model' : undefined;
}

/** A manifest with its key, or as older converters wrote it: a list of groups. */
function isManifestAlone(json: object): boolean {
  if (Array.isArray(json)) {
    return json.length > 0 && json.every((group) => isObject(group) && 'weights' in group);
  }
  return 'weightsManifest' in json && !('modelTopology' in json);
}

function noModel(json: object, name: string): string {
  const keys = Object.keys(json).map((key) => `"${key}"`);
  const found = keys.length === 0 ? 'holds nothing' : `holds ${listInWords(keys)}`;
  return 'modelTopology' in json
    ? `${name} is damaged: its "modelTopology" is neither a graph nor a list of layers. Save or convert the model again.`
    : `${name} is JSON, but no TensorFlow.js model: it ${found}, and no "modelTopology". ${WHAT_TO_GIVE}.`;
}
