/**
 * Has records looked at as soon as they are complete: reduced, cut down, counted, or taken as a reason to end
 * the forward pass.
 *
 * A record is complete once the call of its layer, or the visit to its node, is over, since that settles its
 * shape; outside both at once. Whoever looks at it may throw, which ends the pass there: so it is asked
 * where all frames of what has ended are off the stack, and no kernel's result is lost.
 *
 * A value that is only to be read, and whose shape is known before, may be taken while its kernel runs instead:
 * then nothing is recorded, and the activation is written over it.
 */
import type {KernelConfig} from '@tensorflow/tfjs-core';
import type {CapturedCall} from './captured-call.js';
import type {Keeping, PreTaker} from './keeping.js';
import type {KernelParams, KernelResult} from './kernel-registry.js';
import {currentFrame} from './name-stack.js';
import {overwriterOf, runOverwriting} from './overwriting/run-overwriting.js';
import {isShapeAwaited} from './raw-shapes.js';
import {callsWanted, recordFused} from './record-kernel.js';
import type {CaptureScope} from './scope.js';
import {isTensor, kernelIsRunning, tapeIsOn} from './tfjs-internals.js';

/**
 * Of one scope. What either function throws ends the pass.
 *
 * @param keep looks at a record that is complete, once. Returns whether the scope goes on holding it, after
 *     having released what it does not
 * @param whenSeen called once all have been looked at that are complete
 * @param taker takes what `keep` need not look at then
 * @param derives whether `keep` makes tensors of a record's that are to be differentiated: within a kernel no
 *     tape sees that, so that it waits until the kernel is over
 */
export function keepingOf(
  keep: (call: CapturedCall) => boolean,
  whenSeen: () => void,
  taker: PreTaker | null,
  derives: boolean,
): Keeping {
  /** Up to here all of the scope's records have been looked at. */
  let first = 0;
  /** Those further on that have been, while others before them are not complete. */
  const seen = new Set<CapturedCall>();
  return {
    taker,
    untidied: null,
    runFused,
    meet,
    meetResult(innermost, post, backend) {
      // A layer's or a node's records are complete when that is over.
      if (currentFrame(innermost)?.owner) return;
      if (derives && kernelIsRunning() && tapeIsOn()) return;
      try {
        meet(innermost);
      } catch (error) {
        if (kernelIsRunning()) {
          if (isTensor(post)) post.dispose();
          else backend.disposeData(post.dataId);
        }
        throw error;
      }
    },
    lookAt({captured, frame}, isOver = false) {
      let at = first;
      for (let call; (call = captured[at]) !== undefined;) {
        const isNext = !seen.has(call) && (isOver || isComplete(call, frame));
        if (isNext) seen.add(call);
        if (!isNext || keep(call)) at++;
        else {
          captured.splice(at, 1);
          seen.delete(call);
        }
      }
      while (seen.delete(captured[first] as CapturedCall)) first++;
      whenSeen();
    },
  };
}

function runFused(
  innermost: CaptureScope,
  activation: string,
  params: KernelParams,
  kernel: KernelConfig,
): KernelResult {
  const wanted = callsWanted(innermost, activation, kernel.kernelName);
  if (!wanted) return kernel.kernelFunc(params);
  const taker = takerOf(wanted);
  const overwrite = taker && overwriterOf(params, kernel);
  if (!overwrite) return recordFused(params, kernel, wanted);
  return runOverwriting(params, kernel, overwrite, (pre, backend) => {
    taker.take(wanted, pre, backend);
  });
}

/** What takes the pre-activation, if that is all that anyone wants of it. */
function takerOf(wanted: CapturedCall): PreTaker | null {
  const {scope, inner} = wanted;
  const taker = inner === null && scope.wantsPre ? scope.plan.keeping?.taker : null;
  return taker?.takes(wanted) ? taker : null;
}

function meet(innermost: CaptureScope): void {
  for (let scope: CaptureScope | null = innermost; scope; scope = scope.parent) {
    if (scope.isOpen) scope.plan.keeping?.lookAt(scope);
  }
}

/** @param top of the scope's stack */
function isComplete(call: CapturedCall, top: CaptureScope['frame']): boolean {
  if (!call.frame?.owner) return !isShapeAwaited(call);
  // Of a walk's own visit this is not asked before the visit has ended.
  for (let frame = top; frame; frame = frame.parent) if (frame === call.frame) return false;
  return true;
}
