import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32 } from 'node:zlib';
import { readRecord, writeRecord } from '../../firmware/record/record';
import type { Store } from '../../hal/bus';

const NAME = 'r';

/** How a write ends when power fails after some of its bytes: what the place holds then. */
type Torn = (old: Uint8Array, written: Uint8Array, bytes: number) => Uint8Array;
const TORN: Record<string, Torn> = {
  'the rest is erased': (_old, written, bytes) => written.map((byte, k) => (k < bytes ? byte : 0xff)),
  'the rest is cut off': (_old, written, bytes) => written.slice(0, bytes),
  'the rest is what was there before': (old, written, bytes) =>
    written.map((byte, k) => (k < bytes ? byte : (old[k] ?? 0xff))),
  'the file is gone until it is whole': (_old, written, bytes) => (bytes < written.length ? new Uint8Array() : written),
};

class Flash implements Store {
  files = new Map<string, Uint8Array>();
  /** Power fails after this many bytes of the next write. */
  failsAfter = Infinity;
  tear: Torn = (_old, written) => written;

  read(name: string): Uint8Array | undefined {
    return this.files.get(name);
  }

  write(name: string, bytes: Uint8Array): void {
    const old = this.files.get(name) ?? new Uint8Array();
    const whole = this.failsAfter >= bytes.length;
    this.files.set(name, whole ? Uint8Array.from(bytes) : this.tear(old, Uint8Array.from(bytes), this.failsAfter));
    if (!whole) throw new Error('power failed');
  }

  checksum(bytes: Uint8Array): number {
    return crc32(bytes);
  }
}

const record = (n: number): Float64Array => Float64Array.from([n, -n, n + 0.1, 1e300 * n, n / 3]);

/** A store that holds the records 1 to `last`. */
function written(last: number): Flash {
  const flash = new Flash();
  for (let n = 1; n <= last; n++) writeRecord(flash, NAME, n, record(n));
  return flash;
}

describe('a record', () => {
  test('none, then each newest one', () => {
    expect(readRecord(new Flash(), NAME)).toBeUndefined();
    for (let last = 1; last < 6; last++) {
      const kept = readRecord(written(last), NAME);
      expect(kept?.sequence).toBe(last);
      expect(kept?.numbers).toEqual(record(last));
    }
  });

  test.each(Object.keys(TORN))(
    'power fails at every byte of a write, %s: the old or the new record, never a mix',
    (how) => {
      const bytes = 8 + 8 * record(1).length;
      for (const last of [0, 1, 2, 3]) {
        for (let cut = 0; cut <= bytes; cut++) {
          const flash = written(last);
          flash.failsAfter = cut;
          flash.tear = TORN[how] as Torn;
          let failed = false;
          try {
            writeRecord(flash, NAME, last + 1, record(last + 1));
          } catch {
            failed = true;
          }
          expect(failed).toBe(cut < bytes);
          const kept = readRecord(flash, NAME);
          // Some of the last bytes may be what they were to become: then the record is whole.
          expect([last, last + 1]).toContain(kept?.sequence ?? 0);
          if (cut === bytes) expect(kept?.sequence).toBe(last + 1);
          if (kept) expect(kept.numbers).toEqual(record(kept.sequence));
          // After the reset the next write goes where the torn one was, and is found.
          flash.failsAfter = Infinity;
          const next = (kept?.sequence ?? 0) + 1;
          writeRecord(flash, NAME, next, record(next));
          expect(readRecord(flash, NAME)?.numbers).toEqual(record(next));
        }
      }
    },
  );

  test('power fails again and again: there is always the newest whole one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 30 }), fc.constantFrom(...Object.keys(TORN)), (cuts, how) => {
        const flash = new Flash();
        flash.tear = TORN[how] as Torn;
        let newest = 0;
        for (const cut of cuts) {
          flash.failsAfter = cut;
          try {
            writeRecord(flash, NAME, newest + 1, record(newest + 1));
            newest++;
          } catch {
            newest = readRecord(flash, NAME)?.sequence ?? 0;
          }
          const kept = readRecord(flash, NAME);
          expect(kept?.sequence ?? 0).toBe(newest);
          if (kept) expect(kept.numbers).toEqual(record(newest));
        }
      }),
    );
  });

  test('one wrong byte anywhere: the record before', () => {
    const length = 8 + 8 * record(1).length;
    for (let at = 0; at < length; at++) {
      const flash = written(3);
      const bytes = flash.files.get(`${NAME}1`) as Uint8Array;
      bytes[at] = (bytes[at] as number) ^ 0x10;
      const kept = readRecord(flash, NAME);
      expect(kept?.sequence).toBe(2);
      expect(kept?.numbers).toEqual(record(2));
    }
  });

  test('nonsense of any length in both places is no record', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 64 }), (a, b) => {
        const flash = new Flash();
        flash.files.set(`${NAME}0`, a);
        flash.files.set(`${NAME}1`, b);
        expect(readRecord(flash, NAME)).toBeUndefined();
      }),
    );
  });

  test('what is read does not change when the store does', () => {
    const flash = written(1);
    const kept = readRecord(flash, NAME);
    flash.files.get(`${NAME}1`)?.fill(0);
    expect(kept?.numbers).toEqual(record(1));
  });
});
