/** Which records are known, while their kernel runs, to be just what a convolution computes. */
import type {CapturedCall} from '@tfjs-capture/core';
import {ownerOf} from './activation-record.js';
import {channelAxisOf} from './channel-axis.js';
import {isGraphNode} from './graph-executor.js';
import {isLayer, traitsOf} from './layer-classes.js';

/** TensorFlow.js's own layers that return what their one convolution over images gives. */
const CONVOLUTIONS = /^(Depthwise)?Conv2D$/;

const known = new WeakMap<object, boolean>();

/**
 * Whether a fused convolution's result, [batch, height, width, channels], is the record's own: other layers
 * may reshape or transpose it before they return it, and users' classes may do anything.
 */
export function isAsComputed(call: CapturedCall): boolean {
  const owner = ownerOf(call);
  if (owner === null) return true;
  let answer = known.get(owner);
  if (answer === undefined) known.set(owner, (answer = isAsComputedIn(owner)));
  return answer;
}

function isAsComputedIn(owner: object): boolean {
  if (isGraphNode(owner)) return channelAxisOf(owner, 4) === 3;
  if (!isLayer(owner) || !CONVOLUTIONS.test(owner.getClassName())) return false;
  const {isOfUser, arrangement} = traitsOf(owner);
  return !isOfUser && arrangement === null;
}
