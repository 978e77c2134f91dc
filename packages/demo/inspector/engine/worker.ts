/** The worker in which the engine runs: the page calls it by Comlink. */
import {expose} from 'comlink';
import {createEngine} from './engine.js';

expose(createEngine());
