/** Builds the page against the fake engine, as static files. */
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import sharp from 'sharp';
import {build} from 'vite';
import {packageFile} from '../../../src/io/package-file.js';
import type {ExampleModel} from '../../../inspector/protocol/model.js';

const FAKE_WORKER = join(__dirname, 'fake-worker.ts');

/** Titles are the real examples'; what they show is made up. */
const EXAMPLES: readonly ExampleModel[] = [
  example(
    'esrgan-slim',
    'ESRGAN-slim',
    'Doubles the size of an image: 16 layers, super-resolution',
  ),
  example('mobilenet-v2', 'MobileNetV2 (nsfwjs)', 'Tells five classes of images apart'),
  example('face-mesh', 'Face mesh', 'Finds 468 points of a face'),
  example('deep', 'Three hundred layers', 'Shows how the outline scrolls'),
];

export async function buildPage(outDir: string): Promise<void> {
  await build({
    configFile: false,
    root: join(__dirname, '../../../inspector'),
    base: './',
    logLevel: 'warn',
    build: {outDir, emptyOutDir: true, target: 'es2022', modulePreload: {polyfill: false}},
    worker: {format: 'es'},
    oxc: {jsx: {runtime: 'automatic', importSource: 'preact'}},
    plugins: [
      {
        name: 'fake-engine',
        enforce: 'pre',
        transform: (code, id) =>
          id.endsWith('page/engine-process.ts')
            ? code.replace("'../engine/worker.ts'", JSON.stringify(FAKE_WORKER))
            : null,
      },
    ],
  });
  const folder = join(outDir, 'examples');
  await mkdir(folder, {recursive: true});
  await writeFile(join(folder, 'examples.json'), JSON.stringify(EXAMPLES));
  await sharp(packageFile('@upscalerjs/default-model', 'assets/fixture.png'))
    .resize(128, 128)
    .png()
    .toFile(join(folder, 'image.png'));
}

function example(id: string, title: string, about: string): ExampleModel {
  return {
    id,
    title,
    about,
    url: `examples/${id}/model.json`,
    imageUrl: 'examples/image.png',
    preparation: {range: '0 to 1', longestSide: 128},
  };
}
