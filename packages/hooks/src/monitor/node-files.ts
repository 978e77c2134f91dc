/**
 * Node's modules that files need, found at run time, so that no bundler has to know of them.
 * Deno and Bun have them too; browsers do not.
 */

export interface NodeFiles {
  readonly fs: {
    mkdirSync(path: string, options: {recursive: true}): unknown;
    openSync(path: string, flags: 'a' | 'ax'): number;
    appendFileSync(file: number, data: string | Uint8Array): void;
    closeSync(file: number): void;
  };
  readonly path: {dirname(path: string): string; join(...parts: string[]): string};
  /** The machine's name. */
  readonly hostname: () => string;
  /** This process's number. */
  readonly pid: number;
}

/** Null where there are no files. */
export function nodeFiles(): NodeFiles | null {
  const {process} = globalThis as Platform;
  const fs = process?.getBuiltinModule?.('node:fs');
  const path = process?.getBuiltinModule?.('node:path');
  const os = process?.getBuiltinModule?.('node:os');
  if (!process || !fs || !path || !os) return null;
  return {fs, path, hostname: () => os.hostname(), pid: process.pid};
}

interface BuiltinModules {
  readonly 'node:fs': NodeFiles['fs'];
  readonly 'node:path': NodeFiles['path'];
  readonly 'node:os': Pick<NodeFiles, 'hostname'>;
}

interface Platform {
  readonly process?: Pick<NodeFiles, 'pid'> & {
    getBuiltinModule?<Name extends keyof BuiltinModules>(
      name: Name,
    ): BuiltinModules[Name] | undefined;
  };
}
