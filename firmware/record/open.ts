/** Reads what flash holds, at boot. Writes nothing. Not resident. */
import type { FlashArea } from '../../hal/bus';
import { EventWord } from './event';
import {
  FORM,
  Kind,
  OPENING_AT,
  Page,
  SLOT_TAIL_BYTES,
  SLOTS_AT,
  Stream,
  Tally,
  Use,
  type Checksum,
  type Records,
} from './layout';
import {
  firstSerial,
  isBlank,
  later,
  newestOfKind,
  newestPage,
  openedLater,
  pageAddress,
  readOpening,
  readSealed,
  readSlot,
  serialOf,
  slotsWritten,
} from './pages';

/**
 * Whatever the area holds, random bytes included, is taken for what it is. What is not a record is erased ahead (erase.ts) before
 * it is used; so is a new area, whose stock is empty at first.
 * @param area at most 32 pages of a multiple of 256 bytes, beginning at a multiple of its page
 */
export function openRecords(area: FlashArea, checksum: Checksum): Records {
  const r: Records = {
    area: area,
    checksum: checksum,
    page: new Uint32Array(Page.length * area.pages),
    stream: new Uint32Array(2 * Kind.length * Stream.length),
    tally: new Uint32Array(Tally.length),
    event: new Int32Array(EventWord.length),
  };
  r.tally[Tally.turn] = area.pages;
  for (let p = 0; p < area.pages; p++) readPage(r, p);
  for (let kind = 0; kind < Kind.length; kind++) {
    const newest = newestOfKind(r, kind);
    if (newest !== undefined) r.stream[2 * kind * Stream.length + Stream.serial] = serialOf(newest);
    findEnd(r, 2 * kind);
    findEnd(r, 2 * kind + 1);
  }
  findStock(r);
  return r;
}

function readPage(r: Records, p: number): void {
  const at = Page.length * p;
  const mark = readSealed(r, pageAddress(r, p), 12);
  const marked = mark !== undefined && new Uint32Array(mark.buffer)[0] === FORM;
  if (marked) r.tally[Tally.erases] = Math.max(r.tally[Tally.erases], new Uint32Array(mark.buffer)[1]);
  const opening = readOpening(r, p);
  if (opening === undefined) {
    // Blank without the mark is half erased: it need not stay blank.
    r.page[at + Page.use] =
      marked && isBlank(r, pageAddress(r, p) + OPENING_AT, SLOTS_AT - OPENING_AT) ? Use.Stock : Use.Dirty;
    return;
  }
  const stream = (opening[0] >>> 8) & 0xff;
  const slotBytes = opening[0] >>> 16;
  const known = (opening[0] & 0xff) === (FORM & 0xff) && stream < 2 * Kind.length;
  const fits = slotBytes > SLOT_TAIL_BYTES && slotBytes % 4 === 0 && slotBytes <= r.area.pageBytes - SLOTS_AT;
  if (!known || !fits) return;
  const tally = r.tally;
  tally[Tally.bad] |= opening[2];
  if (tally[Tally.turn] === r.area.pages || later(opening[1], tally[Tally.opened])) {
    tally[Tally.opened] = opening[1];
    tally[Tally.turn] = p;
  }
  r.page[at + Page.slotBytes] = slotBytes;
  // Without a record, power failed before the first was whole, maybe in the opening, which then need not last.
  if (firstSerial(r, p) === undefined) return;
  r.page[at + Page.use] = Use.Taken + stream;
  r.page[at + Page.opened] = opening[1];
  const s = Stream.length * stream + Stream.page;
  const newest = r.stream[s] - 1;
  if (newest < 0 || openedLater(r, p, newest)) r.stream[s] = p + 1;
}

/**
 * Where a stream goes on: behind its last slot, or at that if it is not whole. What is there now is in doubt: a write that was cut
 * may read in any way, and one that had just begun reads blank.
 */
function findEnd(r: Records, stream: number): void {
  const p = newestPage(r, stream);
  if (p < 0) return;
  const slotBytes = r.page[Page.length * p + Page.slotBytes];
  let slots = slotsWritten(r, p);
  if (slots > 0 && readSlot(r, p, slots - 1) === undefined) slots--;
  const at = SLOTS_AT + slots * slotBytes;
  const s = Stream.length * stream;
  r.stream[s + Stream.slotBytes] = slotBytes;
  if (at + slotBytes > r.area.pageBytes) return;
  r.stream[s + Stream.next] = r.stream[s + Stream.doubt] = pageAddress(r, p) + at;
}

/** Pages in stock, without the one that would have been taken next: the write of its opening may just have begun. */
function findStock(r: Records): void {
  const pages = r.area.pages;
  let doubted = false;
  for (let k = 1; k <= pages; k++) {
    const p = (r.tally[Tally.turn] + k) % pages;
    const at = Page.length * p + Page.use;
    const use = r.page[at];
    if (use >= Use.Taken) continue;
    if (r.tally[Tally.bad] & (1 << p)) r.page[at] = Use.Bad;
    else if (use === Use.Stock) {
      if (doubted) r.tally[Tally.stock]++;
      else r.page[at] = Use.Dirty;
      doubted = true;
    }
  }
}
