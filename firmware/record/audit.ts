/** Looks for records that were whole once and are no more. Not resident. */
import { Page, SLOTS_AT, Use, type Records } from './layout';
import { pageAddress, readSlot, slotsWritten } from './pages';

/**
 * Corrupt records in page p, 0 to `area.pages - 1`. What a power cut left half written is none: it is the last slot, or was
 * made zeros when the page was written on.
 */
export function auditPage(r: Records, p: number): number {
  if (r.page[Page.length * p + Page.use] < Use.Taken) return 0;
  let corrupt = 0;
  for (let k = slotsWritten(r, p) - 2; k >= 0; k--) {
    if (readSlot(r, p, k) === undefined && !isZero(r, p, k)) corrupt++;
  }
  return corrupt;
}

function isZero(r: Records, p: number, k: number): boolean {
  const slotBytes = r.page[Page.length * p + Page.slotBytes];
  const bytes = r.area.flash.read(slotBytes, pageAddress(r, p) + SLOTS_AT + k * slotBytes);
  let at = 0;
  while (at < slotBytes && bytes[at] === 0) at++;
  return at === slotBytes;
}
