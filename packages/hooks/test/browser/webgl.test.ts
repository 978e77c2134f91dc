// WebGL 2 in a browser.
import {testLayers} from './layers-essentials.js';
import {useChromium} from './support/browser-in-tests.js';

const browser = useChromium();

testLayers(browser, {backend: 'webgl', isolated: false});
