import { describe, expect, it } from 'vitest';
import { BQ76952_CRC, bq76952Charge_mC, bq76952Holds, bq76952Read } from '../../hal/chips/bq76952';
import { BusFault, UndefinedAccess } from '../../sim/chips/bus';
import { Bq76952Model } from '../../sim/chips/bq76952';
import { Random } from '../../sim/random';
import { Bench, CONFIG, IDEAL } from './bq76952Bench';
import { PLAIN } from './bq76952Bench';

describe('nonsense', () => {
  it('on every register: the driver throws an Error or gives finite numbers', () => {
    const random = new Random(3, 'nonsense');
    for (const config of [CONFIG, PLAIN]) {
      const bench = new Bench(IDEAL, config).close();
      const { afe } = bench;
      const table = afe.crc8;
      let honest = 0;
      bench.wire.onRead = (bytes, register) => {
        const length = random.uniform() < 0.05 ? 0 : bytes.length;
        for (let k = 0; k < length; k++) bytes[k] = random.bits();
        // Nonsense with right CRCs gets through.
        if (config.crc && honest++ % 2) {
          const seed = table[table[table[0x10]! ^ register]! ^ 0x11]!;
          for (let k = 0; k < bytes.length; k += 2) bytes[k + 1] = table[(k === 0 ? seed : 0) ^ bytes[k]!]!;
        }
      };
      const blocks = [afe.cells, afe.safety, afe.temperatures, afe.fets, afe.answer];
      for (let k = 0; k < 4000; k++) {
        const block = blocks[k % blocks.length]!;
        const out = new Float64Array(block.words.length);
        try {
          expect(Number.isFinite(bq76952Read(afe, block, out))).toBe(true);
          expect(out.every(Number.isFinite)).toBe(true);
          bq76952Holds(afe);
          expect(Number.isFinite(bq76952Charge_mC(afe))).toBe(true);
        } catch (error) {
          expect((error as Error).message).toBe(BQ76952_CRC);
        }
      }
    }
  });

  it('while it is opened: an Error, in bounded time', () => {
    const random = new Random(4, 'nonsense');
    let failures = 0;
    for (let k = 0; k < 40; k++) {
      const bench = new Bench();
      bench.wire.onRead = (bytes) => {
        if (random.uniform() < 0.2) for (let n = 0; n < bytes.length; n++) bytes[n] = random.bits();
      };
      let opened = false;
      try {
        bench.open();
        opened = true;
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
        failures++;
      }
      // It may come through, but then with the right settings.
      if (opened) expect(bench.opened.applied).toEqual(new Bench().open().opened.applied);
      expect(bench.wire.transactions).toBeLessThan(20000);
    }
    expect(failures).toBeGreaterThan(10);
  });

  it('answers that are too short, or empty, are wrong', () => {
    const bench = new Bench().close();
    const read = bench.wire.readReg.bind(bench.wire);
    for (const lost of [1, 30, 84]) {
      bench.wire.readReg = (address, register, count) => (read(address, register, count) as Uint8Array).slice(lost);
      expect(() => bench.cells()).toThrow(BQ76952_CRC);
    }
  });

  it('written into the model: it throws UndefinedAccess or does not acknowledge, and nothing else', () => {
    const random = new Random(5, 'writes');
    const model = new Bq76952Model([0, 1, 15], new Random(5, 'part'), IDEAL);
    const cells_V = Float64Array.of(3.7, 3.8, 3.9);
    const temperatures_C = Float64Array.of(25, 25, 25);
    const refused = { undefined: 0, unacknowledged: 0 };
    let time_ms = 0;
    for (let k = 0; k < 30000; k++) {
      time_ms += 3;
      const registers = [0x3e, 0x3e, 0x3e, 0x60, random.bits() & 0x7f];
      const bytes = Uint8Array.from({ length: 1 + (random.bits() & 7) }, () => random.bits());
      bytes[0] = registers[k % registers.length]!;
      // Half of the subcommands are of those that exist, and some data memory.
      if (bytes[0] === 0x3e && bytes.length > 2 && k % 3 > 0) {
        bytes[2] = k % 3 === 1 ? 0 : 0x91 + (random.bits() & 1);
        if (k % 50 === 1) bytes[1] = 0x90;
      }
      try {
        model.wire.writeTo(bytes, time_ms);
        model.wire.readReg(random.bits() & 0x7f, new Uint8Array(random.bits() & 15), time_ms + 1);
        model.run(0.003, cells_V, 1, temperatures_C);
      } catch (error) {
        if (error instanceof UndefinedAccess) refused.undefined++;
        else if (error instanceof BusFault) refused.unacknowledged++;
        else throw error;
      }
    }
    expect(refused.undefined).toBeGreaterThan(1000);
  });
});
