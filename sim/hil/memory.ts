/** What JsVars counted on one interpreter would be on another, whose vars have another size. */

/** A board's JsVar. */
const BOARD_BYTES = 16;
/** Shorter ones lie in a var or two of any size. */
const SHORTEST_BYTES = 16;

/** Bytes of each array reachable from a value; views of the same memory count once. */
export function arrayBytes(root: unknown): number[] {
  const seen = new Set<unknown>();
  const bytes: number[] = [];
  const visit = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    const what = ArrayBuffer.isView(value) ? value.buffer : value;
    if (seen.has(what)) return;
    seen.add(what);
    if (ArrayBuffer.isView(value)) bytes.push(value.buffer.byteLength);
    else Object.values(value).forEach(visit);
  };
  visit(root);
  return bytes;
}

/**
 * JsVars for a board: arrays lie in consecutive vars, as many as their bytes take; all else takes a var wherever it is.
 * Left out: text longer than a var holds, of which the firmware keeps hardly any, and arrays that no object leads to.
 */
export function onBoard(vars: number, bytesPerVar: number, arrays: readonly number[]): number {
  let more = 0;
  for (const bytes of arrays)
    if (bytes > SHORTEST_BYTES) more += Math.ceil(bytes / BOARD_BYTES) - Math.ceil(bytes / bytesPerVar);
  return vars + more;
}
