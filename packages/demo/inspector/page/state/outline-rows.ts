/** The outline: hook points as a tree of what they are nested in, laid out as rows. */
import {computed, signal} from '@preact/signals';
import type {HookSummary} from '../../protocol/run.js';
import {visibleRun} from './session.js';

export interface OutlineRow {
  readonly key: string;
  /** From 1. */
  readonly level: number;
  readonly label: string;
  /** Null for a group. */
  readonly hook: HookSummary | null;
  /** Null for a hook point. */
  readonly isExpanded: boolean | null;
  readonly place: number;
  readonly siblings: number;
  /** The row of the group that it lies in. */
  readonly parent: string | null;
}

interface Node {
  readonly label: string;
  readonly key: string;
  readonly hook: HookSummary | null;
  readonly children: Node[];
}

export const filterText = signal('');
export const isFlaggedOnly = signal(false);
export const collapsed = signal<ReadonlySet<string>>(new Set());

const isFlagged = ({dead, saturated, nonFinite}: HookSummary): boolean =>
  dead + saturated + nonFinite > 0;

const shownHooks = computed(() => {
  const wanted = filterText.value.trim().toLowerCase();
  const hooks = visibleRun.value?.summary.hooks ?? [];
  return hooks.filter(
    (hook) =>
      `${hook.name} ${hook.activation}`.toLowerCase().includes(wanted) &&
      (!isFlaggedOnly.value || isFlagged(hook)),
  );
});

export const outlineRows = computed((): readonly OutlineRow[] => {
  const rows: OutlineRow[] = [];
  const layOut = (nodes: readonly Node[], level: number, parent: string | null) => {
    nodes.forEach(({key, label, hook, children}, index) => {
      const isExpanded = hook === null ? !collapsed.value.has(key) : null;
      const place = {place: index + 1, siblings: nodes.length};
      rows.push({key, level, label, hook, isExpanded, ...place, parent});
      if (isExpanded) layOut(children, level + 1, key);
    });
  };
  layOut(treeOf(shownHooks.value), 1, null);
  return rows;
});

export function toggleGroup(key: string, isOpen = collapsed.value.has(key)): void {
  const next = new Set(collapsed.value);
  if (isOpen) next.delete(key);
  else next.add(key);
  collapsed.value = next;
}

/** In the order of execution; a group stands where its first hook point does. */
function treeOf(hooks: readonly HookSummary[]): readonly Node[] {
  const root: Node = {label: '', key: '', hook: null, children: []};
  const repeated = repeatedNames(hooks);
  for (const hook of hooks) {
    let group = root;
    for (const label of hook.path.slice(0, -1)) group = groupIn(group, label);
    const call = repeated.has(hook.name) ? ` · ${callOf(hook)}` : '';
    const label = `${hook.path.at(-1) ?? hook.name}${call}`;
    group.children.push({label, key: `hook ${hook.index}`, hook, children: []});
  }
  return root.children.map(withoutLoneGroups);
}

function groupIn(group: Node, label: string): Node {
  const found = group.children.find((child) => child.hook === null && child.label === label);
  if (found !== undefined) return found;
  const made: Node = {label, key: `${group.key}/${label}`, hook: null, children: []};
  group.children.push(made);
  return made;
}

/** What holds one thing alone is written before it: 'block_1 / relu' needs one row, not two. */
function withoutLoneGroups(node: Node): Node {
  const children = node.children.map(withoutLoneGroups);
  const [only] = children;
  if (node.hook !== null || only === undefined || children.length > 1) return {...node, children};
  return {...only, label: `${node.label} / ${only.label}`};
}

function repeatedNames(hooks: readonly HookSummary[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(hooks.map(({name}) => name).filter((name) => seen.size === seen.add(name).size));
}

/** Counted from 1 as people do; only what tells hook points of one name apart. */
function callOf({pass, call, slot}: HookSummary): string {
  const parts = [pass > 0 ? `pass ${pass + 1}` : '', `call ${call + 1}`];
  return [...parts, slot > 0 ? `slot ${slot + 1}` : ''].filter((part) => part !== '').join(', ');
}
