import { describe, expect, test } from 'vitest';
import { put } from '../../firmware/record/append';
import { FORM, Kind, OPENING_AT, Page, SEALED, SLOTS_AT, Tally, Use } from '../../firmware/record/layout';
import { boot, checksum, eraseAll, fresh, norFlash } from './media';

describe('the form', () => {
  test('neither blank nor zero bytes of any length have the check of a record', () => {
    for (let length = 12; length <= 4096; length += 4) {
      expect(checksum(new Uint8Array(length).fill(255))).not.toBe(SEALED);
      expect(checksum(new Uint8Array(length))).not.toBe(SEALED);
    }
  });

  test.each([
    ['another form', (FORM & 0xff) ^ 1, 0, 48],
    ['no such stream', FORM & 0xff, 2 * Kind.length, 48],
    ['slots too short', FORM & 0xff, 0, 8],
    ['slots of broken words', FORM & 0xff, 0, 50],
    ['slots longer than the page', FORM & 0xff, 0, 4096 - SLOTS_AT + 4],
  ])('an opening with %s is none: the page is erased', (_what, form, stream, slotBytes) => {
    const medium = norFlash();
    const r = fresh(medium);
    const opening = new Uint32Array([form + 256 * stream + 65536 * slotBytes, 5, 0, 0]);
    put(r, new Uint8Array(opening.buffer), medium.area.begin + OPENING_AT);
    put(r, new Uint8Array(48), medium.area.begin + SLOTS_AT);
    const again = boot(medium);
    expect(again.page[Page.use]).toBe(Use.Dirty);
    expect(again.tally[Tally.opened]).toBe(0);
    expect(eraseAll(again)).toBeGreaterThan(0);
    expect(again.tally[Tally.stock]).toBe(16);
  });

  test('the same opening of a known form is one', () => {
    const medium = norFlash();
    const r = fresh(medium);
    const opening = new Uint32Array([(FORM & 0xff) + 65536 * 48, 5, 0, 0]);
    put(r, new Uint8Array(opening.buffer), medium.area.begin + OPENING_AT);
    put(r, new Uint8Array(48), medium.area.begin + SLOTS_AT);
    expect(boot(medium).page[Page.use]).toBe(Use.Taken);
  });

  test('a mark of another form is none', () => {
    const medium = norFlash();
    boot(medium);
    medium.area.flash.erasePage(medium.area.begin);
    const r = boot(medium);
    put(r, new Uint8Array(12), medium.area.begin);
    expect(boot(medium).page[Page.use]).toBe(Use.Dirty);
  });

  test('erases are counted over boots', () => {
    const medium = norFlash();
    for (let n = 1; n <= 5; n++) {
      const r = boot(medium);
      expect(r.tally[Tally.erases]).toBe(n - 1);
      for (let p = 0; p < 16; p++) r.page[Page.length * p + Page.use] = Use.Dirty;
      eraseAll(r);
      expect(r.tally[Tally.erases]).toBe(n);
      expect(medium.model.erases[3]).toBe(n);
    }
  });
});
