import { describe, expect, it } from 'vitest';
import {
  Bq76952Fault,
  Bq76952Fet,
  Bq76952FetOff,
  Bq76952Register,
  Bq76952Status,
  Bq76952Subcommand,
  bq76952Read,
  bq76952Send,
  bq76952Write,
} from '../../hal/chips/bq76952';
import { BusFault, UndefinedAccess } from '../../sim/chips/bus';
import { Bq76952Model } from '../../sim/chips/bq76952';
import { BQ76952_TYPICAL } from '../../sim/chips/bq76952Measure';
import { Random } from '../../sim/random';
import { ALL_FAULTS, Bench, CONFIG, IDEAL, LIMITS } from './bq76952Bench';

const BOTH = Bq76952Fet.Charge | Bq76952Fet.Discharge;
const SILENT_FOR_EVER = { ...CONFIG, limits: { ...LIMITS, hostSilence_s: 65535 } };
/** A bench whose host need not speak. */
const calm = (): Bench => new Bench(IDEAL, SILENT_FOR_EVER).close();

describe('a BQ76952 as it comes', () => {
  const model = new Bq76952Model([0, 1, 2, 3, 4, 15], new Random(1, 'part'), IDEAL);
  const read = (register: number, count: number): number[] => {
    const out = new Uint8Array(count);
    model.readReg(register, out, 0);
    return [...out];
  };

  it('has no CRC, most protections off, its switches open, and says that it has been reset', () => {
    expect(model.memory.get(0x9261)).toBe(0x88);
    expect(model.memory.get(0x9262)).toBe(0);
    expect(model.memory.get(0x9263)).toBe(0);
    expect(read(0x12, 2)).toEqual([0x08, 0x01]);
    const cells_V = new Float64Array(6).fill(2);
    const temperatures_C = Float64Array.of(90, 90, 90);
    for (let k = 0; k < 100; k++) model.run(0.1, cells_V, 7, temperatures_C);
    expect(read(0x02, 6)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(read(0x7f, 1)).toEqual([0]);
  });

  it('protects against a short circuit of 10 mV and 4.35 V all the same', () => {
    model.run(0.1, new Float64Array(6).fill(4), 11, Float64Array.of(25, 25, 25));
    expect(read(0x03, 1)[0]! & Bq76952Fault.Short).not.toBe(0);
    model.run(0.4, new Float64Array(6).fill(4.36), 0, Float64Array.of(25, 25, 25));
    expect(read(0x03, 1)[0]! & Bq76952Fault.CellOver).not.toBe(0);
  });

  it.each([0x08, 0x3c, 0x7c, 0x7e])('has no register %i', (register) => {
    expect(() => read(register, 1)).toThrow(UndefinedAccess);
  });

  it('answers a subcommand when it is done, and not before', () => {
    model.writeTo([0x3e, 0x01, 0x00], 10);
    const early = new Uint8Array(4);
    model.readReg(0x3e, early, 10.3);
    expect([...early.subarray(0, 2)]).toEqual([0xff, 0xff]);
    const done = new Uint8Array(4);
    model.readReg(0x3e, done, 10.41);
    expect([...done]).toEqual([0x01, 0x00, 0x95, 0x76]);
    expect(read(0x60, 2)).toEqual([~(1 + 0x95 + 0x76) & 255, 6]);
  });

  it('takes data memory with the right checksum and length, in CONFIG_UPDATE alone', () => {
    const part = new Bq76952Model([0, 1, 15], new Random(1, 'part'), IDEAL);
    const write = (value: number, checksum: number, length: number, time_ms: number): void => {
      part.writeTo([0x3e, 0x78, 0x92, value], time_ms);
      part.writeTo([0x60, checksum, length], time_ms);
    };
    const checksum = (value: number): number => ~(0x78 + 0x92 + value) & 255;
    expect(() => write(70, checksum(70), 5, 1)).toThrow(UndefinedAccess);
    part.writeTo([0x3e, 0x90, 0x00], 2);
    expect(() => write(70, checksum(70), 5, 3.9)).toThrow(UndefinedAccess);
    write(70, checksum(70) ^ 1, 5, 4.1);
    write(70, checksum(70), 4, 4.2);
    write(70, checksum(70), 60, 4.2);
    expect(part.memory.get(0x9278)).toBe(86);
    write(70, checksum(70), 5, 4.3);
    expect(part.memory.get(0x9278)).toBe(70);
    expect(() => write(111, checksum(111), 5, 4.4)).toThrow('0x9278 is 111; allowed: 20 to 110');
    expect(() => part.writeTo([0x61, 5], 5)).toThrow(UndefinedAccess);
    expect(() => part.writeTo([0x14, 5], 5)).toThrow('register 0x14 cannot be written');
    expect(() => part.writeTo([0x3e, 0x77, 0x77], 5)).toThrow('subcommand 0x7777');
  });
});

describe('protections of a BQ76952, with the host silent', () => {
  it.each([0, 15, 90, 450])('short circuit: both switches open %i us after it began', (shortDelay_us) => {
    const bench = new Bench(IDEAL, { ...CONFIG, limits: { ...LIMITS, shortDelay_us } }).close();
    bench.current_A = 260;
    const opened_s = bench.live(0.002);
    expect(opened_s).toBeLessThan(1e-3);
    expect(opened_s * 1e6).toBeCloseTo(Math.max(shortDelay_us, 1), 3);
    expect(bench.fets() & BOTH).toBe(0);
    expect(bench.faults()).toBe(Bq76952Fault.Short | Bq76952Fault.ShortLatched);
  });

  it.each([
    [121, 39.6, Bq76952Fault.DischargeOver1, Bq76952Fet.Charge],
    [151, 19.8, Bq76952Fault.DischargeOver2, Bq76952Fet.Charge],
    [-31, 39.6, Bq76952Fault.ChargeOver, Bq76952Fet.Discharge],
  ])('over-current of %d A: after %d ms', (current_A, delay_ms, fault, left) => {
    const bench = new Bench().close();
    bench.current_A = current_A;
    const opened_s = bench.untilMoved(0.1);
    expect(opened_s * 1000).toBeCloseTo(delay_ms, 6);
    expect(opened_s).toBeLessThan(0.05);
    bench.current_A = 0;
    expect(bench.faults() & 0xff).toBe(fault);
    // Nothing flows any more, so no body diode keeps a switch closed.
    bench.live(0.01);
    expect(bench.fets() & BOTH).toBe(left);
  });

  it.each([119.9, -29.9])('%d A for ever: nothing', (current_A) => {
    const bench = new Bench().close();
    bench.current_A = current_A;
    expect(bench.live(1)).toBe(1);
    expect(bench.faults()).toBe(0);
  });

  it('an over-current that ends before its delay leaves nothing behind', () => {
    const bench = new Bench().close();
    for (let k = 0; k < 20; k++) {
      bench.current_A = 130;
      expect(bench.live(0.035)).toBe(0.035);
      bench.current_A = 20;
      bench.live(0.005);
    }
    expect(bench.faults()).toBe(0);
  });

  it.each([
    [4.31, Bq76952Fault.CellOver, Bq76952Fet.Discharge],
    [2.52, Bq76952Fault.CellUnder, Bq76952Fet.Charge],
  ])('one cell at %d V: after its delay and at most 3.3 ms', (volts, fault, left) => {
    const bench = new Bench().close();
    bench.live(0.0123);
    bench.cells_V[4] = volts;
    const opened_ms = 1000 * bench.live(0.22);
    expect(opened_ms).toBeGreaterThan(198);
    expect(opened_ms).toBeLessThan(198 + 3.3 + 1e-6);
    expect(bench.faults()).toBe(fault);
    expect(bench.fets() & BOTH).toBe(left);
  });

  it('cells within their limits: nothing', () => {
    const bench = calm();
    bench.cells_V.set([4.3, 2.54, 3.8]);
    expect(bench.live(100)).toBe(100);
    expect(bench.faults()).toBe(0);
  });

  it('the host is silent for 2 s: both open, until it is heard', () => {
    const bench = new Bench().close();
    for (let k = 0; k < 30; k++) {
      bench.live(0.1);
      bench.cells();
    }
    const opened_s = bench.live(3);
    expect(opened_s).toBeGreaterThan(1.999);
    expect(opened_s).toBeLessThan(2.26);
    expect(bench.model.chargeConducts || bench.model.dischargeConducts).toBe(false);
    bench.cells();
    bench.live(0.26);
    expect(bench.fets() & BOTH).toBe(BOTH);
  });

  it.each([
    ['charge, hot', 46, 25, Bq76952Fault.ChargeHot, Bq76952Fet.Discharge],
    ['charge, cold', 25, -1, Bq76952Fault.ChargeCold, Bq76952Fet.Discharge],
    ['both, hot', 25, 61, Bq76952Fault.ChargeHot | Bq76952Fault.DischargeHot, 0],
    ['both, cold', -21, 25, Bq76952Fault.ChargeCold | Bq76952Fault.DischargeCold, 0],
  ])('%s: within its delay and a second', (_, ts1_C, ts2_C, faults, left) => {
    const bench = calm();
    bench.temperatures_C.set([ts1_C, ts2_C]);
    const opened_s = bench.live(3);
    expect(opened_s).toBeLessThan(2.3);
    expect(bench.faults()).toBe(faults);
    expect(bench.fets() & BOTH).toBe(left);
    bench.temperatures_C.fill(25);
    bench.live(5);
    expect(bench.faults()).toBe(0);
    expect(bench.fets() & BOTH).toBe(BOTH);
  });

  it('a hot die opens both', () => {
    const bench = calm();
    bench.model.measure.ambient_C = 101;
    bench.live(3);
    expect(bench.faults()).toBe(Bq76952Fault.DieHot);
    expect(bench.fets() & BOTH).toBe(0);
  });

  it.each([
    ['open', Bq76952Fault.ChargeCold | Bq76952Fault.DischargeCold],
    ['short', Bq76952Fault.ChargeHot | Bq76952Fault.DischargeHot],
  ] as const)('a thermistor with its wire %s opens both', (wire, faults) => {
    const bench = calm();
    bench.model.measure.thermistor[1] = wire;
    bench.live(3);
    expect(bench.faults()).toBe(faults);
  });

  it('each protection that is off stays quiet', () => {
    for (const [fault, provoke] of [
      [Bq76952Fault.Short, (bench: Bench) => void (bench.current_A = 260)],
      [Bq76952Fault.DischargeOver1, (bench: Bench) => void (bench.current_A = 130)],
      [Bq76952Fault.CellOver, (bench: Bench) => void (bench.cells_V[2] = 4.6)],
      [Bq76952Fault.CellUnder, (bench: Bench) => void (bench.cells_V[2] = 1.6)],
      [Bq76952Fault.ChargeHot, (bench: Bench) => void bench.temperatures_C.fill(50)],
      [Bq76952Fault.HostSilent, (bench: Bench) => void bench.live(5)],
    ] as const) {
      const bench = new Bench(IDEAL, { ...CONFIG, protections: ALL_FAULTS & ~fault }).close();
      provoke(bench);
      bench.live(1.9);
      expect(bench.faults() & fault).toBe(0);
    }
  });
});

describe('the end of a fault', () => {
  it('over-voltage: when the cell is lower by the hysteresis, for the time of recovery', () => {
    const bench = calm();
    bench.cells_V[3] = 4.32;
    bench.live(1);
    bench.cells_V[3] = 4.2;
    bench.live(10);
    expect(bench.fets() & BOTH).toBe(Bq76952Fet.Discharge);
    bench.cells_V[3] = 4.14;
    const closed_s = bench.live(4);
    expect(closed_s).toBeGreaterThan(2.7);
    expect(closed_s).toBeLessThan(3.6);
    expect(bench.fets() & BOTH).toBe(BOTH);
  });

  it.each([
    [260, Bq76952Subcommand.ReleaseShort],
    [130, Bq76952Subcommand.ReleaseOverCurrent],
  ])('%d A: latched until released, and only when its cause is gone', (current_A, release) => {
    const bench = calm();
    bench.current_A = current_A;
    bench.untilMoved(0.1);
    bench.current_A = 0;
    bench.live(60);
    expect(bench.model.dischargeConducts).toBe(false);
    expect(bench.faults() & 0xff).toBe(0);
    bq76952Send(bench.afe, release, 0, 0);
    bench.live(0.3);
    expect(bench.fets() & BOTH).toBe(BOTH);
    expect(bench.faults()).toBe(0);
  });

  it('without the latch a short circuit is tried again after its time', () => {
    const protections = ALL_FAULTS & ~(Bq76952Fault.ShortLatched | Bq76952Fault.DischargeLatched);
    const bench = new Bench(IDEAL, { ...SILENT_FOR_EVER, protections }).close();
    bench.current_A = 260;
    bench.live(0.001);
    bench.current_A = 0;
    const closed_s = bench.live(6);
    expect(closed_s).toBeGreaterThan(4.7);
    expect(closed_s).toBeLessThan(5.3);
  });

  it('the third of three within ten seconds of each other latches', () => {
    const bench = new Bench(IDEAL, {
      ...SILENT_FOR_EVER,
      limits: { ...SILENT_FOR_EVER.limits, latchAfter: 3, shortRecovery_s: 1 },
    }).close();
    for (let k = 1; k <= 3; k++) {
      expect(bench.faults()).toBe(0);
      bench.current_A = 260;
      bench.live(0.001);
      bench.current_A = 0;
      bench.live(5);
    }
    expect(bench.faults()).toBe(Bq76952Fault.ShortLatched);
  });
});

describe('the switches', () => {
  it('open at once, close within 250 ms', () => {
    const bench = calm();
    bq76952Send(bench.afe, Bq76952Subcommand.FetControl, Bq76952FetOff.All, 1);
    expect(bench.fets() & BOTH).toBe(0);
    bq76952Send(bench.afe, Bq76952Subcommand.FetControl, Bq76952FetOff.Charge, 1);
    expect(bench.fets() & BOTH).toBe(0);
    expect(bench.live(0.3)).toBeLessThanOrEqual(0.25 + 1e-9);
    expect(bench.fets() & BOTH).toBe(Bq76952Fet.Discharge);
    bq76952Send(bench.afe, Bq76952Subcommand.AllFetsOff, 0, 0);
    expect(bench.fets() & BOTH).toBe(0);
  });

  it('one through whose body diode a current flows is closed, and opens again without it', () => {
    const bench = calm();
    bq76952Send(bench.afe, Bq76952Subcommand.FetControl, Bq76952FetOff.Charge, 1);
    expect(bench.fets() & BOTH).toBe(Bq76952Fet.Discharge);
    bench.current_A = 10;
    expect(bench.live(0.01)).toBeLessThan(0.0031);
    expect(bench.fets() & BOTH).toBe(BOTH);
    bench.current_A = 0;
    bench.live(0.01);
    expect(bench.fets() & BOTH).toBe(Bq76952Fet.Discharge);
  });

  it('are open in CONFIG_UPDATE, where nothing is measured or protected', () => {
    const bench = calm();
    bq76952Send(bench.afe, Bq76952Subcommand.EnterConfigUpdate, 0, 0);
    expect(bench.fets() & BOTH).toBe(0);
    bench.cells_V.fill(4.9);
    bench.current_A = 300;
    bench.live(5);
    expect(bench.faults()).toBe(0);
    expect(bench.cells()[0]).toBe(3800);
  });

  it('stuck ones conduct, or do not, whatever the part says', () => {
    const bench = calm();
    bench.model.switches.dischargeStuck = true;
    bench.model.switches.chargeStuck = false;
    expect(bench.model.chargeConducts).toBe(false);
    bq76952Send(bench.afe, Bq76952Subcommand.AllFetsOff, 0, 0);
    expect(bench.model.dischargeConducts).toBe(true);
    expect(bench.fets() & BOTH).toBe(0);
  });

  it('ALERT falls with a fault and rises when that is acknowledged, though the fault lasts', () => {
    const bench = calm();
    expect(bench.model.alertPin).toBe(true);
    expect(bench.status() & Bq76952Status.Fault).toBe(0);
    bench.cells_V[0] = 4.5;
    bench.live(0.3);
    expect(bench.model.alertPin).toBe(false);
    expect(bench.fets() & Bq76952Fet.Alert).not.toBe(0);
    bq76952Write(bench.afe, Bq76952Register.AlarmStatus, [0xff, 0xff]);
    bench.live(1);
    expect(bench.model.alertPin).toBe(true);
    expect(bench.status() & Bq76952Status.Fault).not.toBe(0);
    bench.cells_V[0] = 3.8;
    bench.live(4);
    expect(bench.status() & Bq76952Status.Fault).toBe(0);
    bench.cells_V[0] = 4.5;
    bench.live(0.3);
    expect(bench.model.alertPin).toBe(false);
    bench.cells_V[0] = 3.8;
    bench.live(4);
    expect(bench.model.alertPin).toBe(false);
  });
});

describe('wires and converters', () => {
  it('an open wire to a cell: its reading falls, that above rises, and the switches open within 15 s', () => {
    const bench = calm();
    bench.model.measure.openWire[2] = true;
    bench.live(1);
    const words = bench.cells();
    expect(words[2]!).toBeLessThan(3300);
    expect(words[2]! + words[3]!).toBeGreaterThan(7590);
    expect(words[1]!).toBe(3800);
    bench.live(14);
    expect(bench.faults()).toBe(Bq76952Fault.CellUnder | Bq76952Fault.CellOver);
    expect(bench.fets() & BOTH).toBe(0);
    bench.model.measure.openWire[2] = false;
    bench.live(5);
    expect(bench.cells()[2]).toBe(3800);
  });

  it('an error of the converter is not one of the comparators', () => {
    const bench = calm();
    bench.model.measure.adcOffset_V[0] = 0.6;
    bench.live(2);
    expect(bench.cells()[0]).toBe(4400);
    expect(bench.faults()).toBe(0);
  });

  it('a specimen is within what the datasheet states: 5 mV, 1 % of the current', () => {
    for (let seed = 0; seed < 20; seed++) {
      const model = new Bq76952Model([0, 1, 15], new Random(seed, 'part'));
      const cells_V = Float64Array.of(3.7, 3.8, 3.9);
      for (let k = 0; k < 20; k++) {
        model.run(0.1, cells_V, 100, Float64Array.of(25, 25, 25));
        for (const [n, input] of [0, 1, 15].entries())
          expect(Math.abs(model.measure.cell_mV[input]! - 1000 * cells_V[n]!)).toBeLessThan(6);
        expect(Math.abs(model.measure.current_mA / 100e3 - 1)).toBeLessThan(0.02);
      }
    }
  });

  it('a result is at most one loop old: 63 ms', () => {
    const bench = calm();
    bench.cells_V.fill(3.9);
    bench.live(0.063);
    expect([...bench.cells().subarray(0, 6)]).toEqual(new Array(6).fill(3900));
  });

  it('a word can be put together of two results; then it is off by 256 mV', () => {
    const bench = new Bench({ ...IDEAL, torn: 1 }, SILENT_FOR_EVER).close();
    bench.cells_V.fill(3.84);
    bench.live(0.1);
    bench.cells_V.fill(3.839);
    bench.live(0.063);
    expect(bench.cells()[0]).toBe(3584);
    bench.live(0.063);
    expect(bench.cells()[0]).toBe(3839);
  });
});

describe('balancing', () => {
  const asked = (): Bench => {
    const bench = calm();
    bq76952Send(bench.afe, Bq76952Subcommand.BalanceCells, 0x8002, 2);
    bench.live(1);
    return bench;
  };

  it('drains the cells asked for, less while they are measured, and ends by itself', () => {
    const bench = asked();
    bench.live(0.1);
    const [, second_A, ...others] = bench.model.balancing.mean_A;
    // Two resistors of 20 Ohm and the switch; 3 of 20 slots are for measuring.
    expect(second_A).toBeCloseTo((3.8 / 68) * 0.85, 4);
    expect(others[3]).toBeCloseTo(second_A!, 9);
    expect(others.slice(0, 3)).toEqual([0, 0, 0]);
    bench.live(20);
    bench.live(0.1);
    expect([...bench.model.balancing.mean_A]).toEqual(new Array(6).fill(0));
  });

  it('goes on while it is asked for again, and stops when it is taken back', () => {
    const bench = asked();
    for (let k = 0; k < 40; k++) {
      bq76952Send(bench.afe, Bq76952Subcommand.BalanceCells, 0x8002, 2);
      bench.live(1);
    }
    expect(bench.model.balancing.mean_A[1]).toBeGreaterThan(0.04);
    bq76952Send(bench.afe, Bq76952Subcommand.BalanceCells, 0, 2);
    bench.live(0.1);
    expect(bench.model.balancing.mean_A[1]).toBe(0);
  });

  it.each<[string, (bench: Bench) => void]>([
    ['a cell under its limit', (bench) => void (bench.cells_V[0] = 2.4)],
    ['a hot cell', (bench) => void (bench.temperatures_C[0] = 61)],
    ['a hot die', (bench) => void (bench.model.measure.ambient_C = 71)],
    ['an over-current', (bench) => void (bench.current_A = 130)],
    ['a reset', (bench) => bench.model.reset()],
  ])('stops at %s', (_, happen) => {
    const bench = asked();
    happen(bench);
    bench.live(2.5);
    bench.live(0.1);
    expect(bench.model.balancing.mean_A[1]).toBe(0);
  });

  it('delays the look at the cells by a second at most', () => {
    const bench = asked();
    bench.live(0.3);
    bench.cells_V[5] = 4.4;
    const opened_s = bench.live(2);
    expect(opened_s).toBeGreaterThan(0.198);
    expect(opened_s).toBeLessThan(1.21);
    expect(bench.faults()).toBe(Bq76952Fault.CellOver);
  });
});

describe('a run of the model', () => {
  it('comes out the same in one piece or in many', () => {
    const states = [1, 7, 100].map((pieces) => {
      const bench = calm();
      bench.cells_V[0] = 4.32;
      bench.current_A = 40;
      for (let k = 0; k < pieces; k++) bench.live(2 / pieces);
      return [bench.faults(), bench.fets(), bench.cells()[0]];
    });
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
  });

  it('a wrong CRC of a write is not acknowledged, and what came before it counts', () => {
    const bench = calm();
    expect(() => bench.model.writeTo([0x3e, 0x95, 0x00, 0x00, 0x00], bench.wire.time_ms)).toThrow(BusFault);
    expect(bench.fets() & BOTH).toBe(BOTH);
  });

  it('a typical specimen raises no fault at legal extremes', () => {
    const bench = new Bench(BQ76952_TYPICAL, SILENT_FOR_EVER).close();
    bench.cells_V.set([4.28, 2.55, 3.8, 3.8, 3.8, 3.8]);
    bench.temperatures_C.set([43, 2]);
    for (let k = 0; k < 200; k++) {
      bench.current_A = k % 2 ? 115 : -28;
      bench.live(0.5);
      const out = new Float64Array(3);
      bq76952Read(bench.afe, bench.afe.safety, out);
      expect(bench.faults()).toBe(0);
    }
  });
});
