/** Scopes: the time during which a function runs and what it activates is recorded. */
import {scopeOfContext} from './async-context.js';
import type {CapturedCall} from './captured-call.js';
import type {HookPoint, RecordKind} from './hook-point.js';
import type {CallCount, Frame} from './name-stack.js';
import {runtime} from './runtime.js';
import type {Selection} from './selection.js';

/** What a scope records, and where. */
export interface RecordPlan {
  readonly selection: Selection;
  /** Keep only these activation functions; null keeps all. */
  readonly activations: ReadonlySet<string> | null;
  readonly record: readonly RecordKind[];
}

/** One scope. `parent` is the scope that was active when it opened: it records what this one does. */
export class CaptureScope {
  frame: Frame | null = null;
  nextPass = 0;
  /** Activations outside every layer so far. */
  nextRawCall = 0;
  /** Everything that was called, by identity, in the order of the first calls. */
  readonly calls = new Map<unknown, CallCount>();
  readonly captured: CapturedCall[] = [];
  /** Every name that was met, and whether it is selected: for messages, and to ask a filter once. */
  readonly met = new Map<string, boolean | undefined>();
  isOpen = true;
  readonly wantsPre: boolean;
  readonly wantsPost: boolean;
  readonly wantsOutput: boolean;

  constructor(
    readonly parent: CaptureScope | null,
    private readonly plan: RecordPlan,
  ) {
    this.wantsPre = plan.record.includes('pre');
    this.wantsPost = plan.record.includes('post');
    this.wantsOutput = plan.record.includes('output');
  }

  /** The hook point that these make, or null if it is not selected. */
  select(
    name: string,
    path: readonly string[],
    activation: string | null,
    kernel: string | null,
    pass: number,
    call: number,
    slot: number,
  ): HookPoint | null {
    const {selection, activations} = this.plan;
    let byName = this.met.get(name);
    if (byName === undefined && !this.met.has(name)) {
      byName = selection.byName(name);
      this.met.set(name, byName);
    }
    if (byName === false) return null;
    if (activations !== null && (activation === null || !activations.has(activation))) return null;
    const point: HookPoint = {name, path, activation, kernel, pass, call, slot};
    return byName === true || selection.byPoint(point) ? point : null;
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
