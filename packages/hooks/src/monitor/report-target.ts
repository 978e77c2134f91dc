/** Where a report goes: into a file, or to a function. */
import {CaptureError, wrongArgument} from '@tfjs-capture/core';
import {nodeFiles} from './node-files.js';
import type {NodeFiles} from './node-files.js';
import type {ClosableReportWriter, Summary} from './report-writer.js';

/** A path, in Node; a function that takes what is written, anywhere. */
export type ReportTarget<Data extends string | Uint8Array> = string | ((data: Data) => void);

/** How a writer's reports are written down. */
export interface ReportFormat<Data extends string | Uint8Array> {
  /** The writer's name, for messages. */
  readonly caller: string;
  /** What a path names, for messages. */
  readonly pathKind: 'a file' | 'a directory';
  /** Makes what a path names, and opens the file to append to. */
  readonly openFile: (files: NodeFiles, path: string) => number;
  /** What stands before everything else. */
  readonly head?: () => Data;
  readonly encode: (summaries: readonly Summary[]) => Data;
}

/**
 * A writer in this format. Each `write` hands all that it encodes to the target at once, synchronously:
 * nothing is lost if the process ends.
 *
 * @throws CaptureArgumentError for a target that is neither, a path where there are no files, and a path
 *     that cannot be written
 */
export function writerTo<Data extends string | Uint8Array>(
  format: ReportFormat<Data>,
  target: ReportTarget<Data>,
): ClosableReportWriter {
  const {take, release} = opened(format, target);
  let isClosed = false;
  if (format.head) take(format.head());
  return {
    write(summaries) {
      if (isClosed) {
        const got = `${summaries.length} summaries`;
        throw new CaptureError(
          `${format.caller}: a closed writer takes nothing, got ${got}. Make another writer.`,
        );
      }
      if (summaries.length > 0) take(format.encode(summaries));
    },
    close() {
      if (!isClosed) release?.();
      isClosed = true;
    },
  };
}

interface Opened<Data> {
  readonly take: (data: Data) => void;
  readonly release?: () => void;
}

function opened<Data extends string | Uint8Array>(
  {caller, pathKind, openFile}: ReportFormat<Data>,
  target: ReportTarget<Data>,
): Opened<Data> {
  if (typeof target === 'function') return {take: target};
  const remedy = 'Pass a function that takes what is written.';
  if (typeof target !== 'string') {
    throw wrongArgument(caller, `takes the path of ${pathKind}, or a function`, target, remedy);
  }
  const files = nodeFiles();
  if (!files) throw wrongArgument(caller, 'there are no files on this platform', target, remedy);
  const {fs} = files;
  try {
    const file = openFile(files, target);
    return {
      take(data) {
        fs.appendFileSync(file, data);
      },
      release() {
        fs.closeSync(file);
      },
    };
  } catch (cause) {
    const rule = `the path must be writable (${(cause as Error).message})`;
    const error = wrongArgument(caller, rule, target, `Pass the path of ${pathKind}.`);
    error.cause = cause;
    throw error;
  }
}
