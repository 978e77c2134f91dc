// The documents' pictures of the inspector: made here as npm run inspect:screenshots makes them, they still look alike.
import {execFileSync} from 'node:child_process';
import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {join, resolve} from 'node:path';
import sharp from 'sharp';

jest.setTimeout(180_000);

const DOCS = resolve('packages/demo/docs');
const MADE = resolve('out/inspector-screenshots');
const isPicture = (file: string) => /^inspector-.*\.png$/.test(file);

/** As seen from afar: fonts are another machine's, and milliseconds change. */
async function fromAfar(file: string): Promise<Buffer> {
  return sharp(file).greyscale().resize(64, 40, {fit: 'fill'}).raw().toBuffer();
}

function meanDifference(a: Buffer, b: Buffer): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

beforeAll(() => {
  rmSync(MADE, {recursive: true, force: true});
  const script = resolve('packages/demo/dist/inspector-screenshots.js');
  execFileSync(process.execPath, [script, MADE], {stdio: ['ignore', 'ignore', 'inherit']});
});

const pictures = readdirSync(DOCS).filter(isPicture);

test('each view has its picture, and no picture is left of a view that is gone', () => {
  expect(readdirSync(MADE).filter(isPicture)).toEqual(pictures);
});

test.each(pictures)('%s shows the page as it is', async (name) => {
  const [kept, made] = [join(DOCS, name), join(MADE, name)];
  const [before, now] = await Promise.all([sharp(kept).metadata(), sharp(made).metadata()]);
  expect([now.width, now.height]).toEqual([before.width, before.height]);
  expect(meanDifference(await fromAfar(kept), await fromAfar(made))).toBeLessThan(8);
});

test('the READMEs show the main views', () => {
  const shownIn = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/docs\/(inspector-[\w-]+\.png)/g)].map(
      ([, name]) => name,
    );
  expect(shownIn('README.md')).toEqual(['inspector-maps.png']);
  const shown = shownIn('packages/demo/README.md');
  expect(pictures).toEqual(expect.arrayContaining(shown));
  for (const view of ['maps', 'enlarged', 'edit', 'compare', 'grad-cam-dark', 'maps-narrow']) {
    expect(shown).toContain(`inspector-${view}.png`);
  }
});
