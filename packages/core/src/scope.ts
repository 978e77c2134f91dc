/** Scopes: the time during which a function runs and what it activates is recorded. */
import type {CapturedCall} from './captured-call.js';
import type {HookPoint, RecordKind} from './hook-point.js';
import type {Editing} from './editing.js';
import type {Keeping} from './keeping.js';
import type {Frame} from './frame.js';
import type {CallCount} from './name-stack.js';
import type {TensorNote} from './retained-data.js';
import {runtime} from './runtime.js';
import type {Selection} from './selection.js';

/** What a scope records, and where. */
export interface RecordPlan {
  readonly selection: Selection;
  /** Keep only these activation functions; null keeps all. */
  readonly activations: ReadonlySet<string> | null;
  readonly record: readonly RecordKind[];
  /** Its edits, if it has any. */
  readonly editing?: Editing | null;
  /** What becomes of its records, if they are not just held. */
  readonly keeping?: Keeping | null;
}

/** What goes on beside others of its kind, as several runs of one graph do. */
export interface Execution {
  /** Null as long as it has no pass of its own. */
  pass: number | null;
  /** How often each node has been visited. */
  readonly calls: Map<object, number>;
}

/** One scope. */
export interface CaptureScope {
  /** The scope that was active when this one opened: it records what this one does. */
  readonly parent: CaptureScope | null;
  readonly plan: RecordPlan;
  frame: Frame | null;
  nextPass: number;
  /** Executions that are entered more than once. */
  executions: WeakMap<object, Execution> | null;
  /** Activations outside every layer so far. */
  nextRawCall: number;
  /** Everything that was called, by identity, in the order of the first calls. */
  readonly calls: Map<unknown, CallCount>;
  readonly captured: CapturedCall[];
  /** What may yet become part of a record. */
  readonly held: Set<TensorNote>;
  /** Every name that a filter was asked about, and its answer: for messages, and to ask it once. */
  readonly met: Map<string, boolean | undefined>;
  isOpen: boolean;
  /** What applies edits, if this scope or one around it has any. */
  readonly editing: Editing | null | undefined;
  /** What is done with records, if this scope or one around it has them do more than wait. */
  readonly keeping: Keeping | null | undefined;
  /** Whether it neither records nor edits anything: it needs nothing installed then. */
  readonly isIdle: boolean;
  readonly wantsPre: boolean;
  readonly wantsPost: boolean;
  readonly wantsOutput: boolean;
}

export const newScope = (parent: CaptureScope | null, plan: RecordPlan): CaptureScope => ({
  parent,
  plan,
  frame: null,
  nextPass: 0,
  executions: null,
  nextRawCall: 0,
  calls: new Map(),
  captured: [],
  held: new Set(),
  met: new Map(),
  isOpen: true,
  editing: plan.editing ?? parent?.editing,
  keeping: plan.keeping ?? parent?.keeping,
  isIdle: (plan.selection.isEmpty || plan.record.length === 0) && !plan.editing,
  wantsPre: plan.record.includes('pre'),
  wantsPost: plan.record.includes('post'),
  wantsOutput: plan.record.includes('output'),
});

/**
 * The hook point that these make, or null if the scope does not select it.
 *
 * @param frame the layer in which it happens; null outside every layer
 */
export function selectPoint(
  {isIdle, plan, met}: CaptureScope,
  frame: Frame | null,
  activation: string | null,
  kernel: string | null,
  call: number,
  slot: number,
): HookPoint | null {
  if (isIdle) return null;
  const {selection, activations} = plan;
  const name = frame?.name ?? '';
  let byName: boolean | undefined = true;
  if (!selection.isEverything) {
    byName = met.get(name);
    if (byName === undefined && !met.has(name)) met.set(name, (byName = selection.byName(name)));
  }
  if (byName === false) return null;
  if (activations !== null && (activation === null || !activations.has(activation))) return null;
  const path = frame?.path ?? [];
  const point: HookPoint = {name, path, activation, kernel, pass: frame?.pass ?? 0, call, slot};
  return byName === true || selection.byPoint(point) ? point : null;
}

/** What is known of an execution. */
export function executionOf(scope: CaptureScope, key: object): Execution {
  let known = (scope.executions ??= new WeakMap<object, Execution>()).get(key);
  if (known === undefined) {
    known = {pass: null, calls: new Map()};
    scope.executions.set(key, known);
  }
  return known;
}

/** The innermost open scope to which the code that runs now belongs, or null. */
export function activeScope(): CaptureScope | null {
  const {running, waiting, open, asyncContext} = runtime();
  if (open === 0) return null;
  let scope = running ?? asyncContext?.current() ?? waiting;
  while (scope && !scope.isOpen) scope = scope.parent;
  return scope;
}

/**
 * Whether a scope that waits for its promise is told apart from code around it. Where it is not, in
 * browsers, whatever runs meanwhile counts as the scope's own.
 */
export const tellsScopesApart = (): boolean => runtime().asyncContext != null;
