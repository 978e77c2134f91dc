/** Where a value is reduced or cut down: the hook point, and how its value lies. */
import type {CapturedCall, RecordKind} from '@tfjs-capture/core';
import {ownerOf} from './activation-record.js';
import {channelAxisOf} from './channel-axis.js';
import type {ReducedPoint} from './reducer.js';

/** @param rank of the value */
export function reducedPointOf(call: CapturedCall, kind: RecordKind, rank: number): ReducedPoint {
  // By literal names: to spread a point takes V8 five times as long, and recurrent networks have hundreds.
  const {name, path, activation, kernel, pass, call: number, slot} = call.point;
  const channelAxis = channelAxisOf(ownerOf(call), rank);
  return {name, path, activation, kernel, pass, call: number, slot, kind, channelAxis};
}
