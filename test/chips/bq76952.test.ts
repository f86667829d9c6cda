import { describe, expect, it } from 'vitest';
import {
  BQ76952_CRC,
  BQ76952_MA_PER_WORD,
  Bq76952Fet,
  Bq76952FetOff,
  Bq76952Status,
  Bq76952Subcommand,
  Bq76952Word,
  bq76952Answered,
  bq76952Ask,
  bq76952Charge_mC,
  bq76952Holds,
  bq76952Read,
  bq76952Send,
  bq76952Write,
} from '../../hal/chips/bq76952';
import { crc8Table } from '../../hal/chips/crc8';
import { BusFault } from '../../sim/chips/bus';
import { Random } from '../../sim/random';
import { Bench, CONFIG, IDEAL, LIMITS } from './bq76952Bench';
import { PLAIN } from './bq76952Bench';

describe('CRC-8 of the BQ76952', () => {
  // Software guide SLUAA11B, section 4, figures 4-1 and 4-2.
  it.each([
    [[0x10, 0x3e, 0x22], 0x63],
    [[0x00], 0x00],
    [[0x10, 0x14, 0x11, 0x68], 0x33],
    [[0x0b], 0x31],
  ])('of %j is %i', (bytes, crc) => {
    const table = crc8Table();
    expect(bytes.reduce((before, byte) => table[before ^ byte]!, 0)).toBe(crc);
  });

  it('frames a write as the guide does', () => {
    const { afe } = new Bench().open();
    const sent: number[][] = [];
    afe.bus.writeTo = (_, bytes) => void sent.push(Array.from(bytes as ArrayLike<number>));
    bq76952Send(afe, Bq76952Subcommand.FetEnable, 0, 0);
    expect(sent).toEqual([[0x3e, 0x22, 0x63, 0x00, 0x00]]);
  });
});

describe('what a tick reads', () => {
  it.each([CONFIG, PLAIN])('every cell of every legal choice of inputs, crc $crc', (config) => {
    const random = new Random(2, 'cells');
    for (const cells of [0xffff, 0x801f, 0x8003, 0x8041, 0xa5a5, 0x8923]) {
      const inputs = Array.from({ length: 16 }, (_, k) => k).filter((k) => (cells >> k) & 1);
      const bench = new Bench(IDEAL, { ...config, cells }, inputs).open();
      for (let k = 0; k < inputs.length; k++) bench.cells_V[k] = Math.round(2600 + 1600 * random.uniform()) / 1000;
      bench.current_A = -12.34;
      bench.live(0.2);
      const words = bench.cells();
      const n = inputs.length;
      expect([...words.subarray(0, n)]).toEqual([...bench.cells_V].map((volts) => Math.round(volts * 1000)));
      const stack_V = bench.cells_V.reduce((sum, volts) => sum + volts, 0);
      expect(Math.abs(words[n + Bq76952Word.Stack]! - 100 * stack_V)).toBeLessThan(1);
      expect(words[n + Bq76952Word.Current]! * -BQ76952_MA_PER_WORD).toBe(-12340);
    }
  });

  it('PACK, temperatures below zero and above, the die', () => {
    const bench = new Bench().open();
    bench.model.measure.pack_V = 12.3;
    bench.model.measure.ambient_C = 31;
    bench.temperatures_C.set([-12.3, 61.2]);
    bench.live(0.2);
    expect(bench.cells()[6 + Bq76952Word.Pack]).toBe(1230);
    const out = new Float64Array(3);
    bq76952Read(bench.afe, bench.afe.temperatures, out);
    for (const [k, expected_C] of [31, -12.3, 61.2].entries())
      expect(Math.abs(out[k]! / 10 - 273.15 - expected_C)).toBeLessThan(0.051);
  });

  it('charge, discharge positive, also where the words of the count carry and where it is negative', () => {
    const bench = new Bench(IDEAL, { ...CONFIG, limits: { ...LIMITS, hostSilence_s: 65535 } }).close();
    const charge_mC = (): number => {
      bq76952Ask(bench.afe, Bq76952Subcommand.Charge);
      expect(bq76952Answered(bench.afe)).toBe(false);
      bench.live(0.01);
      expect(bq76952Answered(bench.afe)).toBe(true);
      return bq76952Charge_mC(bench.afe);
    };
    const before_mC = charge_mC();
    for (const [current_A, time_s] of [
      [100, 500],
      [-100, 1000],
      [3, 7],
    ] as const) {
      const begin_mC = charge_mC();
      bench.current_A = current_A;
      bench.live(time_s);
      bench.current_A = 0;
      // The part's gain is a single-precision number.
      expect((charge_mC() - begin_mC) / (1000 * current_A * time_s)).toBeCloseTo(1, 6);
    }
    bq76952Send(bench.afe, Bq76952Subcommand.ResetCharge, 0, 0);
    expect(Math.abs(charge_mC() - before_mC)).toBeLessThan(0.01);
  });

  it('tries a wrong CRC or a lost acknowledge once more, then throws, each its own error', () => {
    const bench = new Bench().close();
    const out = new Float64Array(9).fill(7);
    for (let seed = 0; seed < 50; seed++) {
      const before = bench.wire.transactions;
      bench.model.wire.corruptReads = 1;
      bq76952Read(bench.afe, bench.afe.cells, out);
      // A wrong bit in a byte that is not wanted does no harm.
      expect(bench.wire.transactions - before).toBeLessThanOrEqual(2);
      expect(out[5]).toBe(3800);
    }
    bench.model.wire.lateReads = 1;
    bq76952Read(bench.afe, bench.afe.cells, out);
    bench.model.wire.lateReads = 2;
    expect(() => bq76952Read(bench.afe, bench.afe.cells, out)).toThrow(BusFault);
    bench.model.wire.lateReads = 0;
    bench.wire.onRead = (bytes) => void (bytes[bytes.length - 1]! ^= 0x10);
    out.fill(7);
    expect(() => bq76952Read(bench.afe, bench.afe.cells, out)).toThrow(new Error(BQ76952_CRC));
    expect([...out]).toEqual(new Array(9).fill(7));
  });

  it('any bit wrong in any byte that is wanted is noticed', () => {
    const bench = new Bench().close();
    const { afe } = bench;
    const out = new Float64Array(9);
    let flip = 0;
    bench.wire.onRead = (bytes) => void (bytes[flip >> 3]! ^= 1 << (flip & 7));
    const wanted = new Set([0, 1, 2, 3]);
    for (const at of afe.cells.at) for (let k = 0; k < 4; k++) wanted.add(at + k);
    for (flip = 0; flip < 8 * afe.cells.count; flip++) {
      if (wanted.has(flip >> 3)) expect(() => bq76952Read(afe, afe.cells, out)).toThrow(BQ76952_CRC);
      else bq76952Read(afe, afe.cells, out);
    }
  });

  it('another register, or another part, than the one asked is noticed', () => {
    const bench = new Bench().close();
    const read = bench.wire.readReg.bind(bench.wire);
    bench.wire.readReg = (address, register, count) => read(address, register ^ 0x02, count);
    expect(() => bench.cells()).toThrow(BQ76952_CRC);
  });

  it('a write that is not acknowledged is sent once more', () => {
    const bench = new Bench().close();
    const write = bench.wire.writeTo.bind(bench.wire);
    let lost = 1;
    bench.wire.writeTo = (address, bytes) => {
      if (lost-- > 0) throw new BusFault('no acknowledge');
      write(address, bytes);
    };
    bq76952Send(bench.afe, Bq76952Subcommand.AllFetsOff, 0, 0);
    expect(bench.fets()).toBe(0);
    lost = 2;
    expect(() => bq76952Write(bench.afe, 0x62, [0xff, 0xff])).toThrow(BusFault);
  });
});

describe('a part that lost its settings', () => {
  it('with CRC: every read is wrong, until it is opened again', () => {
    const bench = new Bench().close();
    bench.model.reset();
    expect(() => bench.cells()).toThrow(BQ76952_CRC);
    expect(() => bench.faults()).toThrow(BQ76952_CRC);
    // What the firmware still sends is not understood, and does no harm.
    for (const command of [Bq76952Subcommand.AllFetsOff, Bq76952Subcommand.ReleaseShort, Bq76952Subcommand.AllFetsOn])
      bq76952Send(bench.afe, command, 0, 0);
    bq76952Send(bench.afe, Bq76952Subcommand.FetControl, 0, 1);
    bq76952Send(bench.afe, Bq76952Subcommand.BalanceCells, 0x8001, 2);
    bench.live(1);
    expect(bench.model.chargeConducts || bench.model.dischargeConducts).toBe(false);
    bench.close();
    expect(bench.fets()).toBe(Bq76952Fet.Charge | Bq76952Fet.Discharge);
  });

  it('without CRC: Battery Status says so', () => {
    const bench = new Bench(IDEAL, PLAIN).close();
    expect(bench.status() & Bq76952Status.PowerOnReset).toBe(0);
    bench.model.reset();
    expect(bench.status() & Bq76952Status.PowerOnReset).not.toBe(0);
  });

  it('one setting that changed is found within one round, whatever else is asked meanwhile', () => {
    const bench = new Bench().close();
    const { afe, model } = bench;
    const rounds = afe.settings.length / 2 + 2;
    const check = (): boolean => {
      const holds = bq76952Holds(afe);
      bench.live(0.1);
      return holds;
    };
    for (let k = 0; k < 2 * rounds; k++) {
      expect(check()).toBe(true);
      if (k % 5 === 0) bq76952Send(afe, Bq76952Subcommand.FetControl, Bq76952FetOff.Charge, 1);
      if (k % 7 === 0) bq76952Ask(afe, Bq76952Subcommand.Charge);
    }
    for (const address of [0x9261, 0x9278, 0x9286, 0x92b2, 0x9304, 0x9308, 0x91a8]) {
      const block = model.memory.block(address);
      block[0]! ^= 0x04;
      let found = false;
      for (let k = 0; k < rounds + 1 && !found; k++) found = !check();
      expect(found).toBe(true);
      block[0]! ^= 0x04;
    }
  });
});
