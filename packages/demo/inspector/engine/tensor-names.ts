/**
 * What tensors of a run are called in a file: `<name>/pre` and `<name>/post` of a hook point, `output/<name>` of an
 * output.
 *
 * Where several hook points have one name, what tells them apart stands behind it in brackets, and no more than that:
 * `lstm[call=2,slot=1]/pre`; `pass` likewise. If a name is taken all the same, ` (2)`, ` (3)`, … is put behind it.
 */
import type {HookSummary, OutputSummary} from '../protocol/run.js';

export interface TensorNames {
  readonly hooks: readonly {readonly pre: string; readonly post: string}[];
  readonly outputs: readonly string[];
}

type Numbered = Pick<HookSummary, 'name' | 'pass' | 'call' | 'slot'>;
const COUNTERS = ['pass', 'call', 'slot'] as const;

export function tensorNames(
  hooks: readonly Numbered[],
  outputs: readonly Pick<OutputSummary, 'name'>[],
): TensorNames {
  const byName = new Map<string, Numbered[]>();
  for (const hook of hooks) {
    const alike = byName.get(hook.name);
    if (alike) alike.push(hook);
    else byName.set(hook.name, [hook]);
  }
  const needed = new Map(
    [...byName].map(([name, alike]) => [
      name,
      COUNTERS.filter((counter) => alike.some((one) => one[counter] !== alike[0]?.[counter])),
    ]),
  );
  const taken = new Set<string>();
  return {
    hooks: hooks.map((hook) => {
      const counters = needed.get(hook.name) ?? [];
      const address = counters.map((counter) => `${counter}=${hook[counter]}`).join();
      const name = address === '' ? hook.name : `${hook.name}[${address}]`;
      return {pre: unique(`${name}/pre`, taken), post: unique(`${name}/post`, taken)};
    }),
    outputs: outputs.map(({name}) => unique(`output/${name}`, taken)),
  };
}

function unique(name: string, taken: Set<string>): string {
  let given = name;
  for (let count = 2; taken.has(given); count++) given = `${name} (${count})`;
  taken.add(given);
  return given;
}
