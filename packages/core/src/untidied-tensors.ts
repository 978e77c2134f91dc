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
import type {Keeping} from './keeping.js';
import type {Frame} from './frame.js';
import {activeScope} from './scope.js';
import type {CaptureScope} from './scope.js';
import {engineInternals} from './tfjs-internals.js';
import type {Walk} from './walk.js';

type Track = (this: unknown, tensor: Tensor) => Tensor;

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
        const {isOpen, frame, plan} = scope;
        if (isOpen && frame && plan.keeping) remember(plan.keeping, rootOf(frame), tensor);
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

function remember(keeping: Keeping, root: object, tensor: Tensor): void {
  let made = keeping.untidied;
  if (made?.root !== root) keeping.untidied = made = {root, tensors: [], limit: 100};
  made.tensors.push(tensor);
  if (made.tensors.length <= made.limit) return;
  made.tensors = made.tensors.filter(({isDisposed}) => !isDisposed);
  made.limit = 2 * made.tensors.length + 100;
}

/** Disposes of what layers have made in a scope whose pass was ended, but for what was kept. */
export function disposeUntidiedTensors(scope: CaptureScope): void {
  for (const tensor of scope.plan.keeping?.untidied?.tensors ?? [])
    if (!tensor.kept) tensor.dispose();
}
