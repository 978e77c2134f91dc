// WASM in a browser: one thread, and several where the page is cross-origin isolated.
import {testGraphModels} from './graph-models-essentials.js';
import {testLayers} from './layers-essentials.js';
import {useChromium} from '../../../../test-support/browser/browser-in-tests.js';

const browser = useChromium();

describe.each([{isolated: false}, {isolated: true}])('isolated: $isolated', ({isolated}) => {
  describe('layers', () => testLayers(browser, {backend: 'wasm', isolated}));
  describe('graphs', () => testGraphModels(browser, {backend: 'wasm', isolated}));
});
