/**
 * What a scope would record of code that does not run: whoever knows which layers it calls, and in which
 * shapes, walks through them here. Names, counters and filters are those of real scopes.
 */
import type {HookPoint} from './hook-point.js';
import {enterFrame, hookPointIn, leaveFrame} from './name-stack.js';
import type {Frame} from './frame.js';
import type {FrameKind} from './name-stack.js';
import {newScope, selectPoint} from './scope.js';
import type {RecordPlan} from './scope.js';

/** Stands for a tensor. */
export interface ShapedValue {
  readonly shape: readonly number[];
  /** Stands for its data: values that share theirs have the same one. */
  readonly data: object;
}

/** What would be recorded at a hook point. */
export interface DryRecord {
  readonly point: HookPoint;
  pre?: ShapedValue;
  post?: ShapedValue;
  output?: ShapedValue;
}

/** One scope in which nothing runs. */
export class DryRun {
  readonly #scope;
  readonly #records: DryRecord[] = [];
  /** What was recorded in each of the calls in progress. */
  readonly #inFrame = new WeakMap<Frame, DryRecord[]>();

  constructor(plan: RecordPlan) {
    this.#scope = newScope(null, plan);
  }

  /** In execution order. */
  get records(): readonly DryRecord[] {
    return this.#records.filter(({pre, post, output}) => pre ?? post ?? output);
  }

  /** The name of the layer that is called now. */
  get here(): string {
    return this.#scope.frame?.name ?? '';
  }

  /**
   * Calls a layer or a model. Each call of the outermost model is a pass.
   *
   * @param owner the layer or model
   * @param name its own name, without those around it
   * @param run gives its outputs
   */
  call(
    owner: object,
    name: string,
    kind: FrameKind,
    run: () => readonly ShapedValue[],
  ): readonly ShapedValue[] {
    const scope = this.#scope;
    enterFrame(scope, owner, name, kind);
    let outputs: readonly ShapedValue[] = [];
    try {
      return (outputs = run());
    } finally {
      const frame = leaveFrame(scope);
      const [first] = outputs;
      if (frame && first && !frame.isRoot && scope.wantsOutput) this.#recordOutput(frame, first);
    }
  }

  /** Runs an activation function in the layer that is called now. */
  activate(activation: string, kernel: string, pre: ShapedValue, post: ShapedValue): void {
    const {frame, wantsPre, wantsPost} = this.#scope;
    const point = frame && hookPointIn(this.#scope, frame, activation, kernel);
    if (!point) return;
    const record = {point, ...(wantsPre && {pre}), ...(wantsPost && {post})};
    this.#records.push(record);
    this.#inFrame.set(frame, [...(this.#inFrame.get(frame) ?? []), record]);
  }

  #recordOutput(frame: Frame, output: ShapedValue): void {
    const [only, another] = this.#inFrame.get(frame) ?? [];
    if (only && !another) {
      only.output = output;
      return;
    }
    const point = selectPoint(this.#scope, frame, null, null, frame.call, 0);
    if (point) this.#records.push({point, output});
  }
}
