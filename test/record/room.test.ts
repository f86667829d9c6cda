import { describe, expect, test } from 'vitest';
import { eraseAhead } from '../../firmware/record/erase';
import { keep } from '../../firmware/record/keep';
import { Kind, SLOTS_AT, Tally } from '../../firmware/record/layout';
import { recallWords } from '../../firmware/record/recall';
import {
  readCount,
  readEvents,
  readState,
  readTraces,
  writeCount,
  writeEvent,
  writeSetup,
  writeState,
  writeTrace,
} from './device';
import { FRAM_ADDRESS, boot, eraseAll, fram, fresh, norFlash } from './media';

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
