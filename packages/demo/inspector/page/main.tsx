/** Puts the page into its document. */
import {render} from 'preact';
import {App} from './app.js';
import './styles/index.css';

const root = document.getElementById('page');
if (root === null) throw new Error('index.html must have an element with the id page.');
render(<App />, root);
