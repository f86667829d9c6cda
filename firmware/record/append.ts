/** Writes a record behind the last of its kind. */
import { FORM, Kind, OPENING_AT, Page, SEALED, SLOTS_AT, Stream, Tally, Use, type Records } from './layout';

/** A page that does not hold a record is given up for another; so many at once would not be the pages' fault. */
const MOST_TRIES = 4;

/**
 * Writes `numbers`, whose last eight bytes are left for serial number and check, as the newest record of the kind. One to
 * three writes to flash, never an erase. Once it returned true, the record survives everything.
 *
 * @param numbers any typed array over the whole of its buffer: a multiple of 4 bytes, 12 at least, a page less 28 at most
 * @returns false when the stock of erased pages is empty: erase ahead (erase.ts), then again
 * @throws what the flash throws; nothing is lost by it
 */
export function append(r: Records, kind: Kind, numbers: { readonly buffer: Uint8Array['buffer'] }): boolean {
  const bytes = new Uint8Array(numbers.buffer);
  const length = bytes.length;
  const pageBytes = r.area.pageBytes;
  const streams = r.stream;
  const first = 2 * Stream.length * kind;
  const serial = streams[first + Stream.serial] + 1;
  let s = kind < Kind.Event && serial & 1 ? first + Stream.length : first;
  new Uint32Array(numbers.buffer, length - 8)[0] = serial;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    let address = streams[s + Stream.next];
    if (address === 0 || streams[s + Stream.slotBytes] !== length) {
      address = takePage(r, s / Stream.length, length);
      if (address === 0) {
        // Rather the newest two in one page than none.
        if (kind < Kind.Event) s = 2 * first + Stream.length - s;
        continue;
      }
      streams[s + Stream.slotBytes] = length;
    }
    const doubted = address === streams[s + Stream.doubt];
    // Zeros hold: what was half written there cannot come back.
    if (doubted) r.area.flash.write(new Uint8Array(length), address);
    else if (!put(r, bytes, address)) {
      r.tally[Tally.bad] |= 1 << ((address - r.area.begin) / pageBytes);
      streams[s + Stream.next] = 0;
      continue;
    }
    const room = pageBytes - (address % pageBytes) - length;
    streams[s + Stream.next] = room < length ? 0 : address + length;
    if (doubted) continue;
    streams[first + Stream.serial] = serial;
    return true;
  }
  return false;
}

/** Opens the stock's next page for a stream. @returns the address of its first slot; 0 when there is none, or it is worn */
function takePage(r: Records, stream: number, slotBytes: number): number {
  const area = r.area;
  const pages = r.page;
  const tally = r.tally;
  for (let k = 1; k <= area.pages; k++) {
    const p = (tally[Tally.turn] + k) % area.pages;
    const at = Page.length * p;
    if (pages[at + Page.use] !== Use.Stock) continue;
    tally[Tally.turn] = p;
    tally[Tally.opened]++;
    const address = area.begin + p * area.pageBytes;
    const opening = new Uint32Array([
      (FORM & 0xff) + 256 * stream + 65536 * slotBytes,
      tally[Tally.opened],
      tally[Tally.bad],
      0,
    ]);
    const holds = put(r, new Uint8Array(opening.buffer), address + OPENING_AT);
    tally[Tally.stock]--;
    if (!holds) {
      tally[Tally.bad] |= 1 << p;
      pages[at + Page.use] = Use.Bad;
      return 0;
    }
    pages[at + Page.use] = Use.Taken + stream;
    pages[at + Page.opened] = tally[Tally.opened];
    pages[at + Page.slotBytes] = slotBytes;
    r.stream[Stream.length * stream + Stream.page] = p + 1;
    return address + SLOTS_AT;
  }
  return 0;
}

/** Writes bytes with their check in the last four. @returns whether they are there */
export function put(r: Records, bytes: Uint8Array, address: number): boolean {
  const length = bytes.length;
  new Uint32Array(bytes.buffer, length - 4)[0] = r.checksum(new Uint8Array(bytes.buffer, 0, length - 4));
  const flash = r.area.flash;
  flash.write(bytes, address);
  return r.checksum(flash.read(length, address)) === SEALED;
}
