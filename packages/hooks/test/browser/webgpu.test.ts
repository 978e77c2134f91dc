// WebGPU in a browser.
import {testLayers} from './layers-essentials.js';
import {useChromium} from './support/browser-in-tests.js';

const browser = useChromium();

testLayers(browser, {backend: 'webgpu', isolated: false});
