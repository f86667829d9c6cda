import { describe, expect, test } from 'vitest';
import { NorFlash } from '../../sim/chips/flash';
import { Mb85rcModel } from '../../sim/chips/mb85rc';
import { Random } from '../../sim/random';
import { MEDIA, PAGE_BYTES, PAGES, cut, fram, norFlash } from './media';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const BEGIN = 0x310000;

describe.each(MEDIA)('%s', (_name, create) => {
  test('an erased page is blank, and holds what is written', () => {
    const { area } = create();
    const { flash, begin } = area;
    flash.erasePage(begin + PAGE_BYTES);
    expect([...(flash.read(PAGE_BYTES, begin + PAGE_BYTES) as Uint8Array)].every((byte) => byte === 255)).toBe(true);
    const data = Uint8Array.from({ length: 100 }, (_, k) => k);
    flash.write(data, begin + PAGE_BYTES + 200);
    expect(Uint8Array.from(flash.read(100, begin + PAGE_BYTES + 200) as Uint8Array)).toEqual(data);
    expect(Uint8Array.from(flash.read(8, begin + PAGE_BYTES + 296) as Uint8Array)).toEqual(
      bytes(96, 97, 98, 99, 255, 255, 255, 255),
    );
  });

  test('an erase touches its page only', () => {
    const medium = create();
    medium.model.cells.fill(0);
    medium.area.flash.erasePage(medium.area.begin + 3 * PAGE_BYTES);
    const blank = medium.model.cells.reduce((sum, byte) => sum + (byte === 255 ? 1 : 0), 0);
    expect(blank).toBe(PAGE_BYTES);
    expect(medium.model.cells[3 * PAGE_BYTES]).toBe(255);
    expect(medium.model.cells[4 * PAGE_BYTES - 1]).toBe(255);
  });

  test('power fails after so many bytes, in a write and in an erase', () => {
    const medium = create();
    const { flash, begin } = medium.area;
    flash.erasePage(begin);
    expect(cut(medium, 8, () => flash.write(new Uint8Array(8), begin))).toBe(false);
    expect(cut(medium, 7, () => flash.write(new Uint8Array(8), begin + 8))).toBe(true);
    expect(cut(medium, PAGE_BYTES - 1, () => flash.erasePage(begin))).toBe(true);
    expect(cut(medium, PAGE_BYTES, () => flash.erasePage(begin))).toBe(false);
  });
});

describe('NOR flash', () => {
  test('a write clears bits and sets none', () => {
    const { area } = norFlash();
    area.flash.write(bytes(0xf0, 0, 255, 255), BEGIN);
    area.flash.write(bytes(0x3c, 255, 0, 255), BEGIN);
    expect([...(area.flash.read(4, BEGIN) as Uint8Array)]).toEqual([0x30, 0, 0, 255]);
  });

  test('it takes whole words within the area', () => {
    const { area } = norFlash();
    const { flash } = area;
    expect(() => flash.write(bytes(1, 2, 3), BEGIN)).toThrow('whole words, not 3 bytes');
    expect(() => flash.write(bytes(1, 2, 3, 4), BEGIN + 2)).toThrow('whole words');
    expect(() => flash.read(4, BEGIN - 4)).toThrow('outside the area');
    expect(() => flash.read(0, BEGIN)).toThrow('outside the area');
    expect(() => flash.read(8, BEGIN + PAGES * PAGE_BYTES - 4)).toThrow('outside the area');
    expect(() => flash.erasePage(BEGIN + PAGES * PAGE_BYTES)).toThrow('outside the area');
  });

  /** A page written with zeros whose erase is cut half way. */
  function halfErased(): NorFlash {
    const medium = norFlash();
    medium.model.write(new Uint8Array(PAGE_BYTES), BEGIN);
    cut(medium, PAGE_BYTES / 2, () => medium.model.erasePage(BEGIN));
    return medium.model;
  }

  test('of a half-erased page some bits are set, some not, and some read either way', () => {
    const flash = halfErased();
    const a = flash.read(PAGE_BYTES, BEGIN).slice();
    const b = flash.read(PAGE_BYTES, BEGIN).slice();
    const ones = (all: Uint8Array): number => all.reduce((sum, x) => sum + x.toString(2).replaceAll('0', '').length, 0);
    expect(ones(a)).toBeGreaterThan(PAGE_BYTES * 8 * 0.35);
    expect(ones(a)).toBeLessThan(PAGE_BYTES * 8 * 0.65);
    const differ = ones(a.map((x, k) => x ^ (b[k] as number)));
    expect(differ).toBeGreaterThan(PAGE_BYTES * 8 * 0.1);
    flash.erasePage(BEGIN);
    expect(flash.read(PAGE_BYTES, BEGIN).every((x) => x === 255)).toBe(true);
  });

  test('what is written to 0 over bits in between stays 0', () => {
    const flash = halfErased();
    flash.write(new Uint8Array(PAGE_BYTES), BEGIN);
    expect(flash.read(PAGE_BYTES, BEGIN).every((x) => x === 0)).toBe(true);
  });

  test('a cut write leaves the first bytes, or no byte for sure', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const medium = norFlash(seed);
      cut(medium, 4, () => medium.model.write(new Uint8Array(12), BEGIN));
      const data = medium.model.read(12, BEGIN).slice();
      const again = medium.model.read(12, BEGIN).slice();
      expect(data.subarray(8).every((x) => x === 255) || data.some((x, k) => x !== again[k])).toBe(true);
      seen.add(data.subarray(0, 4).every((x) => x === 0) ? 'the first bytes' : 'all at once');
    }
    expect(seen.size).toBe(2);
  });

  test('a page erased too often has bits that no longer move', () => {
    const medium = norFlash();
    const flash = medium.model;
    flash.endurance = 10;
    const whole = (): boolean => {
      flash.erasePage(BEGIN);
      const blank = flash.read(PAGE_BYTES, BEGIN).every((x) => x === 255);
      flash.write(new Uint8Array(PAGE_BYTES), BEGIN);
      return blank && flash.read(PAGE_BYTES, BEGIN).every((x) => x === 0);
    };
    for (let n = 0; n < 10; n++) expect(whole()).toBe(true);
    expect(whole()).toBe(false);
    expect(flash.erases[0]).toBe(11);
    expect(flash.busy_ms).toBeCloseTo(11 * 45 + 11 * 16 * 0.7, 6);
  });
});

describe('MB85RC', () => {
  test('a read goes on from the address, and from the end on to the begin', () => {
    const part = new Mb85rcModel(256);
    part.cells.set(Uint8Array.from({ length: 256 }, (_, k) => k));
    part.writeTo([0, 254]);
    const out = new Uint8Array(4);
    part.readFrom(out);
    expect([...out]).toEqual([254, 255, 0, 1]);
  });

  test('what the part does not define is a mistake', () => {
    const part = new Mb85rcModel();
    expect(() => part.readReg()).toThrow('no registers');
    expect(() => part.writeTo([0])).toThrow('two bytes');
  });

  test('bytes are kept as they come', () => {
    const medium = fram();
    cut(medium, 3, () => medium.area.flash.write(bytes(1, 2, 3, 4), 0));
    expect([...medium.model.cells.subarray(0, 4)]).toEqual([1, 2, 3, 0]);
  });
});

test('the same seed gives the same bits in between', () => {
  const run = (): Uint8Array => {
    const flash = new NorFlash(0, 512, 1, new Random(7, 'flash'));
    flash.write(new Uint8Array(512), 0);
    flash.cutAfter = 100;
    expect(() => flash.erasePage(0)).toThrow('power failed');
    return flash.read(512, 0).slice();
  };
  expect(run()).toEqual(run());
});
