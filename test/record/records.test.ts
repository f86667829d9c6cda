import { describe, expect, test } from 'vitest';
import { auditPage } from '../../firmware/record/audit';
import { EVENTS_KEPT, TRACES_KEPT } from '../../firmware/record/erase';
import { forget } from '../../firmware/record/keep';
import { Kind, SLOTS_AT, Stream, Tally } from '../../firmware/record/layout';
import {
  WRITES,
  readCount,
  readEvents,
  readSetup,
  readState,
  readTraces,
  writeCount,
  writeEvent,
  writeSetup,
  writeState,
  writeTrace,
} from './device';
import { MEDIA, boot, eraseAll, fresh, norFlash } from './media';

describe.each(MEDIA)('records in %s', (_name, create) => {
  test.each(WRITES)('$kind: none, then each newest one, at once and after a boot', ({ write, read }) => {
    const medium = create();
    const r = fresh(medium);
    expect(read(r)).toBeUndefined();
    for (let n = 1; n < 12; n++) {
      expect(write(r, n)).toBe(true);
      expect(read(r)).toBe(n);
      expect(read(boot(medium))).toBe(n);
    }
  });

  test('a new area has no stock until it is erased ahead', () => {
    const medium = create();
    const r = boot(medium);
    expect(r.tally[Tally.stock]).toBe(0);
    expect(writeCount(r, 1)).toBe(false);
    expect(eraseAll(r)).toBe(16);
    expect(r.tally[Tally.stock]).toBe(16);
    expect(writeCount(r, 1)).toBe(true);
    expect(r.tally[Tally.stock]).toBe(15);
  });

  test('many rounds over the area: kinds do not disturb each other, the logs keep their last records', () => {
    const medium = create();
    let r = fresh(medium);
    for (let n = 1; n <= 12_000; n++) {
      if (n % 1000 === 0) r = boot(medium);
      if (r.tally[Tally.stock]! < 3) eraseAll(r);
      expect(writeCount(r, n)).toBe(true);
      if (n % 5 === 0) expect(writeEvent(r, n)).toBe(true);
      if (n % 150 === 0) expect(writeTrace(r, n)).toBe(true);
      if (n % 100 === 0) expect(writeState(r, n)).toBe(true);
      if (n === 400) expect(writeSetup(r, n)).toBe(true);
    }
    for (const records of [r, boot(medium)]) {
      expect(readCount(records)).toBe(12_000);
      expect(readState(records)).toBe(12_000);
      expect(readSetup(records)).toBe(400 & 255);
      const events = readEvents(records);
      expect(events.length).toBeGreaterThanOrEqual(EVENTS_KEPT);
      expect(events).toEqual(events.map((_, k) => 12_000 - 5 * (events.length - 1 - k)));
      const traces = readTraces(records);
      expect(traces.length).toBeGreaterThanOrEqual(TRACES_KEPT);
      expect(traces).toEqual(traces.map((_, k) => 12_000 - 150 * (traces.length - 1 - k)));
      expect(records.tally[Tally.bad]).toBe(0);
      for (let p = 0; p < 16; p++) expect(auditPage(records, p)).toBe(0);
    }
  });

  test('what is forgotten stays so, what is kept stays too', () => {
    const medium = create();
    const r = fresh(medium);
    for (let n = 1; n <= 400; n++) {
      writeCount(r, n);
      if (n % 50 === 0) writeState(r, n);
    }
    writeSetup(r, 7);
    forget(r, Kind.Count);
    forget(r, Kind.State);
    for (const records of [r, boot(medium)]) {
      expect(readCount(records)).toBeUndefined();
      expect(readState(records)).toBeUndefined();
      expect(readSetup(records)).toBe(7);
    }
    expect(writeCount(r, 401)).toBe(true);
    expect(readCount(boot(medium))).toBe(401);
    eraseAll(r);
    expect(readCount(boot(medium))).toBe(401);
  });
});

describe('the newest two records', () => {
  test.each(WRITES.slice(0, 3))('of $kind never share a page', ({ kind, write }) => {
    const medium = norFlash();
    const r = fresh(medium);
    const pageOf = (): number => {
      const before = medium.model.cells.slice();
      write(r, 5);
      const written = medium.model.cells.findIndex((byte, k) => byte !== before[k] && k % 4096 >= SLOTS_AT);
      return Math.floor(written / 4096);
    };
    let last = pageOf();
    for (let n = 0; n < 300; n++) {
      if (r.tally[Tally.stock]! < 3) eraseAll(r);
      const page = pageOf();
      expect(page, `${kind} ${n}`).not.toBe(last);
      last = page;
    }
  });
});

describe('numbers that wrap', () => {
  test('serial numbers and openings: order stays', () => {
    const medium = norFlash();
    let r = fresh(medium);
    r.tally[Tally.opened] = 0xfffffff8;
    for (const kind of [Kind.Count, Kind.Event]) r.stream[2 * kind * Stream.length + Stream.serial] = 0xffffff00;
    for (let n = 1; n <= 1500; n++) {
      if (r.tally[Tally.stock]! < 3) eraseAll(r);
      writeCount(r, n);
      writeEvent(r, n);
      if (n % 100 === 0) r = boot(medium);
      if (n % 10 === 0) expect(readCount(r)).toBe(n);
    }
    expect(r.tally[Tally.opened]).toBeLessThan(1000);
    expect(r.stream[2 * Kind.Event * Stream.length + Stream.serial]).toBe(1500 - 0x100);
    const events = readEvents(r);
    expect(events.length).toBeGreaterThanOrEqual(EVENTS_KEPT);
    expect(events).toEqual(events.map((_, k) => 1500 - (events.length - 1 - k)));
  });
});
