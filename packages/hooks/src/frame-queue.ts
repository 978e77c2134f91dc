/**
 * The frames of a tap that nobody has taken yet, and those who wait for one.
 *
 * What is bounded is the number of calls of which anything is held, from the moment they begin: a call for which
 * there is no place is not captured at all.
 */
import {ReadFrame} from './tapped-frame.js';
import type {TapFrame, TapRecord} from './tapped-frame.js';

/** Which calls are dropped when the queue is full: what waits longest, or what comes. */
export type DropPolicy = 'oldest' | 'newest';

/** A call that has ended. */
export interface Place {
  readonly index: number;
  readonly time: number;
  /** How many calls before it were dropped. */
  dropped: number;
  /** Null until they have been read. */
  records: readonly TapRecord[] | null;
  /** Lets go of what it holds. Null while that is being read, and cannot be let go. */
  release: (() => void) | null;
}

type Result = IteratorResult<TapFrame, undefined>;
export const DONE: Result = {done: true, value: undefined};

interface Waiter {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export class FrameQueue {
  #calls = 0;
  /** How many calls go on. */
  #going = 0;
  /** In the order in which they ended. */
  #places: Place[] = [];
  /** How many calls were dropped since the last of these. */
  #dropped = 0;
  #waiters: Waiter[] = [];
  #hasEnded = false;
  /** What it ended by, until somebody has been told. */
  #failure: {readonly error: unknown} | null = null;

  constructor(
    private readonly size: number,
    private readonly policy: DropPolicy,
  ) {}

  /**
   * Counts a call that begins, and finds it a place. Say next that it has ended or was abandoned.
   *
   * @param isRefused whether it needs none
   * @returns its index, or null if it has no place: then say that it was skipped
   */
  begin(isRefused: boolean): number | null {
    const index = this.#calls++;
    const isFull = this.#going + this.#places.length >= this.size;
    if (isRefused || (isFull && !this.#makeRoom())) return null;
    this.#going++;
    return index;
  }

  /** A call that had no place has run. */
  skip(): void {
    this.#dropped++;
  }

  /** Gives up the place of a call that has not ended: it threw, or is dropped. */
  abandon(isDropped: boolean): void {
    this.#going--;
    if (isDropped) this.#dropped++;
  }

  /** A call has ended; `release` lets go of what it holds. */
  end(index: number, time: number, release: () => void): Place {
    this.#going--;
    const place = {index, time, dropped: this.#dropped, records: null, release};
    this.#dropped = 0;
    if (this.#hasEnded) release();
    else this.#places.push(place);
    return place;
  }

  /** Says that a place's values are being read from now on. Returns whether it still is one. */
  beginReading(place: Place): boolean {
    if (!this.#places.includes(place)) return false;
    place.release = null;
    return true;
  }

  /** A place's values have been read. */
  endReading(place: Place, records: readonly TapRecord[]): void {
    place.records = records;
    place.release = () => undefined;
    this.#deliver();
  }

  /** The next frame, as an iterator gives it. Several who wait are served in order. */
  async next(): Promise<Result> {
    if (this.#failure) {
      const {error} = this.#failure;
      this.#failure = null;
      throw error;
    }
    if (this.#hasEnded) return DONE;
    return await new Promise((resolve, reject) => {
      this.#waiters.push({resolve, reject});
      this.#deliver();
    });
  }

  /** Lets go of everything; who waits is told. Idempotent. */
  close(failure: {readonly error: unknown} | null): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const {release} of this.#places) release?.();
    const [first, ...others] = this.#waiters;
    if (failure && first) first.reject(failure.error);
    else first?.resolve(DONE);
    if (!first) this.#failure = failure;
    for (const {resolve} of others) resolve(DONE);
    this.#places = [];
    this.#waiters = [];
  }

  #makeRoom(): boolean {
    if (this.policy === 'newest') return false;
    const at = this.#places.findIndex(({release}) => release !== null);
    const [oldest] = at < 0 ? [] : this.#places.splice(at, 1);
    if (!oldest) return false;
    oldest.release?.();
    const next = this.#places[at];
    if (next) next.dropped += oldest.dropped + 1;
    else this.#dropped += oldest.dropped + 1;
    return true;
  }

  #deliver(): void {
    for (;;) {
      const [place] = this.#places;
      const [waiter] = this.#waiters;
      if (!place?.records || !waiter) return;
      this.#places.shift();
      this.#waiters.shift();
      const {index, time, dropped, records} = place;
      waiter.resolve({done: false, value: new ReadFrame(index, time, dropped, records)});
    }
  }
}
