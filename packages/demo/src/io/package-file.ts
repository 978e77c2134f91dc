import {existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';

/**
 * The path of a file inside an installed npm package: also one that the package's "exports" do not
 * name, and of a package without code.
 *
 * @param name the package, as in an import
 * @param file the path inside the package
 * @throws Error if the package is not installed
 */
export function packageFile(name: string, file: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const folder = folders.map((modules) => join(modules, name)).find((path) => existsSync(path));
  if (folder === undefined) throw new Error(`packageFile: ${name} is not installed. Run npm ci.`);
  return join(folder, file);
}
