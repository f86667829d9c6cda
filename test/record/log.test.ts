import { describe, expect, test } from 'vitest';
import { append } from '../../firmware/record/append';
import { EventWord } from '../../firmware/record/event';
import { Kind } from '../../firmware/record/layout';
import { nextRecords } from '../../firmware/record/recall';
import { SAMPLES, Trace, createSamples, keepTrace, takeSample } from '../../firmware/record/samples';
import { readLog, writeEvent } from './device';
import { boot, eraseAll, fresh, norFlash } from './media';

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
