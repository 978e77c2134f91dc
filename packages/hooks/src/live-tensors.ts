/** Tensors of a record while its scope is open, for functions of the user's. */
import {
  noteAgain,
  noteLive,
  outsideScopes,
  releaseNote,
  tensorOfNote,
  untaped,
} from '@tfjs-capture/core';
import type {CapturedCall, TensorNote} from '@tfjs-capture/core';
import {tidy} from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {RECORD_FIELDS} from './activation-record.js';
import type {ActivationRecord} from './activation-record.js';

/** Runs `fn` with a tensor of what is noted, outside every scope. What it makes ends with it. */
export function withTensor<T>(note: TensorNote, fn: (tensor: Tensor) => T): T {
  let result: T | undefined;
  tidy(() => {
    const tensor = tensorOfNote(noteAgain(note));
    // Data goes down with its backend alone.
    if (tensor) result = outsideScopes(() => fn(tensor));
  });
  return result as T;
}

/** A note of what `make` makes of another, on the gradient tape if that is on. Uses `note` up. */
export function derive(note: TensorNote, make: (tensor: Tensor) => Tensor): TensorNote {
  const made = withTensor(note, (tensor) => {
    const other = make(tensor);
    return other === tensor ? null : noteLive(other);
  });
  if (!made) return note;
  releaseNote(note);
  return made;
}

/** Runs `fn` with a record of what is noted; on no tape, and outside every scope. */
export function withRecord<T>(
  {point, ...notes}: CapturedCall,
  fn: (record: ActivationRecord) => T,
): T {
  let result: T | undefined;
  tidy(() => {
    const record: ActivationRecord = {...point};
    for (const field of RECORD_FIELDS) {
      const note = notes[field];
      const tensor = note && tensorOfNote(noteAgain(note));
      if (tensor) Object.assign(record, {[field]: tensor});
    }
    result = outsideScopes(() => untaped(() => fn(record)));
  });
  return result as T;
}
