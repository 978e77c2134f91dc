// WebGL 2 in a browser.
import {testGraphModels} from './graph-models-essentials.js';
import {testLayers} from './layers-essentials.js';
import {useChromium} from '../../../../test-support/browser/browser-in-tests.js';

const browser = useChromium();

describe('layers', () => testLayers(browser, {backend: 'webgl', isolated: false}));
describe('graphs', () => testGraphModels(browser, {backend: 'webgl', isolated: false}));
