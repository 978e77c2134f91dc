// WASM in a browser: one thread, and several where the page is cross-origin isolated.
import {testLayers} from './layers-essentials.js';
import {useChromium} from './support/browser-in-tests.js';

const browser = useChromium();

describe.each([{isolated: false}, {isolated: true}])('isolated: $isolated', ({isolated}) => {
  testLayers(browser, {backend: 'wasm', isolated});
});
