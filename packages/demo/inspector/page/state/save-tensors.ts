/** Saves all tensors of the run that is shown. */
import {fileName, saveBlob} from '../picture/save-file.js';
import {engineProcess} from './engine.js';
import {schedule} from './jobs.js';
import {model, visibleRun} from './session.js';

export function saveTensors(): Promise<void> {
  return schedule('save', async (onProgress) => {
    const run = visibleRun.value;
    if (run === null) return;
    onProgress({stage: 'Writing the tensors', share: null});
    const process = await engineProcess();
    const bytes = await process.ask((engine) => engine.save(run.name));
    const part = run.name === 'main' ? [] : [run.name];
    const name = fileName([model.value?.name ?? 'model', ...part], 'safetensors');
    saveBlob(new Blob([new Uint8Array(bytes)], {type: 'application/octet-stream'}), name);
  });
}
