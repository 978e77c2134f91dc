/** As much of a GraphModel's JSON as the inspector reads itself. */

export interface GraphTopology {
  readonly node: readonly GraphNode[];
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, {readonly b?: boolean}>>;
}

export interface GraphSignature {
  readonly inputs?: Readonly<Record<string, SignatureEntry>>;
  readonly outputs?: Readonly<Record<string, SignatureEntry>>;
}

export interface SignatureEntry {
  readonly tensorShape?: TensorShape;
  /** Of an input that the model fills itself, by its initialiser. */
  readonly resourceId?: number;
}

interface TensorShape {
  readonly unknownRank?: boolean;
  readonly dim?: readonly {readonly size?: string | number}[];
}

/** Null where any size will do; undefined where not even the number of dimensions is known. */
export function dimensionsOf(
  shape: TensorShape | undefined,
): readonly (number | null)[] | undefined {
  if (shape === undefined || shape.unknownRank === true) return undefined;
  return (shape.dim ?? []).map(({size}) => sizeOf(Number(size)));
}

/** As graphs write sizes: −1 or nothing where any will do. */
export function sizeOf(size: number): number | null {
  return size >= 0 ? size : null;
}
