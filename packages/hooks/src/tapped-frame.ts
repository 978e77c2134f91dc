/** Frames: what a tap hands out of one call of a model. Values alone, no tensors. */
import type {DataType, DataTypeMap, NumericDataType, Tensor} from '@tensorflow/tfjs-core';
import type {HookPoint, RecordKind} from '@tfjs-capture/core';
import {RECORD_FIELDS} from './activation-record.js';
import type {ActivationRecord} from './activation-record.js';
import {AmbiguousLayerError, LayerNotFoundError, NotRecordedError} from './errors.js';
import {endsIn, quoted} from './names.js';
import {nearestNames} from './nearest-names.js';

/** One hook point, and the values of one tensor there. */
export interface TapRecord extends HookPoint {
  readonly kind: RecordKind;
  /** That of the layer's output; [0] where values were reduced, and so not read. */
  readonly shape: readonly number[];
  readonly dtype: DataType;
  /** In row-major order; the consumer's own. */
  readonly data: DataTypeMap[NumericDataType];
  /** What the values were reduced to, if that was asked for. */
  readonly value?: unknown;
}

/** One call of the model. It holds no tensors: nothing of it must be disposed of. */
export interface TapFrame {
  /** Which of the model's calls since the tap began, from 0. Calls that were dropped, or threw, count. */
  readonly index: number;
  /** When the call ended, in milliseconds: by `performance.now`, or by `Date.now` where there is none. */
  readonly time: number;
  /** How many calls were dropped between the frame that was delivered before and this one. */
  readonly dropped: number;
  /** One per hook point, pass and kind, in execution order. */
  readonly records: readonly TapRecord[];
  /**
   * The one record of a layer.
   *
   * @param name a full name, or a suffix of path segments
   * @param kind the first kind that was recorded there unless given
   * @throws LayerNotFoundError if no record has the name; the message lists the nearest names
   * @throws NotRecordedError if none of these is of that kind
   * @throws AmbiguousLayerError if several are: passes, calls, slots, or layers
   */
  get(name: string, kind?: RecordKind): TapRecord;
}

export class ReadFrame implements TapFrame {
  constructor(
    readonly index: number,
    readonly time: number,
    readonly dropped: number,
    readonly records: readonly TapRecord[],
  ) {}

  get(name: string, kind?: RecordKind): TapRecord {
    const exact = this.records.filter((record) => record.name === name);
    const named = exact.length > 0 ? exact : this.records.filter((one) => endsIn(one.name, name));
    const [first] = named;
    if (!first) {
      const names = this.records.map((record) => record.name);
      const near = nearestNames(name, names);
      const hint = near.length > 0 ? `Did you mean ${quoted(near)}?` : 'See frame.records.';
      throw new LayerNotFoundError(`frame.get: no record has that name, got '${name}'. ${hint}`);
    }
    const wanted = kind ?? first.kind;
    const [only, ...others] = named.filter((record) => record.kind === wanted);
    if (!only) {
      throw new NotRecordedError(
        `frame.get: the '${wanted}' of '${name}' was not recorded, got ` +
          `${quoted([...new Set(named.map((record) => record.kind))])} alone. Pass it to tap in record.`,
      );
    }
    if (others.length > 0) {
      throw new AmbiguousLayerError(
        `frame.get: one record must have the name, got ${others.length + 1} of '${name}'. ` +
          'Find it in frame.records by name, pass, call and slot.',
      );
    }
    return only;
  }
}

/** The tensors of a record, by kind. */
const tensorsOf = (record: ActivationRecord): [RecordKind, Tensor][] =>
  RECORD_FIELDS.flatMap((kind): [RecordKind, Tensor][] => {
    const tensor = record[kind];
    return tensor ? [[kind, tensor]] : [];
  });

/** All tensors of records. */
export const tensorsIn = (records: readonly ActivationRecord[]): Tensor[] =>
  records.flatMap((record) => tensorsOf(record).map(([, tensor]) => tensor));

/**
 * Begins to read all values at once, since backends on a GPU need some time for the first of them.
 *
 * @param records of which the tensors stay the caller's, who must keep them until all is read
 * @param reduced the kind of what was reduced
 */
export async function readRecords(
  records: readonly ActivationRecord[],
  reduced: RecordKind,
): Promise<TapRecord[]> {
  const read = await Promise.all(records.map((record) => readRecord(record, reduced)));
  return read.flat();
}

async function readRecord(record: ActivationRecord, reduced: RecordKind): Promise<TapRecord[]> {
  const point = pointOf(record);
  const tensors = tensorsOf(record);
  if (tensors.length > 0 || !('value' in point)) {
    return Promise.all(tensors.map(([kind, tensor]) => readTensor(point, kind, tensor)));
  }
  return [{...point, kind: reduced, shape: [0], dtype: 'float32', data: new Float32Array()}];
}

/** The hook point and, once records have one, what its values were reduced to. */
function pointOf(record: ActivationRecord & {readonly value?: unknown}): HookPoint {
  const {name, path, activation, kernel, pass, call, slot, value} = record;
  const point = {name, path, activation, kernel, pass, call, slot};
  return value === undefined ? point : ({...point, value} as HookPoint);
}

async function readTensor(point: HookPoint, kind: RecordKind, tensor: Tensor): Promise<TapRecord> {
  const {shape, dtype} = tensor;
  // Some backends hand out the very array in which they keep the values.
  const data = (await tensor.data()).slice();
  return {...point, kind, shape: [...shape], dtype, data};
}
