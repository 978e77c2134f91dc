/** A process that measures scopes in which nothing happens. */
import {startWasmBackend} from '../wasm-backend.js';
import {measureEmptyScopes} from './empty-scopes.js';
import {answer} from './process-channel.js';

await startWasmBackend();
answer((request) => measureEmptyScopes((request as {readonly seconds: number}).seconds));
