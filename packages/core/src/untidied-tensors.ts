/**
 * Tensors that layers make outside every tidy, as `model.apply` does: who ends a forward pass in the middle
 * must dispose of them, since nobody else can.
 *
 * How: the engine hands every tensor that it makes to `track`, and what has no tidy then is remembered, while
 * a scope is open that may end a pass.
 */
import type {Tensor} from '@tensorflow/tfjs-core';
import {addCompanion} from './companions.js';
import {methodNamed, swapMethods} from './method-swaps.js';
import type {Frame} from './name-stack.js';
import {activeScope} from './scope.js';
import type {CaptureScope} from './scope.js';
import {engineInternals} from './tfjs-internals.js';
import type {Walk} from './walk.js';

type Track = (this: unknown, tensor: Tensor) => Tensor;

interface Made {
  /** The outermost call in which they were made: what an earlier one has given is the user's by now. */
  root: object;
  tensors: Tensor[];
  /** How many are remembered before those are forgotten that have been disposed of. */
  limit: number;
}

const madeIn = new WeakMap<CaptureScope, Made>();

/** Has them remembered, for scopes that keep records. */
export function watchUntidiedTensors(): void {
  addCompanion('untidied', () => {
    const swaps = swapMethods(methodNamed<Track>('track'), wrapTrack);
    swaps.add(engineInternals());
    return {
      name: 'untidied',
      install() {
        swaps.install();
      },
      uninstall() {
        swaps.uninstall();
      },
    };
  });
}

function wrapTrack(original: Track): Track {
  return function track(tensor) {
    if (engineInternals().state.activeScope == null) {
      for (let scope = activeScope(); scope; scope = scope.parent) {
        // What is made outside layers is the user's own.
        if (scope.isOpen && scope.plan.keeping && scope.frame) {
          remember(scope, rootOf(scope.frame), tensor);
        }
      }
    }
    return original.call(this, tensor);
  };
}

/** What an outermost frame is part of: an asynchronous execution of a graph has many. */
function rootOf(frame: Frame): object {
  const {parent, owner} = frame;
  if (parent) return rootOf(parent);
  return owner && 'execution' in owner ? (owner as Walk).execution : frame;
}

function remember(scope: CaptureScope, root: object, tensor: Tensor): void {
  let made = madeIn.get(scope);
  if (made?.root !== root) madeIn.set(scope, (made = {root, tensors: [], limit: 100}));
  made.tensors.push(tensor);
  if (made.tensors.length <= made.limit) return;
  made.tensors = made.tensors.filter(({isDisposed}) => !isDisposed);
  made.limit = 2 * made.tensors.length + 100;
}

/** Disposes of what layers have made in a scope whose pass was ended, but for what was kept. */
export function disposeUntidiedTensors(scope: CaptureScope): void {
  for (const tensor of madeIn.get(scope)?.tensors ?? []) if (!tensor.kept) tensor.dispose();
}
