// The kinds of scope that a test's body can run in. Each ends with the body, before anything is compared.
import {withCapture} from '@tfjs-capture/hooks';
import {altering, cloning, lingering} from './broken-scopes.mjs';
import {digestValues} from './digest-values.mjs';
import {isPromise} from './when-ended.mjs';
import {witness} from './witness.mjs';

/** Each runs a body, hands `note` what it recorded ({kernel, pre, post}, as digests), and returns what the body returns. */
export const SCOPES = {
  /** The test as tfjs-core wrote it. */
  plain: (body) => body(),
  /** Ours, recording everything and holding it until the body has ended. */
  scoped,
  witness,
  altering,
  cloning,
  lingering,
};

function scoped(body, note) {
  const opened = withCapture(body, {record: ['pre', 'post', 'output']});
  return isPromise(opened) ? opened.then((capture) => close(capture, note)) : close(opened, note);
}

function close(capture, note) {
  for (const {kernel, pre, post} of capture.records) {
    note({kernel, pre: digest(pre), post: digest(post)});
  }
  capture.dispose();
  return capture.result;
}

const digest = (tensor) => (tensor ? digestValues(tensor.dataSync()) : 'lost');
