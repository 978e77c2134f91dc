/** Where a model's files lie: among files that were dropped, or on a server. */
import type {ModelJson} from './model-json.js';

export interface ModelFolder {
  /** What its model.json is called to people: a file's path, or a URL. */
  readonly modelName: string;
  readonly model: ModelJson;
  /**
   * The file that the weights manifest calls so.
   *
   * @throws InspectorError if there is none, or if it may not be read
   */
  shard(path: string): ShardFile;
}

export interface ShardFile {
  /** What it is called to people. */
  readonly name: string;
  /** In bytes; undefined where that shows only once it has been read. */
  readonly size: number | undefined;
  /**
   * Its bytes. Reading ends soon after `most` bytes: more of them tell that the file is too long.
   *
   * @throws InspectorError if it cannot be read
   */
  read(most: number, onBytes: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>>;
}
