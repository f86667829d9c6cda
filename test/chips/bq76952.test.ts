import * as fc from 'fast-check';
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
import { bq76952Open } from '../../hal/chips/bq76952Open';
import { bq76952Limits, bq76952Settings, type Bq76952Limits } from '../../hal/chips/bq76952Settings';
import { crc8Table } from '../../hal/chips/crc8';
import { BusFault, UndefinedAccess } from '../../sim/chips/bus';
import { Bq76952Model } from '../../sim/chips/bq76952';
import { Random } from '../../sim/random';
import { Bench, CONFIG, IDEAL, LIMITS, Wire } from './bq76952Bench';

const PLAIN = { ...CONFIG, crc: false };

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

describe('opening a BQ76952', () => {
  it.each([CONFIG, PLAIN])('leaves it with its settings, switches open, crc $crc', (config) => {
    const bench = new Bench(IDEAL, config).open();
    expect(bench.fets()).toBe(0);
    expect(bench.opened.applied).toEqual({
      ...LIMITS,
      cellOver_mV: 4301,
      cellOverDelay_ms: 198,
      cellOverHysteresis_mV: 151.8,
      cellUnder_mV: 2530,
      cellUnderDelay_ms: 198,
      cellUnderHysteresis_mV: 303.6,
      chargeOverDelay_ms: 39.6,
      dischargeOver1Delay_ms: 39.6,
      dischargeOver2Delay_ms: 19.8,
      shortDelay_us: 90,
    });
  });

  it.each([
    [CONFIG, PLAIN],
    [CONFIG, CONFIG],
    [PLAIN, CONFIG],
    [PLAIN, PLAIN],
  ])('finds a part that an earlier start left with crc $crc', (before, after) => {
    const bench = new Bench(IDEAL, before).close();
    expect(bench.fets()).toBe(Bq76952Fet.Charge | Bq76952Fet.Discharge);
    bench.opened = bq76952Open(bench.wire, after);
    expect(bench.fets()).toBe(0);
    bench.live(0.1);
    expect(bench.cells()[0]).toBe(3800);
  });

  it('refuses another part', () => {
    const bench = new Bench();
    bench.wire.onRead = (bytes, register) => {
      if (register === 0x3e && bytes[2] === 0x95) bytes[2] = 0x94;
    };
    expect(() => bench.open()).toThrow(`part at 8 is ${0x7694}, not a BQ76952`);
  });

  it('throws what the bus throws when nobody answers', () => {
    const bench = new Bench();
    bench.wire.readReg = () => {
      throw new BusFault('no acknowledge');
    };
    expect(() => bench.open()).toThrow(BusFault);
  });

  it('names a setting that does not hold', () => {
    const bench = new Bench();
    const write = bench.model.memory.write.bind(bench.model.memory);
    bench.model.memory.write = (address, data) => write(address, address === 0x9278 ? Uint8Array.of(86) : data);
    expect(() => bench.open()).toThrow(`BQ76952 does not hold its setting ${0x9278}: 85 reads`);
  });

  /** A bench whose part never gets to see one subcommand. */
  const without = (subcommand: number, bench = new Bench()): Bench => {
    const write = bench.wire.writeTo.bind(bench.wire);
    bench.wire.writeTo = (address, bytes) => {
      if (bytes[0] !== 0x3e || bytes[1] !== subcommand) write(address, bytes);
    };
    return bench;
  };
  /** A bench whose part starts with another value of a setting than it says. */
  const pretending = (address: number, value: number): Bench => {
    const bench = new Bench();
    const { memory } = bench.model;
    const get = memory.get.bind(memory);
    memory.get = (place) => (place === address ? value : get(place));
    return bench;
  };

  it('names what the part does not do', () => {
    expect(() => without(0x01).open()).toThrow('BQ76952 does not answer 1');
    expect(() => without(0x90).open()).toThrow('BQ76952 does not enter CONFIG_UPDATE');
    expect(() => without(0x92).open()).toThrow('BQ76952 does not leave CONFIG_UPDATE');
    expect(() => without(0x92, new Bench(IDEAL, PLAIN)).open()).toThrow('BQ76952 does not leave CONFIG_UPDATE');
    expect(() => pretending(0x9239, 0x08).open()).toThrow('BQ76952 does not change to CRC');
    const neverReady = new Bench();
    neverReady.wire.onRead = (bytes) => {
      if (bytes.length === 2) bytes[1] = 0;
    };
    expect(() => neverReady.open()).toThrow('BQ76952 does not start');
  });

  it('throws what the bus throws when the part does not come back from its reset', () => {
    const bench = new Bench();
    const read = bench.wire.readReg.bind(bench.wire);
    bench.wire.readReg = (address, register, count) => {
      if (count === 2) throw new BusFault('no acknowledge');
      return read(address, register, count);
    };
    expect(() => bench.open()).toThrow(BusFault);
  });

  it('changes a part to CRC that waits to be told', () => {
    const bench = new Bench();
    const { memory } = bench.model;
    const get = memory.get.bind(memory);
    let told = false;
    memory.get = (place) => (place === 0x9239 && !told ? 0 : get(place));
    const write = bench.wire.writeTo.bind(bench.wire);
    bench.wire.writeTo = (address, bytes) => {
      if (bytes[1] === 0xbc) told = true;
      write(address, bytes);
    };
    bench.close();
    expect(bench.fets()).toBe(Bq76952Fet.Charge | Bq76952Fet.Discharge);
  });

  it('takes over the switches of a part that starts in its test mode', () => {
    const bench = pretending(0x9343, 0x0040).close();
    expect(bench.fets()).toBe(Bq76952Fet.Charge | Bq76952Fet.Discharge);
    const deaf = without(0x22, pretending(0x9343, 0x0040));
    expect(() => deaf.open()).toThrow('BQ76952 does not take over the switches');
  });

  it('does not take a part that resets itself again and again', () => {
    const bench = new Bench();
    const write = bench.wire.writeTo.bind(bench.wire);
    bench.wire.writeTo = (address, bytes) => {
      write(address, bytes);
      if (bytes[0] === 0x3e && bytes[1] === 0x92) bench.model.reset();
    };
    expect(() => bench.open()).toThrow('BQ76952');
  });

  it.each<[string, Partial<typeof CONFIG>]>([
    ['shunt_uOhm is 0; allowed: above 0', { shunt_uOhm: 0 }],
    ['cells is 3;', { cells: 3 }],
    ['cells is 63;', { cells: 0x3f }],
    ['cells is 98305;', { cells: 0x18001 }],
    ['protections has 8388608', { protections: 0x800000 }],
    ['thermistors is 0;', { thermistors: 0 }],
    ['cellOver_mV is 5700; allowed: 1012 to 5566', { limits: { ...LIMITS, cellOver_mV: 5700 } }],
    ['cellUnder_mV is 5000; allowed: 1012 to 4554', { limits: { ...LIMITS, cellUnder_mV: 5000, cellOver_mV: 5566 } }],
    ['cellUnder_mV is not below', { limits: { ...LIMITS, cellUnder_mV: 4000 } }],
    ['dischargeOver1_mA is 203000; allowed: 4000 to 200000', { limits: { ...LIMITS, dischargeOver1_mA: 203000 } }],
    ['chargeOver_mA is 3999; allowed: 4000 to 124000', { limits: { ...LIMITS, chargeOver_mA: 3999 } }],
    ['short_mA is 9000; allowed: 10000 to 500000', { limits: { ...LIMITS, short_mA: 9000 } }],
    ['shortDelay_us is -1;', { limits: { ...LIMITS, shortDelay_us: -1 } }],
    ['hostSilence_s is 0;', { limits: { ...LIMITS, hostSilence_s: 0 } }],
    ['dieHot_C is NaN', { limits: { ...LIMITS, dieHot_C: NaN } }],
    ['chargeHotRelease_C is not below', { limits: { ...LIMITS, chargeHotRelease_C: 45 } }],
    ['dischargeHotRelease_C is not below', { limits: { ...LIMITS, dischargeHotRelease_C: 60 } }],
    ['dieHotRelease_C is not below', { limits: { ...LIMITS, dieHotRelease_C: 100 } }],
    ['chargeColdRelease_C is not above', { limits: { ...LIMITS, chargeColdRelease_C: 0 } }],
    ['dischargeColdRelease_C is not above', { limits: { ...LIMITS, dischargeColdRelease_C: -20 } }],
  ])('refuses: %s', (message, change) => {
    const bench = new Bench(IDEAL, { ...CONFIG, ...change });
    expect(() => bench.open()).toThrow(message.startsWith('dieHot_C') ? 'dieHotRelease_C' : message);
    expect(bench.wire.transactions).toBe(0);
  });
});

/**
 * Range and step of each limit for a 1 mOhm shunt, from the manual, and whether the safe side is up. The lowest five steps of
 * cellOver_mV would contradict every cellUnder_mV.
 */
const GRID: Record<
  keyof Bq76952Limits,
  readonly [first: number, step: number, least: number, most: number, up: boolean]
> = {
  cellOver_mV: [0, 50.6, 25, 110, false],
  cellOverDelay_ms: [6.6, 3.3, 1, 2047, false],
  cellOverHysteresis_mV: [0, 50.6, 2, 20, true],
  cellUnder_mV: [0, 50.6, 20, 90, true],
  cellUnderDelay_ms: [6.6, 3.3, 1, 2047, false],
  cellUnderHysteresis_mV: [0, 50.6, 2, 20, true],
  chargeOver_mA: [0, 2000, 2, 62, false],
  chargeOverDelay_ms: [6.6, 3.3, 1, 127, false],
  dischargeOver1_mA: [0, 2000, 2, 100, false],
  dischargeOver1Delay_ms: [6.6, 3.3, 1, 127, false],
  dischargeOver2_mA: [0, 2000, 2, 100, false],
  dischargeOver2Delay_ms: [6.6, 3.3, 1, 127, false],
  short_mA: [0, 0, 0, 0, false],
  shortDelay_us: [-15, 15, 1, 31, false],
  chargeHot_C: [0, 1, -40, 120, false],
  chargeHotRelease_C: [0, 1, -40, 120, false],
  dischargeHot_C: [0, 1, -40, 120, false],
  dischargeHotRelease_C: [0, 1, -40, 120, false],
  chargeCold_C: [0, 1, -40, 120, true],
  chargeColdRelease_C: [0, 1, -40, 120, true],
  dischargeCold_C: [0, 1, -40, 120, true],
  dischargeColdRelease_C: [0, 1, -40, 120, true],
  dieHot_C: [0, 1, -40, 120, false],
  dieHotRelease_C: [0, 1, -40, 120, false],
  temperatureDelay_s: [0, 1, 0, 255, false],
  recovery_s: [0, 1, 0, 255, true],
  shortRecovery_s: [0, 1, 0, 255, true],
  latchAfter: [0, 1, 1, 255, false],
  hostSilence_s: [0, 1, 1, 65535, false],
  balance_s: [0, 1, 1, 255, false],
};
const NAMES = Object.keys(GRID) as (keyof Bq76952Limits)[];
const SHORT_MA = [10, 20, 40, 60, 80, 100, 125, 150, 175, 200, 250, 300, 350, 400, 450, 500].map((mV) => mV * 1000);

/** Limits that do not contradict this one. */
function around(name: keyof Bq76952Limits, value: number): Bq76952Limits {
  const wide: Bq76952Limits = {
    ...LIMITS,
    cellUnder_mV: 1012,
    cellUnderHysteresis_mV: 101.2,
    cellOver_mV: 5566,
    cellOverHysteresis_mV: 101.2,
    [name]: value,
  };
  for (const [level, release] of [
    ['chargeHot_C', 'chargeHotRelease_C'],
    ['dischargeHot_C', 'dischargeHotRelease_C'],
    ['dieHot_C', 'dieHotRelease_C'],
  ] as const) {
    if (name === level) wide[release] = value - 1;
    if (name === release) wide[level] = value + 1;
  }
  for (const [level, release] of [
    ['chargeCold_C', 'chargeColdRelease_C'],
    ['dischargeCold_C', 'dischargeColdRelease_C'],
  ] as const) {
    if (name === level) wide[release] = value + 1;
    if (name === release) wide[level] = value - 1;
  }
  return wide;
}
const apply = (limits: Bq76952Limits): Bq76952Limits => {
  const config = { ...CONFIG, limits };
  return bq76952Limits(config, bq76952Settings(config));
};

describe('the limits of a BQ76952', () => {
  it.each(NAMES.filter((name) => name !== 'short_mA'))('%s: every step of its range is itself', (name) => {
    const [first, step, least, most] = GRID[name];
    const release = name.endsWith('_C');
    for (let n = least + (release ? 1 : 0); n <= most - (release ? 1 : 0); n += n > 300 ? 211 : 1) {
      const value = (10 * first + 10 * step * n) / 10;
      const limits = around(name, value);
      const applied = apply(limits);
      expect(Math.abs(applied[name] - value)).toBeLessThan(1e-9);
      expect(apply({ ...limits, [name]: applied[name] })[name]).toBe(applied[name]);
    }
  });

  it.each(NAMES.filter((name) => name !== 'short_mA'))('%s: a wish between two steps goes to the safe one', (name) => {
    const [first, step, least, most, up] = GRID[name];
    const wish = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    const steps = fc.integer({ min: least + 2, max: most - 2 });
    fc.assert(
      fc.property(steps, wish, (n, part) => {
        const value = first + step * (n + part);
        const safe = first + step * (up ? n + 1 : n);
        expect(apply(around(name, value))[name]).toBeCloseTo(safe, 6);
      }),
      { numRuns: 40 },
    );
  });

  it('short_mA: the next level below', () => {
    for (const [k, level_mA] of SHORT_MA.entries()) {
      expect(apply({ ...LIMITS, short_mA: level_mA }).short_mA).toBe(level_mA);
      const next_mA = SHORT_MA[k + 1] ?? 2 * level_mA;
      expect(apply({ ...LIMITS, short_mA: next_mA - 1 }).short_mA).toBe(level_mA);
    }
  });

  it('are those the part reports, for any board', () => {
    const board = fc.record({
      shunt_uOhm: fc.integer({ min: 200, max: 5000 }),
      over: fc.integer({ min: 3000, max: 5500 }),
      under: fc.integer({ min: 1012, max: 2000 }),
      delay_ms: fc.integer({ min: 10, max: 400 }),
      hot_C: fc.integer({ min: -38, max: 119 }),
      cold_C: fc.integer({ min: -39, max: 118 }),
      crc: fc.boolean(),
    });
    fc.assert(
      fc.property(board, ({ shunt_uOhm, over, under, delay_ms, hot_C, cold_C, crc }) => {
        const limits: Bq76952Limits = {
          ...LIMITS,
          cellOver_mV: over,
          cellOverDelay_ms: delay_ms * 16,
          cellUnder_mV: under,
          chargeOver_mA: 60e6 / shunt_uOhm,
          dischargeOver1_mA: 120e6 / shunt_uOhm,
          dischargeOver1Delay_ms: delay_ms,
          dischargeOver2_mA: 150e6 / shunt_uOhm,
          short_mA: 300e6 / shunt_uOhm,
          chargeHot_C: hot_C,
          chargeHotRelease_C: hot_C - 2,
          dischargeCold_C: cold_C,
          dischargeColdRelease_C: cold_C + 2,
        };
        const { opened, model } = new Bench(IDEAL, { ...CONFIG, shunt_uOhm, crc, limits }).open();
        const { applied } = opened;
        expect(applied.cellOver_mV).toBeCloseTo(50.6 * model.memory.get(0x9278), 9);
        expect(applied.cellUnder_mV).toBeCloseTo(50.6 * model.memory.get(0x9275), 9);
        expect(applied.cellOverDelay_ms).toBeCloseTo(3.3 * (2 + model.memory.get(0x9279)), 6);
        expect(applied.dischargeOver1_mA * shunt_uOhm).toBeCloseTo(2e6 * model.memory.get(0x9282), 3);
        expect(applied.dischargeOver1Delay_ms).toBeCloseTo(3.3 * (2 + model.memory.get(0x9283)), 9);
        expect(applied.chargeHot_C).toBe(model.memory.get(0x929a));
        expect(applied.dischargeCold_C).toBe(model.memory.get(0x92a9));
        expect(applied.dischargeColdRelease_C).toBe(model.memory.get(0x92ab));
        expect(7.5684 / model.memory.get(0x91a8)).toBeCloseTo(shunt_uOhm / 1000, 6);
      }),
      { numRuns: 15 },
    );
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
      bench.model.corruptReads = 1;
      bq76952Read(bench.afe, bench.afe.cells, out);
      // A wrong bit in a byte that is not wanted does no harm.
      expect(bench.wire.transactions - before).toBeLessThanOrEqual(2);
      expect(out[5]).toBe(3800);
    }
    bench.model.lateReads = 1;
    bq76952Read(bench.afe, bench.afe.cells, out);
    bench.model.lateReads = 2;
    expect(() => bq76952Read(bench.afe, bench.afe.cells, out)).toThrow(BusFault);
    bench.model.lateReads = 0;
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
        model.writeTo(bytes, time_ms);
        model.readReg(random.bits() & 0x7f, new Uint8Array(random.bits() & 15), time_ms + 1);
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

describe('a wire of its own', () => {
  it('takes 0.1 ms a poll and less than a second to open', () => {
    const bench = new Bench().open();
    expect(bench.wire).toBeInstanceOf(Wire);
    expect(bench.wire.time_ms).toBeLessThan(1000);
  });
});
