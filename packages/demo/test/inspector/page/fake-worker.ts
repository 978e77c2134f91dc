/** Stands in for `engine/worker.ts` where the page is shown by itself. */
import {expose} from 'comlink';
import {createFakeEngine} from './fake-engine.js';

expose(createFakeEngine());
