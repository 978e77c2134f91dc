/** Serves the built inspector by Vite's preview server, under its security headers. */
import type {ServerResponse} from 'node:http';
import {preview} from 'vite';
import type {Plugin} from 'vite';
import type {ServerOptions} from './inspect-options.js';
import {securityHeaders} from './security-headers.js';

export interface ServeRequest extends ServerOptions {
  /** What `buildInspector` wrote. */
  readonly folder: string;
  /** Origins that the page may read models from. */
  readonly allowed: readonly string[];
}

export interface InspectorServer {
  /** 'http://localhost:4173/' */
  readonly url: string;
  close(): Promise<void>;
}

/** @throws Error if the port is taken, or the host is not this machine */
export async function serveInspector(request: ServeRequest): Promise<InspectorServer> {
  const {folder, allowed, host, port, open} = request;
  const server = await preview({
    root: folder,
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'error',
    // No page in place of one that is not there.
    appType: 'mpa',
    plugins: [headersPlugin(allowed)],
    build: {outDir: '.'},
    preview: {
      host,
      open,
      cors: false,
      ...(port === null ? {} : {port, strictPort: true}),
    },
  }).catch((error: unknown) => {
    throw new Error(
      `The inspector cannot be served at ${host}${port === null ? '' : `:${port}`}: ${messageOf(error)}. ` +
        'Leave out --port to take any that is free, or give another --port or --host.',
      {cause: error},
    );
  });
  const url = server.resolvedUrls?.local[0] ?? server.resolvedUrls?.network[0];
  if (url === undefined) throw new Error('serveInspector: Vite tells no address of its server.');
  return {url, close: () => server.close()};
}

/** Before all of Vite's own, so that its refusals and 404s have them too. */
function headersPlugin(allowed: readonly string[]): Plugin {
  const headers = new Map(Object.entries(securityHeaders(allowed)));
  return {
    name: 'inspector-headers',
    configurePreviewServer({httpServer}) {
      httpServer.prependListener('request', (_request: unknown, response: ServerResponse) => {
        response.setHeaders(headers);
      });
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
