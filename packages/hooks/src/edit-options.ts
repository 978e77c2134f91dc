/** The option `edit`, and what that means to core. */
import {compileFilter, describe, editingOf, wrongArgument} from '@tfjs-capture/core';
import type {
  CaptureArgumentError,
  EditFunction,
  LayerFilter,
  PlannedEdit,
  RecordKind,
} from '@tfjs-capture/core';
import {RECORD_FIELDS} from './activation-record.js';
import {addOption} from './capture-options.js';
import {layoutOf} from './layer-classes.js';

/** One function, or several: each gets what the one before it returned. */
export type Edit = EditFunction | readonly EditFunction[];

/** What is changed at a hook point. */
export interface EditsAt {
  /** What goes into the activation function. */
  readonly pre?: Edit;
  /** What comes out of it. */
  readonly post?: Edit;
  /** What the layer returns, activation or not; the first of several outputs. */
  readonly output?: Edit;
}

/**
 * Edits by the glob that selects hook points, `{'block5_*': pre => …}`, or each with any filter:
 * `[{layers: /conv/, pre: …}]`. A function by itself edits 'pre'. All that fit are applied, in order.
 */
export type Edits =
  Readonly<Record<string, Edit | EditsAt>> | readonly (EditsAt & {readonly layers?: LayerFilter})[];

/** Makes `edit` known to `withCapture`. */
export function enableEdits(): void {
  addOption('edit', (plan, {edit}) => {
    if (edit) plan.editing = editingOf(plannedEdits(edit), layoutOf);
  });
}

/** @throws CaptureArgumentError for anything but functions at 'pre', 'post' and 'output' */
function plannedEdits(edits: Edits): PlannedEdit[] {
  if (!isObject(edits)) {
    throw wrongArgument(
      'withCapture',
      'edit must be edits by the names of layers, or an array of edits with their layers',
      edits,
      "Pass {'block5_*': (pre) => …} or [{layers: /conv/, post: …}].",
    );
  }
  const planned: PlannedEdit[] = [];
  const add = (filter: LayerFilter | undefined, at: Edit | EditsAt): void => {
    const selection = compileFilter(filter, 'withCapture');
    if (!isObject(at) && typeof at !== 'function') throw wrong(at, `'${labelOf(filter)}'`);
    const byKind = typeof at === 'function' || Array.isArray(at) ? {pre: at} : at;
    for (const [kind, functions] of Object.entries(byKind) as [RecordKind, Edit][]) {
      for (const edit of [functions].flat()) {
        if (typeof edit !== 'function' || !RECORD_FIELDS.includes(kind)) {
          throw wrong(edit, `'${kind}' of '${labelOf(filter)}'`);
        }
        planned.push({
          label: labelOf(filter),
          selection,
          kind,
          edit,
          known: new Map(),
          isUsed: false,
        });
      }
    }
  };
  if (Array.isArray(edits)) {
    for (const one of edits as Extract<Edits, readonly unknown[]>) {
      if (!isObject(one)) throw wrong(one, 'the array');
      const {layers, ...at} = one;
      add(layers, at);
    }
  } else {
    for (const [glob, at] of Object.entries(edits)) add(glob, at);
  }
  return planned;
}

const wrong = (got: unknown, place: string): CaptureArgumentError =>
  wrongArgument(
    'withCapture',
    "an edit is a function, at 'pre', 'post' or 'output'",
    got,
    `Check ${place}.`,
  );

/** A filter as messages name it. */
const labelOf = (filter: LayerFilter = '**'): string =>
  typeof filter === 'function' ? describe(filter) : String(filter);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
