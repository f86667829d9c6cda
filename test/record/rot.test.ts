import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auditPage } from '../../firmware/record/audit';
import { eraseAhead } from '../../firmware/record/erase';
import { forget } from '../../firmware/record/keep';
import { Kind, Page, SLOTS_AT, Tally, Use, type Records } from '../../firmware/record/layout';
import { recall } from '../../firmware/record/recall';
import { Random } from '../../sim/random';
import {
  WRITES,
  readCount,
  readEvents,
  readLog,
  readSetup,
  readState,
  readTraces,
  writeCount,
  writeEvent,
  writeSetup,
  writeState,
  writeTrace,
} from './device';
import { MEDIA, PAGES, PAGE_BYTES, boot, eraseAll, fresh, fram, norFlash, type Medium } from './media';

const ALL_KINDS = Array.from({ length: Kind.length }, (_, kind) => kind as Kind);

/** An area with records 1 to `last` of every kind. */
function written(medium: Medium, last = 7): Records {
  const r = fresh(medium);
  for (let n = 1; n <= last; n++) for (const { write } of WRITES) expect(write(r, n)).toBe(true);
  return r;
}

const corrupt = (r: Records): number => {
  let sum = 0;
  for (let p = 0; p < r.area.pages; p++) sum += auditPage(r, p);
  return sum;
};

describe('a bit that turns over by itself', () => {
  test('anywhere: the newest record or the one before', () => {
    const medium = norFlash();
    written(medium, 3);
    const random = new Random(5, 'rot');
    const { cells } = medium.model;
    let lost = 0;
    for (let at = 0; at < cells.length; at++) {
      // Blank bytes only now and then, the inner ones of long records too.
      if (cells[at] === 255 && at % 97 !== 0) continue;
      if (at % PAGE_BYTES > 400 && at % 7 !== 0) continue;
      const byte = cells[at] as number;
      medium.model.flip(at, random.bits() & 7);
      const r = boot(medium);
      for (const { kind, read } of WRITES.slice(0, 3)) {
        const found = read(r);
        if (found === 2) lost++;
        else if (found !== 3) throw new Error(`${kind} ${found} after byte ${at} has rotted`);
      }
      for (const n of [...readEvents(r), ...readTraces(r)]) expect([1, 2, 3]).toContain(n);
      cells[at] = byte;
    }
    expect(lost).toBeGreaterThan(100);
  });

  test('a whole page that is lost: the newest record or the one before', () => {
    for (const fill of [0, 255, 0x5a]) {
      const medium = norFlash();
      written(medium);
      for (let p = 0; p < PAGES; p++) {
        const restore = medium.save();
        medium.model.cells.fill(fill, p * PAGE_BYTES, (p + 1) * PAGE_BYTES);
        const r = boot(medium);
        for (const { read } of WRITES.slice(0, 3)) expect([6, 7]).toContain(read(r));
        restore();
      }
    }
  });

  test('is found by the audit and not by others: a cut is none', () => {
    const medium = norFlash();
    const r = written(medium);
    expect(corrupt(r)).toBe(0);
    const page = (kind: Kind): number =>
      ALL_KINDS.length &&
      [...Array(PAGES).keys()].find((p) => r.page[Page.length * p + Page.use] === Use.Taken + 2 * kind)!;
    // Records 2, 4, 6 stand in the page of even numbers.
    medium.model.flip(page(Kind.Count) * PAGE_BYTES + SLOTS_AT + 5, 3);
    expect(corrupt(r)).toBe(1);
    medium.model.flip(page(Kind.Event) * PAGE_BYTES + SLOTS_AT + 3, 1);
    expect(corrupt(boot(medium))).toBe(2);
    // The last of a page may have been cut.
    medium.model.flip(page(Kind.State) * PAGE_BYTES + SLOTS_AT + 1464 + 9, 0);
    expect(corrupt(boot(medium))).toBe(2);
    expect(auditPage(r, [...r.page].findIndex((use, k) => k % Page.length === 0 && use === Use.Stock) / 3)).toBe(0);
  });
});

describe('a page that does not hold what is written', () => {
  test('is found at once, passed over and counted, over boots too; the record is written elsewhere', () => {
    const medium = norFlash();
    let r = fresh(medium);
    // A byte of a check cannot be written.
    for (const p of [2, 3, 9]) medium.model.stick(p * PAGE_BYTES + SLOTS_AT + 46, 0xff, 0xff);
    for (let n = 1; n <= 5000; n++) {
      if (r.tally[Tally.stock]! < 2) eraseAll(r);
      expect(writeCount(r, n * 2)).toBe(true);
      if (n % 700 === 0) r = boot(medium);
      expect(readCount(r)).toBe(n * 2);
    }
    expect(r.tally[Tally.bad]).toBe((1 << 2) | (1 << 3) | (1 << 9));
    expect(boot(medium).tally[Tally.bad]).toBe(r.tally[Tally.bad]);
    eraseAll(r);
    for (const p of [2, 3, 9]) expect(r.page[Page.length * p + Page.use]).toBe(Use.Bad);
    const again = boot(medium);
    eraseAll(again);
    for (const p of [2, 3, 9]) expect(again.page[Page.length * p + Page.use]).toBe(Use.Bad);
  });

  test('nor in its opening', () => {
    const medium = norFlash();
    const r = fresh(medium);
    const next = (r.tally[Tally.turn]! + 1) % PAGES;
    medium.model.stick(next * PAGE_BYTES + 13, 0xff, 0xff);
    expect(writeCount(r, 1)).toBe(true);
    expect(r.tally[Tally.bad]).toBe(1 << next);
    expect(readCount(boot(medium))).toBe(1);
    expect(boot(medium).tally[Tally.bad]).toBe(1 << next);
  });

  test('when no page holds it, few are given up at once', () => {
    const medium = norFlash();
    const r = fresh(medium);
    for (let p = 0; p < PAGES; p++) medium.model.stick(p * PAGE_BYTES + SLOTS_AT + 46, 0xff, 0xff);
    expect(writeCount(r, 1)).toBe(false);
    expect((r.tally[Tally.bad]! >>> 0).toString(2).replaceAll('0', '').length).toBe(4);
    expect(r.tally[Tally.stock]).toBe(12);
    expect(writeEvent(r, 1)).toBe(true);
  });

  test('nor its mark, nor an erase', () => {
    const medium = norFlash();
    const r = boot(medium);
    medium.model.stick(4 * PAGE_BYTES + 2, 0xff, 0xff);
    medium.model.stick(5 * PAGE_BYTES + 4000, 0x10, 0);
    eraseAll(r);
    expect(r.tally[Tally.bad]).toBe((1 << 4) | (1 << 5));
    expect(r.tally[Tally.stock]).toBe(14);
  });

  test('with records in it that are forgotten is left alone', () => {
    const medium = norFlash();
    const r = fresh(medium);
    writeCount(r, 1);
    writeCount(r, 2);
    const pages = [...Array(PAGES).keys()].filter((p) => r.page[Page.length * p]! >= Use.Taken);
    for (const p of pages) medium.model.stick(p * PAGE_BYTES + SLOTS_AT + 48 + 46, 0xff, 0xff);
    writeCount(r, 4);
    writeCount(r, 6);
    writeCount(r, 8);
    expect(r.tally[Tally.bad]).not.toBe(0);
    forget(r, Kind.Count);
    const erases = medium.model.erases.slice();
    eraseAll(r);
    for (const p of pages) if (r.tally[Tally.bad]! & (1 << p)) expect(medium.model.erases[p]).toBe(erases[p]);
    expect(readCount(boot(medium))).toBeUndefined();
  });

  test('all pages wear out one after the other: what is recalled is always right, to the last', () => {
    const medium = norFlash(9);
    medium.model.endurance = 12;
    let r = fresh(medium);
    let sure = 0;
    let failed = 0;
    for (let n = 1; failed < 50; n++) {
      if (r.tally[Tally.stock]! < 2) eraseAhead(r);
      if (n % 997 === 0) r = boot(medium);
      if (writeCount(r, n)) sure = n;
      else failed++;
      expect(readCount(r)).toBe(sure);
    }
    expect(sure).toBeGreaterThan(12 * 12 * 84);
    expect(readCount(boot(medium))).toBe(sure);
    const bad = (r.tally[Tally.bad]! >>> 0).toString(2).replaceAll('0', '').length;
    expect(bad).toBeGreaterThanOrEqual(14);
    expect(r.tally[Tally.full]).toBe(1);
  });
});

describe('whatever lies in the area', () => {
  /** Boots, reads and writes all there is. */
  function tryAll(medium: Medium): Records {
    const r = boot(medium);
    for (const kind of ALL_KINDS) {
      recall(r, kind);
      readLog(r, kind);
    }
    corrupt(r);
    eraseAll(r);
    for (const { write, read } of WRITES) {
      expect(write(r, 99)).toBe(true);
      expect(read(r)).toBe(99);
    }
    return r;
  }

  test.each(MEDIA)('random bytes are no record, and do not stay: %s', (_name, create) => {
    for (let seed = 0; seed < 40; seed++) {
      const medium = create();
      const random = new Random(seed, 'garbage');
      const { cells } = medium.model;
      for (let k = 0; k < cells.length; k++) cells[k] = random.bits();
      const r = boot(medium);
      for (const kind of ALL_KINDS) {
        expect(recall(r, kind)).toBeUndefined();
        expect(readLog(r, kind)).toEqual([]);
      }
      expect(corrupt(r)).toBe(0);
      expect(r.tally[Tally.stock]).toBe(0);
      tryAll(medium);
    }
  });

  test.each([0, 1, 0x55, 0xff])('the byte %i everywhere is no record', (byte) => {
    const medium = fram();
    medium.model.cells.fill(byte);
    const r = boot(medium);
    for (const kind of ALL_KINDS) expect(recall(r, kind)).toBeUndefined();
    tryAll(medium);
  });

  test('records with random bytes over them: what is recalled was once written', () => {
    const base = norFlash();
    written(base);
    const good = base.model.cells.slice();
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(good.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 600 }) }), {
          maxLength: 12,
        }),
        fc.array(fc.tuple(fc.nat(PAGES - 1), fc.nat(PAGES - 1)), { maxLength: 3 }),
        (patches, copies) => {
          const medium = fram();
          const { cells } = medium.model;
          cells.set(good);
          for (const [from, to] of copies)
            cells.copyWithin(to * PAGE_BYTES, from * PAGE_BYTES, (from + 1) * PAGE_BYTES);
          for (const { at, bytes } of patches) cells.set(bytes.subarray(0, good.length - at), at);
          const r = boot(medium);
          for (const n of [readCount(r), readState(r), readSetup(r), ...readTraces(r), ...readEvents(r)])
            if (n !== undefined && !(n >= 1 && n <= 7)) throw new Error(`recalled ${n}`);
          tryAll(medium);
        },
      ),
      { numRuns: 200 },
    );
  });
});

test('what is written while nothing is in stock changes nothing', () => {
  const medium = norFlash(1, 4);
  const r = fresh(medium);
  for (let n = 1; n <= 2; n++) {
    writeCount(r, n);
    writeState(r, n);
  }
  const cells = medium.model.cells.slice();
  expect(writeSetup(r, 1)).toBe(false);
  expect(writeEvent(r, 1)).toBe(false);
  expect(writeTrace(r, 1)).toBe(false);
  expect(medium.model.cells).toEqual(cells);
  expect(writeCount(r, 3)).toBe(true);
  expect(readCount(boot(medium))).toBe(3);
});
