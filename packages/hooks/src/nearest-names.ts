/** "Did you mean": the names that are closest to a misspelt one. */

/** At most three names, the nearest first; none if nothing is near. */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const last = (full: string): string => full.slice(full.lastIndexOf('/') + 1);
  const limit = Math.max(2, Math.ceil(name.length / 3));
  const distanceTo = (candidate: string): number =>
    Math.min(editDistance(name, candidate), editDistance(last(name), last(candidate)));
  return [...new Set(names)]
    .map((candidate) => [distanceTo(candidate), candidate] as const)
    .filter(([distance]) => distance <= limit)
    .sort(([a], [b]) => a - b)
    .slice(0, 3)
    .map(([, candidate]) => candidate);
}

/** Levenshtein's distance: how many letters must be added, dropped or changed. */
function editDistance(a: string, b: string): number {
  let row = Array.from(`${b}.`, (_, j) => j);
  for (const letter of a) {
    let last = (row[0] as number) + 1;
    row = row.map((above, j) => {
      const changed = (row[j - 1] ?? Infinity) + (letter === b[j - 1] ? 0 : 1);
      return (last = Math.min(changed, above + 1, last + 1));
    });
  }
  return row[b.length] as number;
}
