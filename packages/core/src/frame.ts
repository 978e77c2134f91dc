/** One entry of a scope's layer name stack. */
import type {CapturedCall} from './captured-call.js';
import type {CaptureScope} from './scope.js';

/** Where on the stack something is: its path, and that joined with '/'. */
export interface FrameAddress {
  readonly path: readonly string[];
  readonly name: string;
}

/** One entry of the stack. */
export class Frame {
  /** Activations so far in this call. */
  slots = 0;
  /** How often the owner has re-entered itself: `apply` runs `call`, a subclass's `call` its parent's. */
  reentries = 0;
  /** What was recorded in this call. */
  captured: CapturedCall[] | null = null;
  /** For the outermost model: the engine's tidy in which its current pass runs. */
  passTidy = -1;
  /** For a visit to a node: the walk that it is on, which stays on the stack meanwhile. */
  visitOf: Frame | null = null;
  /** For a visit: whether its kernels are part of an activation that is recorded elsewhere. */
  isPart = false;
  /** Made when asked for: most frames pass without a record. */
  private address: FrameAddress | null = null;

  // Declared alone: fields that the constructor sets need not be defined before, in every bundle.
  declare readonly parent: Frame | null;
  declare readonly owner: object | null;
  declare private readonly own: string | FrameAddress;
  /** The outermost model itself, or a walk: it gives what is in it a pass, and no name. */
  declare readonly isRoot: boolean;
  /** Whether a model or a layer stands at or below this frame. */
  declare readonly inLayer: boolean;
  declare pass: number;
  declare call: number;

  constructor(
    parent: Frame | null,
    owner: object | null,
    own: string | FrameAddress,
    isRoot: boolean,
    inLayer: boolean,
    pass: number,
    call: number,
  ) {
    this.parent = parent;
    this.owner = owner;
    this.own = own;
    this.isRoot = isRoot;
    this.inLayer = inLayer;
    this.pass = pass;
    this.call = call;
  }

  get path(): readonly string[] {
    return this.addressed().path;
  }

  get name(): string {
    return this.addressed().name;
  }

  /** Takes over the address of an earlier call, if that was made from the same place. */
  shareAddress(earlier: Frame): void {
    const here = this.parent;
    const there = earlier.parent;
    const isSame = here === there || (here?.address && here.address === there?.address);
    if (isSame) this.address = earlier.address;
  }

  /** What runs inside this one without a place of its own on the stack. */
  inner(_scope: CaptureScope): Frame | null {
    return null;
  }

  private addressed(): FrameAddress {
    return (this.address ??= this.makeAddress());
  }

  private makeAddress(): FrameAddress {
    const {own} = this;
    const outer = this.parent?.addressed() ?? NOWHERE;
    if (this.isRoot) return outer;
    const {path, name} = typeof own === 'string' ? {path: [own], name: own} : own;
    if (outer === NOWHERE) return {path, name};
    return {path: outer.path.concat(path), name: `${outer.name}/${name}`};
  }
}

const NOWHERE: FrameAddress = {path: [], name: ''};
