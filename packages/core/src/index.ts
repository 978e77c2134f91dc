export {kernelOfFunction} from './activation-kernels.js';
export {followAsync} from './async-context.js';
export {addCompanion, bindCompanions, hasCompanion} from './companions.js';
export {holdPre, recordComposed, runActivation} from './activation-site.js';
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
export {runNamed} from './layer-call.js';
export {releaseAll} from './captured-call.js';
export {tensorOfNote} from './retained-data.js';
export {outsideScopes} from './edits.js';
export {editingOf} from './use-edits.js';
export {runInScope} from './run-in-scope.js';
export {activeScope} from './scope.js';
export {compileFilter} from './selection.js';
export type {CapturedCall} from './captured-call.js';
export type {Companion} from './companions.js';
export type {Layout} from './edits.js';
export type {Editing, PlannedEdit} from './editing.js';
export type {EditFunction, EditPoint, HookPoint, LayerFilter, RecordKind} from './hook-point.js';
export type {KernelInterceptor, KernelParams, KernelResult} from './kernel-registry.js';
export type {TensorNote} from './retained-data.js';
export type {CaptureScope, RecordPlan} from './scope.js';
export type {CallCount, Frame, FrameAddress} from './name-stack.js';
export type {Visit, Walk} from './walk.js';
export {beginWalk, endVisit, endWalk, hasRecorded} from './walk.js';
export {isTensor} from './tfjs-internals.js';
