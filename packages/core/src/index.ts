export {kernelOfFunction} from './activation-kernels.js';
export {followAsync} from './async-context.js';
export {addCompanion, bindCompanions, hasCompanion} from './companions.js';
export {holdPre, noteLive, recordComposed, runActivation} from './activation-site.js';
export {
  CaptureArgumentError,
  CaptureError,
  describe,
  ScopeOverlapError,
  wrongArgument,
} from './errors.js';
export {registerGradientKernels} from './gradient-kernels/register-gradient-kernels.js';
export {differentiate, dropTape, gradientOfNote, sourceOnTape} from './gradients.js';
export type {Differentiated, GradientsById} from './gradients.js';
export {guideRelus} from './guided-relu.js';
export {interceptKernels} from './kernel-registry.js';
export {methodNamed, swapMethods} from './method-swaps.js';
export type {MethodAccess, MethodSwaps} from './method-swaps.js';
export {nameScope} from './name-scope.js';
export {firstTensor, runNamed} from './layer-call.js';
export {releaseAll} from './captured-call.js';
export {backendOfNote, noteAgain, releaseNote, tensorOfNote} from './retained-data.js';
export {outsideScopes} from './edits.js';
export {editingOf} from './use-edits.js';
export {isPromiseLike, runInScope} from './run-in-scope.js';
export {activeScope, tellsScopesApart} from './scope.js';
export {compileFilter} from './selection.js';
export {DryRun} from './dry-run.js';
export type {DryRecord, ShapedValue} from './dry-run.js';
export type {CapturedCall} from './captured-call.js';
export type {Companion} from './companions.js';
export type {Layout} from './edits.js';
export type {Editing, PlannedEdit} from './editing.js';
export {keepingOf} from './keep-records.js';
export type {Keeping, PreTaker} from './keeping.js';
export {disposeUntidiedTensors, watchUntidiedTensors} from './untidied-tensors.js';
export type {EditFunction, EditPoint, HookPoint, LayerFilter, RecordKind} from './hook-point.js';
export type {KernelInterceptor, KernelParams, KernelResult} from './kernel-registry.js';
export type {TensorNote} from './retained-data.js';
export type {CaptureScope, RecordPlan} from './scope.js';
export {currentFrame} from './name-stack.js';
export type {Frame, FrameAddress} from './frame.js';
export type {CallCount} from './name-stack.js';
export type {Visit, Walk} from './walk.js';
export {beginWalk, endVisit, endWalk, hasRecorded} from './walk.js';
export {
  backendOf,
  handOver,
  isTensor,
  untaped,
  valuesInPlace,
  wholeNumbersOf,
} from './tfjs-internals.js';
export {isAllFinite} from './finite-scan.js';
export {emptyMoments, mergeMoments} from './moments/channel-moments.js';
export type {ChannelMoments} from './moments/channel-moments.js';
export {countInBins} from './moments/count-in-bins.js';
export {momentsOf} from './moments/moments-of.js';
export {rowMaxima} from './moments/row-maxima.js';
export {roundedDown, roundedUp} from './moments/single-precision.js';
export {valueRange} from './moments/value-range.js';
