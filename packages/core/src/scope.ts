/** Scopes: the time during which a function runs and what it activates is recorded. */
import {scopeOfContext} from './async-context.js';
import type {CapturedCall} from './captured-call.js';
import type {HookPoint, RecordKind} from './hook-point.js';
import type {CallCount, Frame} from './name-stack.js';
import type {TensorNote} from './retained-data.js';
import {runtime} from './runtime.js';
import type {Selection} from './selection.js';

/** What a scope records, and where. */
export interface RecordPlan {
  readonly selection: Selection;
  /** Keep only these activation functions; null keeps all. */
  readonly activations: ReadonlySet<string> | null;
  readonly record: readonly RecordKind[];
}

/** What goes on beside others of its kind, as several runs of one graph do. */
export interface Execution {
  /** Null as long as it has no pass of its own. */
  pass: number | null;
  /** How often each node has been visited. */
  readonly calls: Map<object, number>;
}

/** One scope. `parent` is the scope that was active when it opened: it records what this one does. */
export class CaptureScope {
  frame: Frame | null = null;
  nextPass = 0;
  /** Executions that are entered more than once. */
  private executions: WeakMap<object, Execution> | null = null;
  /** Activations outside every layer so far. */
  nextRawCall = 0;
  /** Everything that was called, by identity, in the order of the first calls. */
  readonly calls = new Map<unknown, CallCount>();
  readonly captured: CapturedCall[] = [];
  /** What may yet become part of a record. */
  readonly held = new Set<TensorNote>();
  /** Every name that a filter was asked about, and its answer: for messages, and to ask it once. */
  readonly met = new Map<string, boolean | undefined>();
  isOpen = true;
  /** Whether it can record anything: one that cannot needs nothing installed. */
  readonly isIdle: boolean;
  readonly wantsPre: boolean;
  readonly wantsPost: boolean;
  readonly wantsOutput: boolean;

  constructor(
    readonly parent: CaptureScope | null,
    private readonly plan: RecordPlan,
  ) {
    this.isIdle = plan.selection.isEmpty || plan.record.length === 0;
    this.wantsPre = plan.record.includes('pre');
    this.wantsPost = plan.record.includes('post');
    this.wantsOutput = plan.record.includes('output');
  }

  /**
   * The hook point that these make, or null if it is not selected.
   *
   * @param frame the layer in which it happens; null outside every layer
   */
  select(
    frame: Frame | null,
    activation: string | null,
    kernel: string | null,
    call: number,
    slot: number,
  ): HookPoint | null {
    if (this.isIdle) return null;
    const {selection, activations} = this.plan;
    const name = frame?.name ?? '';
    const byName = selection.isEverything || this.isNameSelected(name);
    if (byName === false) return null;
    if (activations !== null && (activation === null || !activations.has(activation))) return null;
    const path = frame?.path ?? [];
    const point: HookPoint = {name, path, activation, kernel, pass: frame?.pass ?? 0, call, slot};
    return byName === true || selection.byPoint(point) ? point : null;
  }

  /** What is known of an execution. */
  executionOf(key: object): Execution {
    let known = (this.executions ??= new WeakMap<object, Execution>()).get(key);
    if (known === undefined) {
      known = {pass: null, calls: new Map()};
      this.executions.set(key, known);
    }
    return known;
  }

  private isNameSelected(name: string): boolean | undefined {
    let selected = this.met.get(name);
    if (selected === undefined && !this.met.has(name)) {
      selected = this.plan.selection.byName(name);
      this.met.set(name, selected);
    }
    return selected;
  }
}

/** The innermost open scope to which the code that runs now belongs, or null. */
export function activeScope(): CaptureScope | null {
  const {running, waiting, open} = runtime();
  if (open === 0) return null;
  let scope = running ?? scopeOfContext() ?? waiting;
  while (scope !== null && !scope.isOpen) scope = scope.parent;
  return scope;
}
