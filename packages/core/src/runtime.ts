/**
 * What every copy of this package in a realm must agree on.
 *
 * The kernel registry is global, and one process may load this package twice (as ESM and as CommonJS,
 * or bundled into two libraries). So the record of what is installed is global too: it hangs on a
 * registered symbol, is made when a scope first opens (never on import), and holds data and undo
 * functions only, so that either copy can go on where the other began.
 */
import type {AsyncContext} from './async-context.js';
import type {Companion} from './companions.js';
import type {RetainedState} from './retained-state.js';
import type {CaptureScope} from './scope.js';

export interface Runtime {
  /** The scope whose function runs on the stack right now. */
  running: CaptureScope | null;
  /** Where the platform cannot follow asynchronous code: the one scope that waits for its promise. */
  waiting: CaptureScope | null;
  /** How many scopes are open, whether running or waiting. */
  open: number;
  /** How many of these need what companions install. */
  installedFor: number;
  /** Whether an activation function runs now, whose inner kernels are part of it. */
  inActivation: boolean;
  /** Undefined until looked for, null where there is none. */
  asyncContext: AsyncContext | null | undefined;
  readonly retained: RetainedState;
  /** What open scopes need in place. */
  readonly companions: Companion[];
}

const KEY = Symbol.for('@tfjs-capture/core@0');
let cached: Runtime | undefined;

export function runtime(): Runtime {
  return (cached ??= find());
}

function find(): Runtime {
  const holder = globalThis as unknown as {[KEY]: Runtime | undefined};
  return (holder[KEY] ??= {
    running: null,
    waiting: null,
    open: 0,
    installedFor: 0,
    inActivation: false,
    asyncContext: undefined,
    retained: {entries: new Map(), covered: [], swaps: null},
    companions: [],
  });
}
