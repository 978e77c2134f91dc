// node tools/assemble-wasm.mjs [--check]: WASM of our own, from packages/core/src/**/*.wat to base64 in a TypeScript
// file beside it, so that browsers need not fetch it and bundlers need not know of it. --check writes nothing, and
// fails if a file is not what its text assembles to.
import {readFile, writeFile} from 'node:fs/promises';

import {format, resolveConfig} from 'prettier';
import assembler from 'wabt';

const core = new URL('../packages/core/src/', import.meta.url);
const sources = [
  'finite-scan.wat',
  'moments/count-in-bins.wat',
  'moments/lane-maxima.wat',
  'moments/lane-moments.wat',
  'moments/value-range.wat',
  'overwriting/clamp-values.wat',
];

const wabt = await assembler();
const features = {simd: true, threads: true};

/** The binary form as base64. Memory that threads share must be imported as such. */
function assemble(name, text, isShared) {
  const memory = isShared ? '(memory 0 65536 shared)' : '(memory 0)';
  const module = wabt.parseWat(name, text.replace('(memory 0)', memory), features);
  module.validate(features);
  const {buffer} = module.toBinary({});
  module.destroy();
  return Buffer.from(buffer).toString('base64');
}

/** How many characters two texts begin with alike, no more than `most`. */
function alike(one, other, most = Math.min(one.length, other.length)) {
  let length = 0;
  while (length < most && one[length] === other[length]) length++;
  return length;
}

const reversed = (text) => [...text].reverse().join('');
const inLines = (text) =>
  text
    .match(/.{1,88}/g)
    .map((line) => `'${line}'`)
    .join(' +\n');

/** The TypeScript file of a module: what differs between the two kinds of memory is in it twice, the rest once. */
async function generate(name) {
  const text = await readFile(new URL(name, core), 'utf8');
  const [own, shared] = [false, true].map((isShared) => assemble(name, text, isShared));
  const start = alike(own, shared);
  const shorter = Math.min(own.length, shared.length);
  const end = alike(reversed(own), reversed(shared), shorter - start);
  const part = (code) => `'${code.slice(start, code.length - end)}'`;
  const file = name.slice(name.lastIndexOf('/') + 1);
  const constant = file
    .replace('.wat', '-code')
    .replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  const url = new URL(name.replace('.wat', '-code.ts'), core);
  const source = `
/** What ${file} assembles to, as base64: \`npm run assemble\` writes this file. */
export function ${constant}(isShared: boolean): string {
  const memory = isShared ? ${part(shared)} : ${part(own)};
  return ${inLines(own.slice(0, start))} + memory + ${inLines(own.slice(own.length - end))};
}
`;
  const options = await resolveConfig(url);
  return {url, code: await format(source, {...options, parser: 'typescript'})};
}

for (const name of sources) {
  const {url, code} = await generate(name);
  if (!process.argv.includes('--check')) await writeFile(url, code);
  else if ((await readFile(url, 'utf8').catch(() => '')) !== code) {
    console.error(`${name}: what it assembles to is not beside it. Run npm run assemble.`);
    process.exitCode = 1;
  }
}
