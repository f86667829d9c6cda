/** Pages and slots as they are read. Not resident. */
import { OPENING_AT, Page, SEALED, SLOT_TAIL_BYTES, SLOTS_AT, Stream, type Kind, type Records } from './layout';

const OPENING_BYTES = 16;

/** A number that rises by one and may wrap: whether `a` came after `b`. */
export function later(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}

/** Address of the first byte of page p. */
export function pageAddress(r: Records, p: number): number {
  return r.area.begin + p * r.area.pageBytes;
}

/** A copy of the bytes there; undefined when their check is wrong. */
export function readSealed(r: Records, address: number, length: number): Uint8Array | undefined {
  const bytes = r.area.flash.read(length, address);
  return r.checksum(bytes) === SEALED ? new Uint8Array(bytes as Uint8Array) : undefined;
}

/** The page's opening: its first word (form, stream, bytes of a slot), number, worn pages. */
export function readOpening(r: Records, p: number): Uint32Array | undefined {
  const bytes = readSealed(r, pageAddress(r, p) + OPENING_AT, OPENING_BYTES);
  return bytes === undefined ? undefined : new Uint32Array(bytes.buffer);
}

/** Slots of page p up to the last one that is written: there are no blank ones between. */
export function slotsWritten(r: Records, p: number): number {
  const slotBytes = r.page[Page.length * p + Page.slotBytes];
  const begin = pageAddress(r, p) + SLOTS_AT;
  const blankCheck = blankChecksum(r, slotBytes);
  let written = 0;
  let blank = Math.floor((r.area.pageBytes - SLOTS_AT) / slotBytes);
  while (written < blank) {
    const middle = (written + blank) >> 1;
    if (r.checksum(r.area.flash.read(slotBytes, begin + middle * slotBytes)) === blankCheck) blank = middle;
    else written = middle + 1;
  }
  return written;
}

/** Whether so many bytes at the address are erased. */
export function isBlank(r: Records, address: number, length: number): boolean {
  return r.checksum(r.area.flash.read(length, address)) === blankChecksum(r, length);
}

/** The check of so many blank bytes. */
export function blankChecksum(r: Records, length: number): number {
  return r.checksum(new Uint8Array(length).fill(255));
}

/** The page a stream opened last; -1: none. */
export function newestPage(r: Records, stream: number): number {
  return r.stream[Stream.length * stream + Stream.page] - 1;
}

/** The page that its stream opened before page p; -1: none. */
export function pageBefore(r: Records, p: number): number {
  const pages = r.page;
  const use = pages[Page.length * p + Page.use];
  let found = -1;
  for (let q = 0; q < r.area.pages; q++) {
    if (pages[Page.length * q + Page.use] !== use || !openedLater(r, p, q)) continue;
    if (found < 0 || openedLater(r, q, found)) found = q;
  }
  return found;
}

/** Whether a stream took page p after page q was taken. */
export function openedLater(r: Records, p: number, q: number): boolean {
  return later(r.page[Page.length * p + Page.opened], r.page[Page.length * q + Page.opened]);
}

/** The record in slot k of page p, with its serial number and check. */
export function readSlot(r: Records, p: number, k: number): Uint8Array | undefined {
  const slotBytes = r.page[Page.length * p + Page.slotBytes];
  return readSealed(r, pageAddress(r, p) + SLOTS_AT + k * slotBytes, slotBytes);
}

/** The serial number in a slot as `readSlot` gives it. */
export function serialOf(slot: Uint8Array): number {
  return new Uint32Array(slot.buffer, slot.length - SLOT_TAIL_BYTES)[0];
}

/** The serial number of the first whole record in page p. */
export function firstSerial(r: Records, p: number): number | undefined {
  const slots = Math.floor((r.area.pageBytes - SLOTS_AT) / r.page[Page.length * p + Page.slotBytes]);
  for (let k = 0; k < slots; k++) {
    const slot = readSlot(r, p, k);
    if (slot !== undefined) return serialOf(slot);
  }
  return undefined;
}

/** The newest record of a stream. */
function newestInStream(r: Records, stream: number): Uint8Array | undefined {
  for (let p = newestPage(r, stream); p >= 0; p = pageBefore(r, p)) {
    for (let k = slotsWritten(r, p) - 1; k >= 0; k--) {
      const slot = readSlot(r, p, k);
      if (slot !== undefined) return slot;
    }
  }
  return undefined;
}

/** The newest record of a kind. */
export function newestOfKind(r: Records, kind: Kind): Uint8Array | undefined {
  const a = newestInStream(r, 2 * kind);
  const b = newestInStream(r, 2 * kind + 1);
  if (a === undefined || b === undefined) return a === undefined ? b : a;
  return later(serialOf(a), serialOf(b)) ? a : b;
}
