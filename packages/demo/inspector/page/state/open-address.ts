/** The examples that come with the page, and the one that its address asks for: ?example=esrgan-slim. */
import type {ExampleModel} from '../../protocol/model.js';
import {backendNamed} from '../engine-process.js';
import {showError} from './alert.js';
import {openExample} from './runs.js';
import {backend, examples} from './session.js';

export async function openAddress(): Promise<void> {
  const asked = new URLSearchParams(location.search);
  backend.value = backendNamed(asked.get('backend')) ?? backend.value;
  try {
    examples.value = await readExamples();
    const id = asked.get('example');
    if (id !== null) await openExample(exampleNamed(id, examples.value));
  } catch (error) {
    showError(error);
  }
}

async function readExamples(): Promise<readonly ExampleModel[]> {
  const response = await fetch('examples/examples.json');
  if (!response.ok) {
    throw new Error(
      `The list of examples cannot be read (status ${response.status}). Drop a model of your own.`,
    );
  }
  // The worker, from whose folder addresses would count, lies elsewhere.
  const absolute = (url: string): string => new URL(url, document.baseURI).href;
  return ((await response.json()) as readonly ExampleModel[]).map((example) => ({
    ...example,
    url: absolute(example.url),
    imageUrl: absolute(example.imageUrl),
  }));
}

function exampleNamed(id: string, known: readonly ExampleModel[]): ExampleModel {
  const example = known.find((each) => each.id === id);
  if (example !== undefined) return example;
  const ids = known.map((each) => each.id).join(', ');
  throw new Error(`There is no example “${id}”. Choose one of ${ids}.`);
}
