import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

/** A fenced block of TypeScript in one of the repository's documents. */
export interface CodeBlock {
  /** Where it starts, as editors open it: `README.md:12`. */
  readonly place: string;
  readonly code: string;
}

/** The documents whose examples must run: those at the top, in docs, and those of each package. */
export function documents(root: string): string[] {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
  return ['.', 'docs', ...packages].flatMap((directory) => markdownIn(root, directory)).sort();
}

function markdownIn(root: string, directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(join(root, directory));
  } catch {
    return [];
  }
  return names.filter((name) => name.endsWith('.md')).map((name) => join(directory, name));
}

/** The blocks fenced as ```ts in a document. One that is fenced as ```ts no-run is left out. */
export function codeBlocks(root: string, document: string): CodeBlock[] {
  const text = readFileSync(join(root, document), 'utf8');
  const fence = /^( *)```ts[ \t]*\n([\s\S]*?)^\1```/gm;
  return [...text.matchAll(fence)].map((match) => ({
    place: `${document}:${text.slice(0, match.index).split('\n').length}`,
    code: match[2] ?? '',
  }));
}
