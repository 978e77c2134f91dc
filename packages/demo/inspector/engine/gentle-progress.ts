/** Progress that is posted now and then, however often it is told. */
import type {OnProgress} from '../protocol/engine.js';

/** More often nobody sees, and each is a message to the page. */
const MILLISECONDS = 1000 / 30;

/**
 * @param now milliseconds from any beginning
 * @returns hands on the first progress of each stage, its end, and the others 30 times a second at most; shares never
 *     go back within a stage
 */
export function gentleProgress(onProgress: OnProgress, now = () => performance.now()): OnProgress {
  let told = {stage: '', share: 0, at: -Infinity};
  return ({stage, share}) => {
    const at = now();
    const isNew = stage !== told.stage;
    const known = share ?? 0;
    const isFarther = known > told.share && (known === 1 || at - told.at >= MILLISECONDS);
    if (!isNew && !isFarther) return;
    told = {stage, share: known, at};
    onProgress({stage, share});
  };
}
