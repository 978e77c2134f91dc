// The files that npm would publish, loaded by Node as ESM and as CommonJS in one process.
import {execFileSync} from 'node:child_process';
import {join} from 'node:path';

interface Forms {
  imported: string[];
  required: string[];
}

const found = JSON.parse(
  execFileSync(process.execPath, [join(__dirname, 'load-both-forms.mjs')], {encoding: 'utf8'}),
) as Record<string, Forms>;

test.each(['@tfjs-capture/core', '@tfjs-capture/hooks'])(
  '%s has the same exports in both forms',
  (name) => {
    expect(found[name]?.required).toEqual(found[name]?.imported);
  },
);
