/** A model among files that were dropped or picked, in any order and with others among them. */
import {foreignFormat, HEAD_BYTES} from './foreign-format.js';
import {listInWords} from './in-words.js';
import {InspectorError} from './inspector-error.js';
import type {ModelFolder, ShardFile} from './model-folder.js';
import {parseModelJson} from './model-json.js';
import type {ModelJson} from './model-json.js';
import {readStream} from './read-stream.js';
import {sentenceOf} from './sentence-of.js';

interface Dropped {
  /** Its folders and its name, 'model/group1-shard1of1.bin', as far as the browser tells. */
  readonly path: string;
  readonly file: File;
}

/**
 * Finds the one model among the files.
 *
 * Shards are found by the path beside model.json, or else by their name alone: a browser tells no
 * folders of files that were picked one by one.
 *
 * @throws InspectorError if there is none, more than one, or if it is damaged
 */
export async function openDroppedFolder(files: readonly File[]): Promise<ModelFolder> {
  const dropped = files.map((file) => ({path: pathOf(file), file}));
  const {path, model} = await modelAmong(dropped);
  const taken = new Map<Dropped, string>();
  return {
    modelName: path,
    model,
    shard: (name) => {
      const found = shardAmong(dropped, path, name);
      const other = taken.get(found);
      if (other !== undefined && other !== name) {
        throw new InspectorError(
          `${path} asks for two files, ${other} and ${name}, but only one ${found.path} came. Drop the whole folder.`,
        );
      }
      taken.set(found, name);
      return shardFile(found);
    },
  };
}

function pathOf(file: File): string {
  // Node's File has no webkitRelativePath, a browser's is empty unless a folder was picked.
  return normalised(file.webkitRelativePath || file.name);
}

/** '..' stays: nothing lies outside of what was dropped, so such a path fits no file. */
function normalised(path: string): string {
  const segments = path.split(/[/\\]/);
  return segments.filter((segment) => segment !== '' && segment !== '.').join('/');
}

async function modelAmong(
  files: readonly Dropped[],
): Promise<{readonly path: string; readonly model: ModelJson}> {
  if (files.length === 0) {
    throw new InspectorError('No file came. Drop model.json together with its .bin files.');
  }
  const models: {path: string; model: ModelJson}[] = [];
  const refused: {path: string; reason: Error}[] = [];
  for (const {path, file} of files.filter(({path}) => /\.json$/i.test(path))) {
    try {
      models.push({path, model: parseModelJson(await readFile(path, file), path)});
    } catch (error) {
      refused.push({path, reason: sentenceOf(error, `Reading ${path}`)});
    }
  }
  const [first, second] = models;
  if (second !== undefined) {
    const names = listInWords(models.map(({path}) => path));
    throw new InspectorError(
      `${models.length} models came: ${names}. Drop one model with its .bin files.`,
    );
  }
  if (first !== undefined) return first;
  const foremost = refused.find(({path}) => baseName(path) === 'model.json') ?? refused[0];
  throw foremost?.reason ?? (await noModelAmong(files));
}

async function noModelAmong(files: readonly Dropped[]): Promise<InspectorError> {
  for (const {path, file} of files) {
    const head = await readFile(path, file.slice(0, HEAD_BYTES));
    const foreign = foreignFormat(path, head);
    if (foreign !== undefined) {
      return new InspectorError(`${path} is ${foreign.what}, no model.json. ${foreign.remedy}`);
    }
  }
  const names = listInWords(files.map(({path}) => path));
  return new InspectorError(
    files.every(({path}) => /\.bin$/i.test(path))
      ? `Only weights came (${names}). Drop the model.json that belongs to them as well.`
      : `There is no model.json among what came (${names}). Drop model.json together with its .bin files.`,
  );
}

function shardAmong(files: readonly Dropped[], modelPath: string, name: string): Dropped {
  const folder = modelPath.slice(0, modelPath.length - baseName(modelPath).length);
  const beside = folder + normalised(name);
  const exact = files.filter(({path}) => path === beside);
  const found =
    exact.length > 0 ? exact : files.filter(({path}) => baseName(path) === baseName(name));
  const [first, second] = found;
  if (first === undefined) {
    throw new InspectorError(
      `The weights file ${baseName(name)} is missing: ${modelPath} asks for it. ` +
        'Drop it together with model.json, or drop the whole folder.',
    );
  }
  if (second !== undefined) {
    throw new InspectorError(
      `${found.length} files are called ${baseName(name)}, and ${modelPath} asks for one. Drop the files of one model alone.`,
    );
  }
  return first;
}

function baseName(path: string): string {
  return normalised(path).split('/').pop() ?? '';
}

function shardFile({path, file}: Dropped): ShardFile {
  return {
    name: path,
    size: file.size,
    read: (most, onBytes) => readFile(path, file, most, onBytes),
  };
}

async function readFile(
  path: string,
  file: Blob,
  most?: number,
  onBytes?: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readStream(file.stream(), most, onBytes);
  } catch (error) {
    throw new InspectorError(
      `${path} cannot be read. It was moved or changed since, or it is a folder: drop the model's files again.`,
      {cause: error},
    );
  }
}
