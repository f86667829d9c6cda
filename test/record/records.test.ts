import { describe, expect, test } from 'vitest';
import { append, put } from '../../firmware/record/append';
import { auditPage } from '../../firmware/record/audit';
import { EVENTS_KEPT, TRACES_KEPT, eraseAhead } from '../../firmware/record/erase';
import { EventWord } from '../../firmware/record/event';
import { forget, keep, keepParts } from '../../firmware/record/keep';
import { FORM, Kind, OPENING_AT, Page, SEALED, SLOTS_AT, Stream, Tally, Use } from '../../firmware/record/layout';
import { nextRecords, recall, recallNumbers, recallParts, recallWords } from '../../firmware/record/recall';
import { SAMPLES, Trace, createSamples, keepTrace, takeSample } from '../../firmware/record/samples';
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
import { FRAM_ADDRESS, MEDIA, boot, checksum, eraseAll, fram, fresh, norFlash } from './media';

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

describe('what is handed over', () => {
  test('is a copy', () => {
    const medium = norFlash();
    const r = fresh(medium);
    writeSetup(r, 3);
    const found = recall(r, Kind.Setup) as Uint8Array;
    medium.model.cells.fill(0);
    expect(found[0]).toBe(3);
  });

  test('is undefined when it is of another form', () => {
    const r = fresh(norFlash());
    keep(r, Kind.Setup, new Int32Array([1, 2, 3]));
    expect(recallNumbers(r, Kind.Setup)).toBeUndefined();
    expect(recallParts(r, Kind.Setup)).toBeUndefined();
    expect(recallWords(r, Kind.Setup)).toEqual(new Int32Array([1, 2, 3]));
    expect(recallNumbers(r, Kind.State)).toBeUndefined();
    expect(recallWords(r, Kind.State)).toBeUndefined();
    for (const numbers of [[3, 1, 2], [-1], [0.5, 1], [NaN], [1e9], [1, 7, 2, 1]]) {
      keep(r, Kind.State, Float64Array.from(numbers));
      expect(recallParts(r, Kind.State)).toBeUndefined();
      expect(recallNumbers(r, Kind.State)).toEqual(Float64Array.from(numbers));
    }
  });

  test('parts of any number and length', () => {
    const r = fresh(norFlash());
    for (const lengths of [[0], [1, 0, 3], [200]]) {
      const parts = lengths.map((length, n) => Float64Array.from({ length }, (_, k) => n + k / 9));
      expect(keepParts(r, Kind.State, parts)).toBe(true);
      expect(recallParts(r, Kind.State)).toEqual(parts);
    }
  });

  test('what cannot be a record is not kept', () => {
    const r = fresh(norFlash());
    const longest = 4096 - SLOTS_AT - 8;
    expect(keep(r, Kind.Setup, new Uint8Array(0))).toBe(false);
    expect(keep(r, Kind.Setup, new Uint8Array(6))).toBe(false);
    expect(keep(r, Kind.Setup, new Uint8Array(longest + 4))).toBe(false);
    expect(recall(r, Kind.Setup)).toBeUndefined();
    expect(keep(r, Kind.Setup, new Uint8Array(longest).fill(9))).toBe(true);
    expect(recall(r, Kind.Setup)).toEqual(new Uint8Array(longest).fill(9));
  });

  test('a record of another length begins a page of its own', () => {
    const medium = norFlash();
    const r = fresh(medium);
    for (let n = 1; n < 9; n++) {
      keep(r, Kind.Setup, new Int32Array(n).fill(n));
      expect(recallWords(r, Kind.Setup)).toEqual(new Int32Array(n).fill(n));
      expect(recallWords(boot(medium), Kind.Setup)).toEqual(new Int32Array(n).fill(n));
    }
  });

  test('a view of a larger buffer is kept as it is seen', () => {
    const r = fresh(norFlash());
    keep(r, Kind.Setup, new Int32Array([1, 2, 3, 4]).subarray(1, 3));
    expect(recallWords(r, Kind.Setup)).toEqual(new Int32Array([2, 3]));
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

describe('a log', () => {
  test('has values of all their range', () => {
    const medium = norFlash();
    const r = fresh(medium);
    const words = r.event;
    words.set([-1, -0x80000000, 0x7fffffff, (-0x800000 << 8) | 255]);
    append(r, Kind.Event, words);
    const found = new Int32Array(readLog(boot(medium), Kind.Event)[0]!.buffer);
    expect([...found.subarray(0, 4)]).toEqual([-1, -0x80000000, 0x7fffffff, -0x80000000 + 255]);
    expect(found[EventWord.cAndId]! >> 8).toBe(-0x800000);
    expect(found[EventWord.serial]).toBe(1);
  });

  test('is fetched in portions, and goes on with what is written later', () => {
    const medium = norFlash();
    const r = fresh(medium);
    const cursor = { opened: 0, slot: -1 };
    const fetched: number[] = [];
    const fetch = (most: number): number => {
      const some = nextRecords(r, Kind.Event, cursor, most);
      fetched.push(...some.map((slot) => new Int32Array(slot.buffer)[0] as number));
      return some.length;
    };
    expect(fetch(10)).toBe(0);
    let n = 0;
    const write = (count: number): void => {
      while (count-- > 0) writeEvent(r, ++n);
    };
    write(250);
    expect(fetch(100)).toBe(100);
    expect(fetch(100)).toBe(100);
    expect(fetch(100)).toBe(50);
    expect(fetch(100)).toBe(0);
    write(100);
    expect(fetch(1000)).toBe(100);
    expect(fetched).toEqual(Array.from({ length: 350 }, (_, k) => k + 1));
  });

  test('whose oldest page is erased while it is fetched goes on with the next', () => {
    const medium = norFlash();
    const r = fresh(medium);
    const cursor = { opened: 0, slot: -1 };
    for (let n = 1; n <= 300; n++) writeEvent(r, n);
    nextRecords(r, Kind.Event, cursor, 5);
    for (let n = 301; n <= 900; n++) writeEvent(r, n);
    eraseAll(r);
    const rest = nextRecords(r, Kind.Event, cursor, 1000).map((slot) => new Int32Array(slot.buffer)[0] as number);
    expect(rest[0]).toBeGreaterThan(6);
    expect(rest).toEqual(rest.map((_, k) => 900 - (rest.length - 1 - k)));
  });

  test('a trace begins with its oldest sample and names its event', () => {
    const r = fresh(norFlash());
    const samples = createSamples();
    for (let tick = 0; tick < 250; tick++) takeSample(samples, tick, Int16Array.of(tick, -tick, 25));
    writeEvent(r, 1);
    writeEvent(r, 2);
    keepTrace(r, samples, 249);
    const all = new Int16Array(readLog(r, Kind.Trace)[0]!.buffer);
    const oldest = all[Trace.oldest] as number;
    expect(all[oldest]).toBe(249 - SAMPLES + 1);
    expect(all[(oldest + 297) % 300]).toBe(249);
    expect(new Int32Array(all.buffer, 2 * Trace.event)[0]).toBe(2);
  });
});

describe('when the area is too small', () => {
  test.each([9, 11])('of %i pages, logs give way and say so, the newest page of each stays', (pages) => {
    const medium = norFlash(1, pages);
    const r = fresh(medium);
    writeSetup(r, 1);
    writeSetup(r, 1);
    writeState(r, 1);
    writeState(r, 1);
    let full = false;
    for (let n = 1; n <= 3000; n++) {
      if (!writeCount(r, n)) {
        expect(eraseAhead(r)).toBe(true);
        full ||= r.tally[Tally.full] === 1;
        expect(writeCount(r, n)).toBe(true);
      }
      if (!writeEvent(r, n)) {
        eraseAhead(r);
        expect(writeEvent(r, n)).toBe(true);
      }
      if (n % 30 === 0 && !writeTrace(r, n)) {
        eraseAhead(r);
        expect(writeTrace(r, n)).toBe(true);
      }
    }
    expect(full).toBe(true);
    expect(readCount(r)).toBe(3000);
    expect(readEvents(r).at(-1)).toBe(3000);
    expect(readTraces(r).at(-1)).toBe(3000);
    expect(readState(r)).toBe(1);
    eraseAll(r);
    while (r.tally[Tally.stock]! > 0) writeCount(r, 1);
    for (let n = 0; n < 40; n++) eraseAhead(r);
    expect(readEvents(r).at(-1)).toBe(3000);
  });

  test('and nothing is left to erase: nothing is written, what is there stays', () => {
    const medium = norFlash(1, 4);
    const r = fresh(medium);
    writeCount(r, 1);
    writeCount(r, 2);
    writeState(r, 1);
    writeState(r, 2);
    expect(eraseAhead(r)).toBe(false);
    expect(r.tally[Tally.full]).toBe(1);
    expect(writeSetup(r, 1)).toBe(false);
    expect(readCount(boot(medium))).toBe(2);
    expect(readState(boot(medium))).toBe(2);
  });
});

describe('without a page in stock', () => {
  test('the newest two records may share a page', () => {
    const medium = norFlash(1, 1);
    const r = fresh(medium);
    let n = 0;
    while (writeCount(r, n + 1)) n++;
    expect(n).toBe(Math.floor((4096 - SLOTS_AT) / 48));
    expect(readCount(r)).toBe(n);
    expect(readCount(boot(medium))).toBe(n);
  });

  test('a record of another length waits', () => {
    const medium = norFlash(1, 2);
    const r = fresh(medium);
    keep(r, Kind.Setup, new Int32Array(3));
    keep(r, Kind.Setup, new Int32Array(3));
    expect(keep(r, Kind.Setup, new Int32Array(4))).toBe(false);
    expect(keep(r, Kind.Setup, new Int32Array(3).fill(5))).toBe(true);
    expect(recallWords(boot(medium), Kind.Setup)).toEqual(new Int32Array(3).fill(5));
  });

  test('a log waits, and uses no page of another stream', () => {
    const medium = norFlash(1, 1);
    const r = fresh(medium);
    expect(writeCount(r, 1)).toBe(true);
    expect(writeEvent(r, 1)).toBe(false);
    expect(readEvents(r)).toEqual([]);
  });
});

describe('a bus that fails', () => {
  test('for a while: what was written stays, and writing goes on in the same place', () => {
    const medium = fram();
    let r = fresh(medium);
    let sure = 0;
    for (let n = 1; n < 3000; n++) {
      if (r.tally[Tally.stock]! < 2) eraseAll(r);
      if (n % 3 === 0) medium.bus.detach(FRAM_ADDRESS);
      try {
        if (writeCount(r, n)) sure = n;
      } catch (error) {
        expect(String(error)).toContain('no acknowledge');
      }
      medium.bus.attach(FRAM_ADDRESS, medium.model);
      if (n % 10 === 0) r = boot(medium);
      expect(readCount(r)).toBe(sure);
    }
    expect(r.tally[Tally.bad]).toBe(0);
    expect(eraseAll(r)).toBeGreaterThan(0);
    expect(r.tally[Tally.stock]).toBeGreaterThan(12);
  });
});

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
