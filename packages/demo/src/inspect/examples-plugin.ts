/** Puts the example models beside the page: examples/examples.json, and a folder for each. */
import type {Plugin} from 'vite';
import {exampleFiles} from './example-files.js';
import {exampleModels} from './example-models.js';

export function examplesPlugin(): Plugin {
  return {
    name: 'inspector-examples',
    async generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: 'examples/examples.json',
        source: JSON.stringify(exampleModels.map(({example}) => example)),
      });
      for (const model of exampleModels) {
        for (const [name, source] of Object.entries(await exampleFiles(model))) {
          this.emitFile({type: 'asset', fileName: `examples/${model.example.id}/${name}`, source});
        }
      }
    },
  };
}
