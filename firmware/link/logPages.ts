/** The log as it lies in flash, for a host that takes it apart itself: walking through records costs the device too much. Not resident. */
import { Kind, Page, Use, type Records } from '../record/layout';
import { pageAddress } from '../record/pages';

/** Bytes that one answer carries: a multiple of three, for base64. */
export const LOG_BYTES = 288;

/**
 * Bytes of page `page` from `offset` on: `<number of its opening> <base64>`; `none` where the page holds no events or traces: others
 * hold the key. The page may be another one by the next call: then the number of its opening is another, too.
 * @returns '' when there is no such page or offset
 */
export function readLogPage(
  r: Records,
  page: number,
  offset: number,
  toBase64: (bytes: { readonly length: number }) => string,
): string {
  const area = r.area;
  if (!(page >= 0 && page < area.pages && offset >= 0 && offset < area.pageBytes)) return '';
  const at = Page.length * page;
  const stream = r.page[at + Page.use] - Use.Taken;
  if (stream !== 2 * Kind.Event && stream !== 2 * Kind.Trace) return 'none';
  const bytes = area.flash.read(Math.min(LOG_BYTES, area.pageBytes - offset), pageAddress(r, page) + offset);
  return r.page[at + Page.opened] + ' ' + toBase64(bytes);
}
