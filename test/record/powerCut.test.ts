import { describe, expect, test } from 'vitest';
import { auditPage } from '../../firmware/record/audit';
import { eraseAhead } from '../../firmware/record/erase';
import { forget } from '../../firmware/record/keep';
import { Kind, Tally, type Records } from '../../firmware/record/layout';
import { LONG } from '../long';
import {
  WRITES,
  readCount,
  readEvents,
  readSetup,
  readState,
  writeCount,
  writeEvent,
  writeSetup,
  writeState,
} from './device';
import { MEDIA, boot, bytesOf, cut, eraseAll, fresh, norFlash, type Medium } from './media';

/**
 * Lets power fail at every byte of what `act` writes (in the middle of long ones each `every`th, in the long run all), each time from the memory as it is now and the records as a boot finds them;
 * `check` sees the memory after that. @returns the bytes there were
 */
function atEveryByte(medium: Medium, act: (r: Records) => void, check: () => void, every = 4): number {
  const restore = medium.save();
  const whole = boot(medium);
  const length = bytesOf(medium, () => act(whole));
  for (let bytes = 0; bytes < length; bytes += LONG || bytes < 64 || bytes > length - 32 ? 1 : every) {
    restore();
    const r = boot(medium);
    expect(cut(medium, bytes, () => act(r))).toBe(true);
    check();
  }
  restore();
  return length;
}

describe.each(MEDIA)('power fails, records in %s', (_name, create) => {
  test.each(WRITES)(
    'at every byte of a write of $kind: the last record or this one, and life goes on',
    ({ write, read }) => {
      // Where a page is opened, and behind another record.
      for (const before of [0, 2]) {
        const medium = create();
        const r = fresh(medium);
        for (let n = 1; n <= before; n++) write(r, n);
        eraseAll(boot(medium));
        atEveryByte(
          medium,
          (records) => expect(write(records, before + 1)).toBe(true),
          () => {
            const again = boot(medium);
            const found = read(again) ?? 0;
            expect([before, before + 1]).toContain(found);
            // Whatever reads either way now, the next record holds.
            expect(write(again, found + 1)).toBe(true);
            expect(read(boot(medium))).toBe(found + 1);
          },
        );
      }
    },
  );

  test('in an erase: nothing that is kept is touched, and the page comes back', () => {
    const medium = create();
    const r = fresh(medium);
    writeSetup(r, 9);
    for (let n = 1; n <= 900; n++) {
      if (r.tally[Tally.stock] === 0) eraseAhead(r);
      writeCount(r, n);
      writeEvent(r, n);
    }
    writeState(r, 5);
    const length = atEveryByte(
      medium,
      (records) => eraseAhead(records),
      () => {
        const again = boot(medium);
        expect(readCount(again)).toBe(900);
        expect(readState(again)).toBe(5);
        expect(readSetup(again)).toBe(9);
        expect(readEvents(again).slice(-500)).toEqual(Array.from({ length: 500 }, (_, k) => 401 + k));
        eraseAll(again);
        expect(again.tally[Tally.bad]).toBe(0);
        expect(again.tally[Tally.stock]).toBeGreaterThan(3);
      },
      31,
    );
    expect(length).toBe(4096 + 12);
  });

  test('at every byte of forgetting: the newest record or none, and the second try ends it', () => {
    const medium = create();
    const r = fresh(medium);
    for (let n = 1; n <= 400; n++) writeCount(r, n);
    writeSetup(r, 3);
    atEveryByte(
      medium,
      (records) => forget(records, Kind.Count),
      () => {
        const again = boot(medium);
        expect([400, 399, undefined]).toContain(readCount(again));
        forget(again, Kind.Count);
        for (const records of [again, boot(medium)]) {
          expect(readCount(records)).toBeUndefined();
          expect(readSetup(records)).toBe(3);
        }
      },
    );
  });
});

/** Small pages, so that all bytes of a round over the area can be gone through. */
const SMALL = { pages: 8, pageBytes: 512 };

describe('power fails at every byte of a whole round over the pages', () => {
  test.each([
    ['numbers of openings and records far from their end', 0],
    ['while the numbers of openings and records wrap', 0xfffffff0],
  ])('%s', (_name, start) => {
    const medium = norFlash(3, SMALL.pages, SMALL.pageBytes);
    const r = fresh(medium);
    r.tally[Tally.opened] = start === 0 ? 0 : 0xfffffffc;
    r.stream.fill(start);
    for (let s = 0; s < r.stream.length; s++) if (s % 5 !== 4) r.stream[s] = 0;
    let n = 0;
    const first = medium.model.erases[0]!;
    let cuts = 0;
    while (medium.model.erases[0] === first || n < 80) {
      n++;
      const step = (records: Records): void => {
        if (records.tally[Tally.stock]! < 2) eraseAhead(records);
        if (!writeCount(records, n)) throw new Error('no page in stock');
      };
      const restore = medium.save();
      const stream = r.stream.slice();
      const page = r.page.slice();
      const tally = r.tally.slice();
      const length = bytesOf(medium, () => step(r));
      const after = medium.save();
      const records = [r.stream.slice(), r.page.slice(), r.tally.slice()] as const;
      const erases = medium.model.erases.slice();
      for (let bytes = 0; bytes < length; bytes++) {
        restore();
        r.stream.set(stream);
        r.page.set(page);
        r.tally.set(tally);
        expect(cut(medium, bytes, () => step(r))).toBe(true);
        const found = readCount(boot(medium)) ?? 0;
        if (found !== n && found !== n - 1) throw new Error(`${found} after a cut at byte ${bytes} of record ${n}`);
        cuts++;
      }
      after();
      r.stream.set(records[0]);
      r.page.set(records[1]);
      r.tally.set(records[2]);
      medium.model.erases.set(erases);
      expect(readCount(boot(medium))).toBe(n);
    }
    expect(cuts).toBeGreaterThan(8000);
    expect(r.tally[Tally.opened]).toBeLessThan(20);
  });
});

describe('after a cut', () => {
  test('a slot that a write had just begun is not trusted, even where it reads blank', () => {
    for (let seed = 0; seed < 50; seed++) {
      const medium = norFlash(seed);
      const r = fresh(medium);
      for (let n = 1; n <= 3; n++) writeCount(r, n);
      cut(medium, 0, () => writeCount(r, 4));
      const again = boot(medium);
      const found = readCount(again) as number;
      writeCount(again, found + 1);
      writeCount(again, found + 2);
      // Read often: what is in between would show.
      for (let k = 0; k < 20; k++) expect(readCount(boot(medium))).toBe(found + 2);
      for (let p = 0; p < 16; p++) expect(auditPage(again, p)).toBe(0);
    }
  });

  test('twice at the same place', () => {
    for (let seed = 0; seed < 50; seed++) {
      const medium = norFlash(seed);
      const r = fresh(medium);
      for (let n = 1; n <= 3; n++) writeCount(r, n);
      let last = 3;
      for (let k = 0; k < 10; k++) {
        const again = boot(medium);
        const found = readCount(again) as number;
        expect([last, last + 1]).toContain(found);
        last = found;
        cut(medium, k * 7, () => writeCount(again, found + 1));
      }
      const again = boot(medium);
      last = readCount(again) as number;
      eraseAll(again);
      expect(writeCount(again, last + 1)).toBe(true);
      for (let k = 0; k < 20; k++) expect(readCount(boot(medium))).toBe(last + 1);
      for (let p = 0; p < 16; p++) expect(auditPage(again, p)).toBe(0);
    }
  });
});
