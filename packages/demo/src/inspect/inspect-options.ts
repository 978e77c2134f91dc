/** The arguments of `npm run inspect`. */
import {resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';

export interface InspectOptions {
  /** Where the built inspector goes. */
  readonly folder: string;
  /** Null to build without serving. */
  readonly server: ServerOptions | null;
  /** Origins that the page may read models from. */
  readonly allowed: readonly string[];
}

export interface ServerOptions {
  readonly host: string;
  /** This one and no other; 0 for any that is free. Null for the usual one, or the next that is free. */
  readonly port: number | null;
  /** Whether to open a browser. */
  readonly open: boolean;
}

/** @throws Error that says which argument is wrong. */
export function readInspectOptions(args: string[]): InspectOptions | 'help' {
  const {values} = parseArgs({
    args,
    options: {
      help: {type: 'boolean', short: 'h', default: false},
      port: {type: 'string'},
      host: {type: 'string', default: 'localhost'},
      'no-open': {type: 'boolean', default: false},
      allow: {type: 'string', multiple: true, default: []},
      'build-only': {type: 'string'},
    },
  });
  if (values.help) return 'help';
  const {port, host, allow, 'no-open': noOpen, 'build-only': folder} = values;
  const allowed = allow.map(originOf);
  // npm starts scripts in the folder of their package.json, and tells here where it was called.
  const base = process.env['INIT_CWD'] ?? '.';
  if (folder !== undefined) return {folder: resolve(base, folder), server: null, allowed};
  return {
    folder: fileURLToPath(new URL('../../../../out/inspector', import.meta.url)),
    server: {host, port: port === undefined ? null : portOf(port), open: !noOpen},
    allowed,
  };
}

export const inspectHelp = [
  'npm run inspect [-- [--port N] [--host NAME] [--no-open] [--allow ORIGIN]… [--build-only DIR]]',
  '',
  'Opens the inspector: what happens before and after every activation of a model, in a browser.',
  'Nothing leaves this machine.',
  '',
  '  --port N          where it is served. Default: 4173, or the next that is free',
  '  --host NAME       the name or address to listen on. Default: localhost',
  '  --no-open         opens no browser',
  '  --allow ORIGIN    lets the page read models from there, as in https://example.org',
  '  --build-only DIR  writes the page there, for any static server, and ends',
  '  --help            this text',
].join('\n');

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`--port takes a whole number from 0 to 65535, got '${text}'.`);
}

/** Becomes a part of the page's policy: nothing may pass that means more than one origin there. */
function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin =
    url !== null &&
    ['https:', 'http:'].includes(url.protocol) &&
    /^[a-z0-9.-]+(:[0-9]+)?$/.test(url.host) &&
    [url.origin, url.origin + '/'].includes(text.toLowerCase());
  if (isOrigin) return url.origin;
  throw new Error(
    `--allow takes one origin, scheme and host without a path, as in https://example.org, got '${text}'.`,
  );
}
