/** A model on a server: its shards lie beside its model.json. */
import {bytesInWords} from './in-words.js';
import {InspectorError} from './inspector-error.js';
import type {ModelFolder, ShardFile} from './model-folder.js';
import {parseModelJson} from './model-json.js';
import {readStream} from './read-stream.js';

/**
 * Reads model.json.
 *
 * @param address where it is; relative to the root of the page's own server
 * @throws InspectorError if the address is none, if nobody answers, if what comes is no model
 */
export async function openFetchedFolder(address: string): Promise<ModelFolder> {
  const url = urlOf(address);
  const bytes = await readUrl(url);
  const model = parseModelJson(bytes, nameOf(url));
  return {modelName: nameOf(url), model, shard: (path) => shardFile(url, path)};
}

function urlOf(address: string): URL {
  const root = new URL('/', globalThis.location.href);
  if (address.trim() === '' || !URL.canParse(address, root)) {
    throw new InspectorError(
      `"${address}" is no address. Give the whole URL of a model.json: https://host/folder/model.json.`,
    );
  }
  const url = new URL(address, root);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new InspectorError(
      `${address} cannot be fetched: only https: and http: can. Drop files of your own machine on the page instead.`,
    );
  }
  return url;
}

/** Without what may be a key, and without the host where it is the page's own. */
function nameOf(url: URL): string {
  return isOwn(url) ? url.pathname : url.origin + url.pathname;
}

function isOwn(url: URL): boolean {
  return url.origin === globalThis.location.origin;
}

function shardFile(modelUrl: URL, path: string): ShardFile {
  const url = URL.canParse(path, modelUrl) ? new URL(path, modelUrl) : undefined;
  if (url?.origin !== modelUrl.origin) {
    throw new InspectorError(
      `${nameOf(modelUrl)} asks for weights from elsewhere (${path}), which is refused. ` +
        `Give a model whose weights lie on ${modelUrl.origin} too, or download its files and drop them.`,
    );
  }
  // As TensorFlow.js does: what lets one read model.json lets one read its shards.
  if (url.search === '') url.search = modelUrl.search;
  return {name: nameOf(url), size: undefined, read: (...limits) => readUrl(url, ...limits)};
}

async function readUrl(
  url: URL,
  most?: number,
  onBytes?: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetched(url);
  if (!response.ok) {
    await response.body?.cancel();
    throw new InspectorError(
      `${nameOf(url)} is not to be had: the server answered ${response.status}${response.statusText && ` (${response.statusText})`}. ` +
        'Check the address, and that model.json and its .bin files lie in one folder there.',
    );
  }
  if (response.body === null) return new Uint8Array();
  let received = 0;
  const count = (bytes: number) => {
    received += bytes;
    onBytes?.(bytes);
  };
  try {
    return await readStream(response.body, most, count);
  } catch (error) {
    throw new InspectorError(
      `${nameOf(url)} broke off after ${bytesInWords(received)}. Check the connection and try again.`,
      {cause: error},
    );
  }
}

async function fetched(url: URL): Promise<Response> {
  try {
    return await fetch(url);
  } catch (error) {
    // The browser tells scripts nothing of why, so that they cannot probe other hosts.
    throw new InspectorError(
      isOwn(url)
        ? `${nameOf(url)} cannot be reached: the page's own server does not answer. Start it again with npm run inspect.`
        : `${nameOf(url)} cannot be reached. This page asks no other host unless it was started so: ` +
            `npm run inspect -- --allow ${url.origin}. If it was, that server is down or does not let ` +
            'other pages read its files (CORS): download them and drop them on the page.',
      {cause: error},
    );
  }
}
