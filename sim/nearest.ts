/** What a mistyped name was meant to be. */

/** "did you mean ...?" where a name is near or begins so, as `area_cm2` does of `area`; else all of them. @param path of the field that holds the names, with its dot */
export function nearest(key: string, names: readonly string[], path = ''): string {
  const ranked = names
    .map((name) => ({ name, distance: editDistance(key.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  const begun = names.filter((name) => key.length > 2 && name.toLowerCase().startsWith(key.toLowerCase()));
  if (begun.length === 1) return `did you mean ${path}${begun[0]}?`;
  if (best !== undefined && best.distance <= Math.max(2, key.length / 3)) return `did you mean ${path}${best.name}?`;
  return `allowed: ${names.join(', ')}`;
}

/** Levenshtein's: insertions, deletions and changes that make one word of the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let k = 1; k <= b.length; k++)
      next[k] = Math.min(row[k]! + 1, next[k - 1]! + 1, row[k - 1]! + (a[i - 1] === b[k - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
