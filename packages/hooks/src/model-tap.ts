/**
 * The tap of one model.
 *
 * How: each of the model's calls runs in a scope of its own. What that captured is kept, whatever tidy is
 * around the call, and read back once the code that made the call gives way; then it is disposed of.
 */
import {activeScope, ScopeOverlapError, tellsScopesApart} from '@tfjs-capture/core';
import type {CaptureScope} from '@tfjs-capture/core';
import {keep} from '@tensorflow/tfjs-core';
import type {InferenceModel} from '@tensorflow/tfjs-core';
import type {LayersModel} from '@tensorflow/tfjs-layers';
import type {Capture} from './capture.js';
import type {CaptureOptions} from './capture-options.js';
import {DONE, FrameQueue} from './frame-queue.js';
import type {Place} from './frame-queue.js';
import {interceptCalls} from './model-calls.js';
import {readRecords, tensorsIn} from './tapped-frame.js';
import type {TapFrame} from './tapped-frame.js';
import type {TapPlan} from './tap-options.js';
import type {WithCapture} from './with-capture.js';

/** The frames of a model's calls, for `for await`. Ends when the loop does, however that ends. */
export interface Tap extends AsyncIterableIterator<TapFrame, undefined> {
  /** Waits for the next frame. Several who wait are served in order. The first call begins the tap. */
  next(): Promise<IteratorResult<TapFrame, undefined>>;
  /** Ends the tap: frames that nobody has taken are dropped, and who waits for one is told. */
  return(): Promise<IteratorResult<TapFrame, undefined>>;
  /** Ends the tap, and rejects with the error. */
  throw(error: unknown): Promise<IteratorResult<TapFrame, undefined>>;
  [Symbol.asyncIterator](): Tap;
}

/** An asynchronous call that goes on. */
interface GoingCall {
  readonly scope: CaptureScope | null;
  /** Whether it may have recorded another call, too. */
  isMixed: boolean;
}

export class ModelTap implements Tap {
  readonly #frames: FrameQueue;
  readonly #options: CaptureOptions;
  readonly #going = new Set<GoingCall>();
  readonly #abort = (): void => {
    this.#end();
  };
  /** Null before the first `next()`. */
  #undo: (() => void) | null = null;
  #hasEnded = false;

  constructor(
    private readonly withCapture: WithCapture,
    private readonly model: LayersModel | InferenceModel,
    private readonly plan: TapPlan,
  ) {
    this.#frames = new FrameQueue(plan.queue, plan.drop);
    this.#options = {...plan.asked, model};
  }

  next(): Promise<IteratorResult<TapFrame, undefined>> {
    const {signal} = this.plan;
    if (signal?.aborted) this.#end();
    if (!this.#hasEnded && this.#undo === null) {
      this.#undo = interceptCalls(this.model, (run, isAsync) => this.#call(run, isAsync));
      signal?.addEventListener?.('abort', this.#abort);
    }
    return this.#frames.next();
  }

  return(): Promise<IteratorResult<TapFrame, undefined>> {
    this.#end();
    return Promise.resolve(DONE);
  }

  async throw(error: unknown): Promise<never> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #end(failure: {readonly error: unknown} | null = null): void {
    this.#hasEnded = true;
    this.#undo?.();
    this.plan.signal?.removeEventListener?.('abort', this.#abort);
    this.#frames.close(failure);
  }

  /** Runs a call of the model, captured if there is a place for it. */
  #call(run: () => unknown, isAsync: boolean): unknown {
    if (this.plan.signal?.aborted) this.#end();
    if (this.#hasEnded || this.#isInsideAnother()) return run();
    // It would wait first, and so have the scope around it refused.
    const isRefused = isAsync && !tellsScopesApart() && activeScope() !== null;
    const index = this.#frames.begin(isRefused);
    if (index === null) {
      const plain = run();
      this.#frames.skip();
      return plain;
    }
    let scope: CaptureScope | null = null;
    let result: unknown;
    let captured: Capture<unknown> | Promise<Capture<unknown>>;
    try {
      captured = this.withCapture(() => {
        scope = activeScope();
        return (result = run());
      }, this.#options);
    } catch (error) {
      this.#frames.abandon(false);
      throw error;
    }
    if (captured instanceof Promise) void this.#await(index, captured, {scope, isMixed: false});
    else this.#hold(index, captured);
    // The model's own promise, if it is one: nothing of ours delays it.
    return result;
  }

  /** Whether a call is part of another one that goes on. Where nobody can tell, that one is mixed up. */
  #isInsideAnother(): boolean {
    const isApart = tellsScopesApart();
    let isInside = false;
    for (let scope = activeScope(); scope; scope = scope.parent) {
      for (const call of this.#going) {
        if (call.scope !== scope) continue;
        if (isApart) isInside = true;
        else call.isMixed = true;
      }
    }
    return isInside;
  }

  async #await(index: number, captured: Promise<Capture<unknown>>, call: GoingCall): Promise<void> {
    this.#going.add(call);
    try {
      const capture = await captured;
      if (call.isMixed) {
        capture.dispose();
        this.#frames.abandon(true);
      } else this.#hold(index, capture);
    } catch (error) {
      // All others are the caller's, to whom they go by the model's own promise.
      this.#frames.abandon(error instanceof ScopeOverlapError);
    } finally {
      this.#going.delete(call);
    }
  }

  #hold(index: number, capture: Capture<unknown>): void {
    for (const tensor of tensorsIn(capture.records)) keep(tensor);
    const place = this.#frames.end(index, now(), () => {
      capture.dispose();
    });
    void this.#read(place, capture);
  }

  async #read(place: Place, capture: Capture<unknown>): Promise<void> {
    // Later: some backends copy the values at once.
    await Promise.resolve();
    if (!this.#frames.beginReading(place)) return;
    try {
      const [reduced = 'pre'] = this.plan.asked.record ?? [];
      this.#frames.endReading(place, await readRecords(capture.records, reduced));
    } catch (error) {
      this.#end({error});
    } finally {
      capture.dispose();
    }
  }
}

interface Platform {
  readonly performance?: {now(): number};
}

const now = (): number => (globalThis as Platform).performance?.now() ?? Date.now();
