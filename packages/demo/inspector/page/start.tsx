/** Where everybody begins: examples that work at once, and ways to bring one's own. */
import type {JSX} from 'preact';
import {Bring} from './bring.js';
import {openExample} from './state/runs.js';
import {examples} from './state/session.js';
import type {ExampleModel} from '../protocol/model.js';

export function Start(): JSX.Element {
  return (
    <div class="start-inner">
      <div class="start-heading">
        <h1>See what happens before and after every activation</h1>
        <p class="lead">
          Drop a TensorFlow.js model and an image. Each layer’s feature maps appear as they go into
          its activation and as they come out; then change a channel, and watch what follows.
        </p>
      </div>
      <section aria-labelledby="examples-title">
        <h2 id="examples-title" class="eyebrow">
          Start with an example
        </h2>
        <div class="cards">
          {examples.value?.map((example) => (
            <ExampleCard key={example.id} example={example} />
          ))}
        </div>
      </section>
      <section aria-labelledby="own-title">
        <h2 id="own-title" class="eyebrow">
          Or bring your own
        </h2>
        <Bring />
      </section>
      <p class="privacy">
        Everything runs in this browser. Nothing leaves this machine. A drop anywhere on the page
        works, later too.
      </p>
    </div>
  );
}

function ExampleCard({example}: {readonly example: ExampleModel}): JSX.Element {
  return (
    <button
      type="button"
      class="card"
      data-example={example.id}
      onClick={() => void openExample(example)}
    >
      <img src={example.imageUrl} alt="" width={96} height={96} />
      <span class="card-text">
        <strong>{example.title}</strong>
        <span>{example.about}</span>
      </span>
    </button>
  );
}
