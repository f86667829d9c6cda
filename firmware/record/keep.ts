/** Records that are written now and then: state once a cycle, commissioning. Not resident. */
import { append } from './append';
import { OPENING_AT, Page, SLOT_TAIL_BYTES, SLOTS_AT, Stream, Use, type Kind, type Records } from './layout';
import { openedLater, pageAddress } from './pages';

interface Numbers {
  readonly buffer: Uint8Array['buffer'];
  readonly byteOffset: number;
  readonly byteLength: number;
}

/**
 * Writes the numbers, any typed array of a multiple of 4 bytes, as the newest record of its kind. Written twice, the record before
 * cannot come back either.
 * @returns false when they are none, do not fit into a page, or the stock of erased pages is empty
 */
export function keep(r: Records, kind: Kind, numbers: Numbers): boolean {
  const length = numbers.byteLength;
  if (length === 0 || length % 4 !== 0 || length > r.area.pageBytes - SLOTS_AT - SLOT_TAIL_BYTES) return false;
  const slot = new Uint8Array(length + SLOT_TAIL_BYTES);
  slot.set(new Uint8Array(numbers.buffer, numbers.byteOffset, length));
  return append(r, kind, slot);
}

/** Writes several arrays of numbers as one record. @returns as `keep` */
export function keepParts(r: Records, kind: Kind, parts: readonly Float64Array[]): boolean {
  let length = 0;
  for (let k = 0; k < parts.length; k++) length += 1 + parts[k].length;
  const all = new Float64Array(length);
  let at = 0;
  for (let k = 0; k < parts.length; k++) {
    all[at++] = parts[k].length;
    all.set(parts[k], at);
    at += parts[k].length;
  }
  return keep(r, kind, all);
}

/**
 * Forgets all records of a kind, the oldest page first: when power fails meanwhile, what is left is the newest. Their pages are
 * erased ahead before all others.
 */
export function forget(r: Records, kind: Kind): void {
  for (let p = oldestPage(r, kind); p >= 0; p = oldestPage(r, kind)) {
    r.area.flash.write(new Uint8Array(SLOTS_AT - OPENING_AT), pageAddress(r, p) + OPENING_AT);
    r.page[Page.length * p + Page.use] = Use.Dirty;
  }
  for (let stream = 2 * kind; stream < 2 * kind + 2; stream++) {
    r.stream[Stream.length * stream + Stream.next] = 0;
    r.stream[Stream.length * stream + Stream.page] = 0;
  }
}

/** Of both streams of a kind; -1: none. */
function oldestPage(r: Records, kind: Kind): number {
  let oldest = -1;
  for (let p = 0; p < r.area.pages; p++) {
    const stream = r.page[Page.length * p + Page.use] - Use.Taken;
    if (Math.floor(stream / 2) === kind && (oldest < 0 || openedLater(r, oldest, p))) oldest = p;
  }
  return oldest;
}
