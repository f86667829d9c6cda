/** Finds records again. What is handed over is a copy that was found whole. Not resident. */
import { Page, SLOT_TAIL_BYTES, type Kind, type Records } from './layout';
import { later, newestOfKind, newestPage, pageBefore, readSlot, slotsWritten } from './pages';

/** The newest record's payload; undefined when there is none. */
export function recall(r: Records, kind: Kind): Uint8Array | undefined {
  const slot = newestOfKind(r, kind);
  return slot === undefined ? undefined : new Uint8Array(slot.buffer, 0, slot.length - SLOT_TAIL_BYTES);
}

/** The same as 64-bit numbers; undefined also when it is of another form. */
export function recallNumbers(r: Records, kind: Kind): Float64Array | undefined {
  const bytes = recall(r, kind);
  if (bytes === undefined || bytes.length % 8 !== 0) return undefined;
  return new Float64Array(bytes.buffer, 0, bytes.length / 8);
}

/** The same as whole numbers of 32 bits. */
export function recallWords(r: Records, kind: Kind): Int32Array | undefined {
  const bytes = recall(r, kind);
  return bytes === undefined ? undefined : new Int32Array(bytes.buffer, 0, bytes.length / 4);
}

/** What `keepParts` wrote, part by part; undefined also when it is of another form. */
export function recallParts(r: Records, kind: Kind): Float64Array[] | undefined {
  const all = recallNumbers(r, kind);
  if (all === undefined) return undefined;
  const parts: Float64Array[] = [];
  for (let at = 0; at < all.length;) {
    const length = all[at++];
    // So written that NaN is refused.
    if (!(length >= 0 && length <= all.length - at && length % 1 === 0)) return undefined;
    // A length of 0 is to the interpreter as if none was given.
    parts.push(length === 0 ? new Float64Array(0) : new Float64Array(all.buffer, 8 * at, length));
    at += length;
  }
  return parts;
}

/** A place in a log: the number of a page's opening and the next slot of it; -1: the oldest record. */
export interface Cursor {
  opened: number;
  slot: number;
}

/**
 * The next records of a log, at most `most`, each with serial number and check behind its payload; none at the end. The cursor
 * moves on, also over what is erased meanwhile, and finds what is written later.
 */
export function nextRecords(r: Records, kind: Kind, cursor: Cursor, most: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let p = pageAt(r, kind, cursor); p >= 0; p = pageAt(r, kind, cursor)) {
    const opened = r.page[Page.length * p + Page.opened];
    if (cursor.slot < 0 || cursor.opened !== opened) cursor.slot = 0;
    cursor.opened = opened;
    const written = slotsWritten(r, p);
    while (cursor.slot < written) {
      if (found.length === most) return found;
      const slot = readSlot(r, p, cursor.slot++);
      if (slot !== undefined) found.push(slot);
    }
    if (p === newestPage(r, 2 * kind)) break;
    cursor.opened = (opened + 1) >>> 0;
    cursor.slot = 0;
  }
  return found;
}

/** The log's first page that was not opened before the cursor's; -1: none. */
function pageAt(r: Records, kind: Kind, cursor: Cursor): number {
  let first = -1;
  for (let p = newestPage(r, 2 * kind); p >= 0; p = pageBefore(r, p)) {
    if (cursor.slot >= 0 && later(cursor.opened, r.page[Page.length * p + Page.opened])) break;
    first = p;
  }
  return first;
}
