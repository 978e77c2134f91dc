/**
 * Walks: code that goes from node to node by itself, and can only be asked where it is. The executor of
 * a graph is such. A walk stands on the name stack; the node where it is gets a frame when one is asked for.
 */
import {settle} from './layer-call.js';
import {Frame} from './frame.js';
import type {FrameAddress} from './frame.js';
import {currentFrame} from './name-stack.js';
import {executionOf} from './scope.js';
import type {CaptureScope} from './scope.js';

/** One visit to a node. Visits are told apart by identity. */
export interface Visit {
  readonly node: object;
  /** The node's own address, without what is around it. */
  readonly address: FrameAddress;
  /** Whether its kernels are part of an activation that is recorded elsewhere. */
  readonly isPart: boolean;
}

export interface Walk {
  /** All walks of one execution are one pass. */
  readonly execution: object;
  /** Null where it is at no node. */
  here(): Visit | null;
}

class WalkFrame extends Frame {
  /** The visit that was asked for last, and its frame. */
  private visit: Visit | null = null;
  private visitFrame: Frame | null = null;

  /** @param below what was on the stack before */
  constructor(
    readonly below: Frame | null,
    parent: Frame | null,
    readonly walk: Walk,
  ) {
    super(parent, walk, '', true, true, parent?.inLayer ? parent.pass : -1, 0);
  }

  override inner(scope: CaptureScope): Frame | null {
    const visit = this.walk.here();
    if (visit === null) return null;
    if (visit !== this.visit || this.visitFrame === null) {
      this.visit = visit;
      this.visitFrame = this.frameOf(scope, visit);
    }
    return this.visitFrame;
  }

  /** Whether something has been recorded at the node. */
  hasRecorded(node: object): boolean {
    const frame = this.visitFrame;
    return frame !== null && frame.owner === node && frame.captured !== null;
  }

  private frameOf(scope: CaptureScope, {node, address, isPart}: Visit): Frame {
    const execution = executionOf(scope, this.walk.execution);
    const {calls} = execution;
    if (this.pass < 0) this.pass = execution.pass ??= scope.nextPass++;
    const call = calls.get(node) ?? 0;
    calls.set(node, call + 1);
    const frame = new Frame(this, node, address, false, true, this.pass, call);
    frame.visitOf = this;
    frame.isPart = isPart;
    if (!scope.calls.has(node)) scope.calls.set(node, {frame, pass: this.pass, next: 1});
    return frame;
  }
}

/** Says that a walk begins. Pair it with `endWalk` by try/finally. */
export function beginWalk(innermost: CaptureScope, walk: Walk): void {
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    const {frame} = scope;
    // A function of the graph that a node calls: it stands where the graph stands, as it does once the
    // node waits for it.
    const isCalled = frame instanceof WalkFrame && frame.walk.execution === walk.execution;
    scope.frame = new WalkFrame(frame, isCalled ? frame.parent : currentFrame(scope), walk);
  }
}

/** Says that it has ended, or waits. */
export function endWalk(innermost: CaptureScope, walk: Walk): void {
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    const {frame} = scope;
    if (frame instanceof WalkFrame && frame.walk === walk) scope.frame = frame.below;
  }
}

/** Whether any scope has recorded something at the node at which the walk is. */
export function hasRecorded(innermost: CaptureScope, node: object): boolean {
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    if (scope.frame instanceof WalkFrame && scope.frame.hasRecorded(node)) return true;
  }
  return false;
}

/**
 * Says that the node at which the walk is has run.
 *
 * @param output what it gave
 * @param edited what it gives after edits
 */
export function endVisit(
  innermost: CaptureScope,
  node: object,
  output: unknown,
  edited: unknown,
): void {
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    const {frame} = scope;
    // Without outputs only nodes matter in which something was recorded.
    if (!(frame instanceof WalkFrame) || !(scope.wantsOutput || frame.hasRecorded(node))) continue;
    const visit = frame.inner(scope);
    if (visit?.owner === node) settle(scope, visit, output, null, edited);
  }
}
