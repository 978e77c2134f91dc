/** `npm run inspect`: builds the inspector, serves it and opens a browser. */
import {buildInspector} from './inspect/build-inspector.js';
import {inspectHelp, readInspectOptions} from './inspect/inspect-options.js';
import type {InspectOptions} from './inspect/inspect-options.js';
import {serveInspector} from './inspect/serve-inspector.js';

async function inspect({folder, server: options, allowed}: InspectOptions): Promise<void> {
  for (const warning of await buildInspector({folder, allowed})) console.error(warning);
  if (options === null) {
    console.log(`The inspector is in ${folder}.`);
    return;
  }
  const server = await serveInspector({...options, folder, allowed});
  console.log(`The inspector is at ${server.url}. Ctrl-C ends it.`);
  process.once('SIGINT', () => void server.close());
}

let options: InspectOptions | 'help' | undefined;
try {
  options = readInspectOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${messageOf(error)}\n\n${inspectHelp}`);
  process.exitCode = 2;
}
if (options === 'help') console.log(inspectHelp);
else if (options) {
  await inspect(options).catch((error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
