import * as tf from '@tensorflow/tfjs-core';
import {loadModel} from '../../../inspector/engine/load-model.js';
import type {Progress} from '../../../inspector/protocol/engine.js';
import {artifactsOf, filesOf, smallClassifier} from './model-files.js';

/** What a server has: by URL. */
const served = new Map<string, () => Response>();
const asked: string[] = [];

const plainFetch = globalThis.fetch;
beforeAll(() => {
  // The worker's script lies in a folder of its own; addresses are those of the page.
  const location = new URL('http://localhost:8080/assets/worker.js');
  Object.defineProperty(globalThis, 'location', {value: location, configurable: true});
  globalThis.fetch = (url) => {
    const href = url instanceof Request ? url.url : url.toString();
    asked.push(href);
    const answer = served.get(href);
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('Failed to fetch'));
  };
});
afterAll(() => {
  globalThis.fetch = plainFetch;
  Reflect.deleteProperty(globalThis, 'location');
});
beforeEach(() => {
  served.clear();
  asked.length = 0;
});

async function serve(folder: string, change: (json: string) => string = (json) => json) {
  const [json, ...shards] = filesOf(await artifactsOf(smallClassifier()), [200]);
  const content = change(await json!.text());
  served.set(`${folder}model.json`, () => new Response(content));
  for (const shard of shards) served.set(folder + shard.name, () => new Response(shard));
}

const load = (url: string) => loadModel({kind: 'url', url}, () => undefined);

async function refusal(url: string): Promise<string> {
  const before = tf.memory().numTensors;
  const error = await load(url).then(
    () => new Error('It was loaded.'),
    (reason: unknown) => reason as Error,
  );
  expect(`${error.name}: ${error.message}`).toMatch(/^InspectorError: [^\n]*\.$/);
  expect(tf.memory().numTensors).toBe(before);
  return error.message;
}

test('an example lies on the page’s own server, and has a title and classes', async () => {
  await serve('http://localhost:8080/examples/digits/');
  const seen: Progress[] = [];
  const example = {
    id: 'digits',
    title: 'Digits',
    about: 'Reads them.',
    url: 'examples/digits/model.json',
    imageUrl: 'examples/digits/image.png',
    preparation: {range: '0 to 1', longestSide: 256} as const,
    classes: ['one', 'two', 'three'],
  };
  const {info, dispose} = await loadModel({kind: 'example', example}, (step) => seen.push(step));
  expect(info).toMatchObject({name: 'Digits', classCount: 3, classes: ['one', 'two', 'three']});
  expect(seen.filter(({stage}) => stage === 'Reading the weights').at(-1)?.share).toBe(1);
  dispose();
});

test('shards lie beside model.json, and are asked for with the same key', async () => {
  await serve('https://models.example/a/b/');
  for (const [url, answer] of [...served]) served.set(`${url}?key=1`, answer);
  const {info, dispose} = await load('https://models.example/a/b/model.json?key=1');
  expect(info.name).toBe('b');
  expect(asked).toEqual(
    ['model.json', 'shard1.bin', 'shard2.bin'].map(
      (name) => `https://models.example/a/b/${name}?key=1`,
    ),
  );
  dispose();
});

test('a path that climbs may stay on its server', async () => {
  await serve('https://models.example/a/', (json) =>
    json.replace('"shard1.bin"', '"../up/shard1.bin"'),
  );
  served.set(
    'https://models.example/up/shard1.bin',
    served.get('https://models.example/a/shard1.bin')!,
  );
  (await load('https://models.example/a/model.json')).dispose();
});

test.each(['https://evil.example/shard1.bin', '//evil.example/shard1.bin', 'data:,x', 'http://['])(
  'weights from elsewhere are refused, and not asked for: %s',
  async (path) => {
    await serve('https://models.example/a/', (json) =>
      json.replace('"shard1.bin"', JSON.stringify(path)),
    );
    const said = await refusal('https://models.example/a/model.json');
    expect(said).toMatch(
      /^https:\/\/models\.example\/a\/model\.json asks for weights from elsewhere \(/,
    );
    expect(said).toContain(path);
    expect(asked).toHaveLength(1);
  },
);

test.each(['', '  ', 'http://[', 'https://'])('"%s" is no address', async (url) => {
  expect(await refusal(url)).toMatch(/is no address/);
});

test.each([
  'file:///home/me/model.json',
  'data:application/json,{}',
  'blob:http://localhost:8080/1',
  'javascript:1',
])('%s is not fetched', async (url) => {
  expect(await refusal(url)).toMatch(/cannot be fetched/);
  expect(asked).toEqual([]);
});

test('a host that the page may not ask, or that is down', async () => {
  expect(await refusal('https://models.example/model.json?token=secret')).toMatch(
    /^https:\/\/models\.example\/model\.json cannot be reached\..*npm run inspect -- --allow https:\/\/models\.example\. /,
  );
  expect(await refusal('/examples/model.json')).toMatch(
    /^\/examples\/model\.json cannot be reached: the page's own server/,
  );
});

test('a server that has no such file', async () => {
  served.set(
    'https://models.example/model.json',
    () => new Response('no', {status: 404, statusText: 'Not Found'}),
  );
  expect(await refusal('https://models.example/model.json')).toMatch(
    /^https:\/\/models\.example\/model\.json is not to be had: the server answered 404 \(Not Found\)\./,
  );
  await serve('https://models.example/a/');
  served.set('https://models.example/a/shard2.bin', () => new Response(null, {status: 403}));
  expect(await refusal('https://models.example/a/model.json')).toMatch(
    /shard2\.bin is not to be had: the server answered 403\./,
  );
});

test('a server that sends a page in place of what it does not have', async () => {
  const page = () =>
    new Response('<!DOCTYPE html>\n<html>', {headers: {'content-type': 'text/html'}});
  served.set('https://models.example/model.json', page);
  expect(await refusal('https://models.example/model.json')).toMatch(
    /model\.json is a web page \(HTML\), no model\.json\./,
  );
  await serve('https://models.example/a/');
  served.set('https://models.example/a/shard1.bin', page);
  expect(await refusal('https://models.example/a/model.json')).toMatch(
    /a\/shard1\.bin is a web page \(HTML\), no weights\./,
  );
});

test('shards that are too short, too long, or never end', async () => {
  await serve('https://models.example/a/');
  const whole = served.get('https://models.example/a/shard2.bin')!;
  const shard = (body: BodyInit) =>
    served.set('https://models.example/a/shard2.bin', () => new Response(body));
  shard(new Uint8Array(270));
  expect(await refusal('https://models.example/a/model.json')).toMatch(
    /shard2\.bin \(270 bytes\) is too short/,
  );
  shard(new Uint8Array(277));
  expect(await refusal('https://models.example/a/model.json')).toMatch(
    /shard2\.bin \(277 bytes and more\) is too long/,
  );

  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(100)),
    cancel: () => void (isCancelled = true),
  });
  shard(endless);
  expect(await refusal('https://models.example/a/model.json')).toMatch(
    /shard2\.bin \(300 bytes and more\) is too long/,
  );
  expect(isCancelled).toBe(true);

  served.set('https://models.example/a/shard2.bin', whole);
  (await load('https://models.example/a/model.json')).dispose();
});

test('a connection that breaks off', async () => {
  await serve('https://models.example/a/');
  const broken = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.error(new TypeError('terminated')),
    start: (controller) => controller.enqueue(new Uint8Array(7)),
  });
  served.set('https://models.example/a/shard1.bin', () => new Response(broken));
  expect(await refusal('https://models.example/a/model.json')).toMatch(
    /shard1\.bin broke off after 7 bytes/,
  );
});
