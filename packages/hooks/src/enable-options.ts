/** All options of `withCapture` at once, for bundles that have only those that they ask for. */
import {enableEdits} from './edit-options.js';
import {enableKeeping} from './keep-options.js';

/**
 * Has `withCapture` understand all of its options. In a browser's bundle call it once before you use `edit`,
 * `reduce`, `slice`, `stopAfterLast`, `stopWhen`, `maxBytes` or `onBudget`; ready-made edits and reducers do
 * so for their own. In Node and with the script tag it is not needed.
 */
export function enableOptions(): void {
  enableEdits();
  enableKeeping();
}
