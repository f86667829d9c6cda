import { describe, expect, it } from 'vitest';
import { Bq76952Fet } from '../../hal/chips/bq76952';
import { bq76952Open } from '../../hal/chips/bq76952Open';
import { BusFault } from '../../sim/chips/bus';
import { Bench, CONFIG, IDEAL, LIMITS, Wire } from './bq76952Bench';
import { PLAIN } from './bq76952Bench';

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
    expect(() => bench.open()).toThrow('part at 0x8 is 0x7694, not a BQ76952');
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
    expect(() => bench.open()).toThrow('BQ76952 does not hold its setting 0x9278: 85 reads');
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
    expect(() => without(0x01).open()).toThrow('BQ76952 does not answer 0x1');
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

describe('a wire of its own', () => {
  it('takes 0.1 ms a poll and less than a second to open', () => {
    const bench = new Bench().open();
    expect(bench.wire).toBeInstanceOf(Wire);
    expect(bench.wire.time_ms).toBeLessThan(1000);
  });
});
