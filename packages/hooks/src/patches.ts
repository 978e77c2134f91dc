/** What a sweep patches: the hook points of a clean run, or each of their channels. */
import {CaptureArgumentError} from '@tfjs-capture/core';
import type {EditFunction, HookPoint, RecordKind} from '@tfjs-capture/core';
import type {Capture} from './capture.js';
import {namedUnits, onUnits} from './edited-units.js';
import {replaceWith} from './replace-with.js';

/** One of the sweep's runs. */
export interface Patch {
  readonly point: HookPoint;
  /** Which unit of the last axis is patched alone; undefined for the whole value. */
  readonly channel: number | undefined;
  readonly edit: EditFunction;
}

type AnyCapture = Capture<unknown>;

/** @param reference has the values to patch with, at every hook point */
export function patchesOf(reference: AnyCapture, at: RecordKind, byChannel: boolean): Patch[] {
  const whole = replaceWith(reference);
  return reference.records.flatMap((point): Patch[] => {
    if (!byChannel) return [{point, channel: undefined, edit: whole}];
    return Array.from({length: point[at]?.shape.at(-1) ?? 0}, (_, channel) => {
      const named = namedUnits('patchSweep', channel);
      const edit: EditFunction = (value, here) =>
        onUnits(named, value, here, whole(value, here) ?? value);
      return {point, channel, edit};
    });
  });
}

/** Whether both are the same place in two runs. What is edited as an output has no activation. */
export const isSamePoint = (a: HookPoint, b: HookPoint): boolean =>
  a.name === b.name && a.pass === b.pass && a.call === b.call && a.slot === b.slot;

/**
 * Fails unless two runs reach the same hook points in the same order and shapes.
 *
 * @param caller the public function, for the message
 * @throws CaptureArgumentError which says where they part
 */
export function expectSamePoints(
  caller: string,
  clean: AnyCapture,
  corrupted: AnyCapture,
  at: RecordKind,
): void {
  if (clean.records.length === 0) {
    throw new CaptureArgumentError(
      `${caller}: the clean run must reach a hook point that has a '${at}', got none. ` +
        'Check layers and at: a layer without an activation has an output alone.',
    );
  }
  const there = placesOf(clean, at);
  const here = placesOf(corrupted, at);
  const first = Array.from({length: Math.max(there.length, here.length)}, (_, i) => i).find(
    (i) => there[i] !== here[i],
  );
  if (first === undefined) return;
  throw new CaptureArgumentError(
    `${caller}: both inputs must reach the same hook points in the same shapes, got ` +
      `${there[first] ?? 'nothing more'} for the clean one and ${here[first] ?? 'nothing more'} for ` +
      'the corrupted one. Pass inputs of one shape.',
  );
}

const placesOf = ({records}: AnyCapture, at: RecordKind): string[] =>
  records.map((record) => {
    const {name, pass, call, slot} = record;
    const shape = record[at]?.shape.join() ?? '';
    return `'${name}' {pass: ${pass}, call: ${call}, slot: ${slot}} [${shape}]`;
  });
