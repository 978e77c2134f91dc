/** What is loaded, on which backend it runs, and how the page looks. */
import type {JSX} from 'preact';
import {BACKENDS, BACKEND_TITLES} from '../protocol/engine.js';
import {backendNamed} from './engine-process.js';
import {formatBytes, formatCount, formatShape} from './format-number.js';
import {StatusBar} from './status-bar.js';
import {useBackend} from './state/engine.js';
import {place} from './state/place.js';
import {backend, loaded, mainRun} from './state/session.js';
import {nextTheme, theme} from './state/theme.js';

export function Header(): JSX.Element {
  const isStart = place.value === 'start';
  return (
    <header class="header">
      <button
        type="button"
        class="brand"
        aria-label="Activation inspector: choose a model"
        onClick={() => (place.value = 'start')}
      >
        <svg class="brand-mark" viewBox="0 0 28 20" aria-hidden="true">
          <path class="is-negative" d="M1 18h10V8H1z" />
          <path class="is-positive" d="M17 18h10V3H17z" />
          <path class="zero" d="M14 0v20" />
        </svg>
        <span>Activation inspector</span>
      </button>
      {loaded.value !== null && !isStart && <ModelFacts />}
      <span class="spacer" />
      <StatusBar />
      {isStart && loaded.value !== null && (
        <button type="button" class="button" onClick={() => (place.value = 'workspace')}>
          Back to {loaded.value.info.name}
        </button>
      )}
      <label class="field is-inline">
        <span>Backend</span>
        <select
          value={backend.value}
          onChange={(event) => {
            const chosen = backendNamed(event.currentTarget.value);
            if (chosen !== null) useBackend(chosen);
          }}
        >
          {BACKENDS.map((name) => (
            <option key={name} value={name}>
              {BACKEND_TITLES[name]}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="button is-quiet"
        aria-label={`Colours: ${theme.value}. Change`}
        onClick={nextTheme}
      >
        <span aria-hidden="true">{THEME_MARKS[theme.value]}</span>
      </button>
    </header>
  );
}

const THEME_MARKS = {system: '◐', light: '○', dark: '●'} as const;

function ModelFacts(): JSX.Element | null {
  if (loaded.value === null) return null;
  const {name, format, parameters, bytes} = loaded.value.info;
  const run = mainRun.value;
  const facts = [
    format === 'layers-model' ? 'LayersModel' : 'GraphModel',
    `${formatCount(parameters)} parameters`,
    formatBytes(bytes),
    ...(run === null
      ? []
      : [
          `${run.hooks.length} activations`,
          `input ${formatShape(run.input.shape)}`,
          `${Math.round(run.milliseconds)} ms`,
        ]),
  ];
  return (
    <div class="model-facts">
      <h1>{name}</h1>
      <p>{facts.join(' · ')}</p>
    </div>
  );
}
