/** The built inspector, served by the code that serves it to users. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {builtInspector} from '../../../../../../test-support/browser/prerequisites.js';

export interface InspectorServer {
  /** 'http://localhost:1234/' */
  readonly url: string;
  close(): Promise<void>;
}

export interface ServerRequest {
  /** '' for the usual one, or the next that is free; any that is free unless given. */
  readonly port?: string;
  readonly allowed?: readonly string[];
  /** Where the inspector is built; the usual one, which reads from no other host, unless given. */
  readonly folder?: string;
}

/** In a process of its own: Vite is an ES module, which jest does not load. */
export async function startServer(request: ServerRequest = {}): Promise<InspectorServer> {
  const {port = '0', allowed = [], folder = builtInspector} = request;
  const args = [join(__dirname, 'serve.mjs'), folder, port, ...allowed];
  const child = spawn(process.execPath, args, {stdio: ['pipe', 'pipe', 'inherit']});
  const ended = once(child, 'exit');
  for await (const url of createInterface(child.stdout)) {
    return {
      url,
      close: async () => {
        child.stdin.end();
        await ended;
      },
    };
  }
  throw new Error('The server of the inspector ended before it told its address.');
}

/** One server for all tests of a file. */
export function useServer(request: ServerRequest = {}): () => InspectorServer {
  let server: InspectorServer | null = null;
  beforeAll(async () => {
    server = await startServer(request);
  });
  afterAll(() => server?.close());
  return () => {
    if (server === null) throw new Error('Started by beforeAll: ask for it inside a test.');
    return server;
  };
}
