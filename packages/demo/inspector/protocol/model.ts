/** Models: where they come from, and what they take. */

/** Where a model comes from. */
export type ModelSource =
  /** One that comes with the page. */
  | {readonly kind: 'example'; readonly example: ExampleModel}
  /** model.json and its shards, as they were dropped or picked. */
  | {readonly kind: 'files'; readonly files: readonly File[]}
  /** Where model.json is; its shards lie beside it. */
  | {readonly kind: 'url'; readonly url: string};

export interface ExampleModel {
  readonly id: string;
  readonly title: string;
  /** What it does, in a sentence. */
  readonly about: string;
  /** Of model.json and of the image, relative to the page. */
  readonly url: string;
  readonly imageUrl: string;
  readonly preparation: Preparation;
  /** What the outputs of a classifier stand for, in their order. */
  readonly classes?: readonly string[];
}

export type ModelFormat = 'layers-model' | 'graph-model';

export interface ModelInfo {
  readonly name: string;
  readonly format: ModelFormat;
  readonly inputs: readonly ModelInput[];
  /** Which input gets the image; null if none can. */
  readonly imageInput: ImageInput | null;
  readonly parameters: number;
  /** Of its weights. */
  readonly bytes: number;
  /** How many classes its single output [batch, classes] tells apart; null for other models. */
  readonly classCount: number | null;
  readonly classes: readonly string[] | null;
}

export interface ModelInput {
  readonly name: string;
  /** The batch first; null where any size will do. */
  readonly shape: readonly (number | null)[];
  readonly dtype: string;
  /** The model does not even say how many dimensions it wants; `shape` is empty then. */
  readonly isRankUnknown?: true;
  /** Of the table that its values are places in, as an Embedding has one: whole numbers below this. */
  readonly tableLength?: number;
}

export interface ImageInput {
  readonly name: string;
  /** Null where any size will do. */
  readonly height: number | null;
  readonly width: number | null;
  readonly channels: 1 | 3 | 4;
  readonly isChannelsFirst: boolean;
  readonly dtype: 'float32' | 'int32';
}

/** What becomes of a pixel's 0 to 255 before the model gets it. */
export type PixelRange = '0 to 255' | '0 to 1' | '−1 to 1';
export const PIXEL_RANGES: readonly PixelRange[] = ['0 to 1', '−1 to 1', '0 to 255'];

/** How an image becomes a model's input. */
export interface Preparation {
  readonly range: PixelRange;
  /** The longest side where the model takes any size. */
  readonly longestSide: number;
}
