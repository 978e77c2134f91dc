/** What the model gives: of the original run, and of the edited one beside it. */
import type {JSX} from 'preact';
import {formatShape} from './format-number.js';
import {NoRun} from './no-run.js';
import {OutputCard} from './output-card.js';
import {PictureCanvas} from './picture-canvas.js';
import {saveOutputs} from './picture/output-picture.js';
import {editedRun, mainRun, model, picture} from './state/session.js';

export function OutputView(): JSX.Element {
  const original = mainRun.value;
  const edited = editedRun.value;
  if (original === null) return <NoRun />;
  const originalTitle = edited === null ? 'Output' : 'Original';
  const save = (): void => {
    const shown = original.outputs.flatMap((output, index) => {
      const changed = edited?.outputs[index];
      const cards = [{title: originalTitle, output}];
      return changed === undefined ? cards : [...cards, {title: 'Edited', output: changed}];
    });
    void saveOutputs(model.value?.name ?? 'model', original.input.name, shown);
  };
  const hasPicture = original.outputs.some((output) => output.picture !== null);
  return (
    <div class="output-view">
      {original.outputs.map((output, index) => {
        const changed = edited?.outputs[index];
        return (
          <section key={output.name} class="output" aria-label={`Output ${output.name}`}>
            {hasPicture && picture.value !== null && (
              <figure class="output-card">
                <figcaption>
                  Input
                  <span class="note">
                    {picture.value.name} · {formatShape(original.input.shape)}
                  </span>
                </figcaption>
                <PictureCanvas picture={picture.value} label="Input image" />
              </figure>
            )}
            <OutputCard title={originalTitle} output={output} />
            {changed !== undefined && (
              <OutputCard title="Edited" output={changed} before={output} />
            )}
          </section>
        );
      })}
      <button type="button" class="button" onClick={save}>
        Save PNG
      </button>
    </div>
  );
}
