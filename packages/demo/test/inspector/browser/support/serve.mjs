// node serve.mjs <folder> <port or ''> [<allowed origin>…]: serves as `npm run inspect` does. Prints the address, and
// ends with its standard input: so it does not outlive the tests, however these end.
import {serveInspector} from '../../../../dist/inspect/serve-inspector.js';

const [folder, port, ...allowed] = process.argv.slice(2);
const server = await serveInspector({
  folder,
  allowed,
  host: 'localhost',
  port: port === '' ? null : Number(port),
  open: false,
});
console.log(server.url);
process.stdin.resume().once('end', () => void server.close());
