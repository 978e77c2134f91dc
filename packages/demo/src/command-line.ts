import {resolve} from 'node:path';
import {parseArgs} from 'node:util';

export interface DemoCommand {
  /** How it is called, as the help shows it. */
  readonly usage: string;
  /** What it does, in a few words. */
  readonly about: string;
  /** The folder that the pictures go to, below the current one. */
  readonly out: string;
  /** Whether it takes `--weights PATH`. */
  readonly takesWeights?: boolean;
}

export interface DemoOptions {
  readonly image: string | undefined;
  readonly out: string;
  readonly weights: string | undefined;
}

/**
 * Reads the arguments, runs the demo, and sets the exit code: 0 if it says that all it verified
 * holds, 1 if not or if it throws, 2 for arguments that cannot be understood.
 */
export async function runCommand(
  command: DemoCommand,
  demo: (options: DemoOptions) => Promise<boolean>,
): Promise<void> {
  let options: DemoOptions | 'help';
  try {
    options = readOptions(command, process.argv.slice(2));
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${helpOf(command)}`);
    process.exitCode = 2;
    return;
  }
  if (options === 'help') {
    console.log(helpOf(command));
    return;
  }
  try {
    if (!(await demo(options))) process.exitCode = 1;
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}

/** @throws Error that says which argument is wrong. */
export function readOptions(command: DemoCommand, args: string[]): DemoOptions | 'help' {
  const {values, positionals} = parseArgs({
    args,
    allowPositionals: true,
    options: {
      help: {type: 'boolean', short: 'h'},
      out: {type: 'string', default: command.out},
      ...(command.takesWeights ? {weights: {type: 'string'} as const} : {}),
    },
  });
  if (values.help) return 'help';
  if (positionals.length > 1)
    throw new Error(`Give one image, got ${positionals.length}: ${positionals.join(', ')}.`);
  const {weights} = values;
  return {
    image: positionals[0] === undefined ? undefined : fromWhereCalled(positionals[0]),
    out: fromWhereCalled(values.out),
    weights: typeof weights === 'string' ? fromWhereCalled(weights) : undefined,
  };
}

/**
 * npm starts scripts in the folder of their package.json and tells in INIT_CWD where it was called.
 */
function fromWhereCalled(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? '.', path);
}

function helpOf({usage, about, out, takesWeights}: DemoCommand): string {
  return [
    `${usage} [-- [image] [--out DIR]${takesWeights ? ' [--weights PATH]' : ''}]`,
    '',
    about,
    '',
    "  image           a PNG or JPEG. Default: the photo that comes with ESRGAN-slim's package",
    `  --out DIR       where the pictures go. Default: ${out}`,
    ...(takesWeights
      ? ['  --weights PATH  model.json, or its folder, with weights of VGG19. Default: random']
      : []),
    '  --help          this text',
  ].join('\n');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
