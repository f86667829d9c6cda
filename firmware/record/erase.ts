/** Keeps erased pages in stock. Not resident. */
import { put } from './append';
import { FORM, Kind, Page, Stream, Tally, Use, type Records } from './layout';
import {
  firstSerial,
  blankChecksum,
  later,
  newestPage,
  openedLater,
  pageAddress,
  pageBefore,
  readSealed,
} from './pages';

/** The least number of records that logs keep. */
export const EVENTS_KEPT = 500;
export const TRACES_KEPT = 4;
const CHUNK = 256;

/**
 * Erases one page whose records nobody needs (some 50 ms, at worst 400 ms): call it when the channel rests and after boot, a
 * tick each, until it says false. While nothing can be erased and the stock is empty, logs give way: `Tally.full`.
 * @returns whether a page was erased
 */
export function eraseAhead(r: Records): boolean {
  const p = pageToErase(r);
  if (p < 0) return false;
  const at = Page.length * p;
  const address = pageAddress(r, p);
  const tally = r.tally;
  const mark = readSealed(r, address, 12);
  // Whose mark was lost counts as worn as the most worn page.
  const erases = mark === undefined ? Math.max(1, tally[Tally.erases]) : new Uint32Array(mark.buffer)[1] + 1;
  tally[Tally.erases] = Math.max(tally[Tally.erases], erases);
  r.page[at + Page.use] = Use.Dirty;
  r.area.flash.erasePage(address);
  const blankCheck = blankChecksum(r, CHUNK);
  let blank = 0;
  while (blank < r.area.pageBytes && r.checksum(r.area.flash.read(CHUNK, address + blank)) === blankCheck)
    blank += CHUNK;
  const newMark = new Uint8Array(new Uint32Array([FORM, erases, 0]).buffer);
  if (blank === r.area.pageBytes && put(r, newMark, address)) {
    r.page[at + Page.use] = Use.Stock;
    tally[Tally.stock]++;
  } else {
    tally[Tally.bad] |= 1 << p;
    r.page[at + Page.use] = Use.Bad;
  }
  return true;
}

/** -1: none. */
function pageToErase(r: Records): number {
  const needed = neededPages(r);
  let spare = -1;
  for (let p = 0; p < r.area.pages; p++) {
    const at = Page.length * p + Page.use;
    const use = r.page[at];
    if (use === Use.Stock || use === Use.Bad || needed & (1 << p)) continue;
    if (r.tally[Tally.bad] & (1 << p)) r.page[at] = Use.Bad;
    // What was forgotten goes first.
    else if (use === Use.Dirty) return p;
    // The one opened first, so that all wear alike.
    else if (spare < 0 || openedLater(r, spare, p)) spare = p;
  }
  const full = spare < 0 && r.tally[Tally.stock] === 0;
  r.tally[Tally.full] = full ? 1 : 0;
  return full ? oldestLogPage(r) : spare;
}

/** A bit for each page that holds what must be kept: the newest record of a stream, of a log the last ones. */
function neededPages(r: Records): number {
  let needed = 0;
  for (let stream = 0; stream < 2 * Kind.length; stream++) {
    const isLog = stream >= 2 * Kind.Event;
    const least = stream === 2 * Kind.Event ? EVENTS_KEPT : TRACES_KEPT;
    const serial = r.stream[Stream.length * stream + Stream.serial];
    for (let p = newestPage(r, stream); p >= 0; p = pageBefore(r, p)) {
      needed |= 1 << p;
      const first = firstSerial(r, p);
      if (first !== undefined && !(isLog && later(least - 1, serial - first))) break;
    }
  }
  return needed;
}

/** Of the logs' pages that are not a log's newest, the one opened first; -1: none. */
function oldestLogPage(r: Records): number {
  let oldest = -1;
  for (let stream = 2 * Kind.Event; stream < 2 * Kind.length; stream += 2) {
    const newest = newestPage(r, stream);
    for (let p = newest; p >= 0; p = pageBefore(r, p)) {
      if (p === newest || r.tally[Tally.bad] & (1 << p)) continue;
      if (oldest < 0 || openedLater(r, oldest, p)) oldest = p;
    }
  }
  return oldest;
}
