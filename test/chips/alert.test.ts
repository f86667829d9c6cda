import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CYCLER } from '../../hal/boards/cycler';
import {
  Ina228Flag,
  Ina228Register,
  ina228Holds,
  ina228Status,
  type Ina228,
  type Ina228Config,
} from '../../hal/chips/ina228';
import { ina228Applied, ina228Open, ina228SetLimits, type Ina228Limits } from '../../hal/chips/ina228Open';
import { SimulatedBus, type I2cPart } from '../../sim/chips/bus';
import { Ina228Model, INA228_TYPICAL, type Ina228Errors } from '../../sim/chips/ina228';
import { VirtualClock } from '../../sim/clock';
import { Random } from '../../sim/random';

const config: Ina228Config = CYCLER.ina228;
const LIMITS: Ina228Limits = { highest_mA: 5000, lowest_mA: -2000, highest_mV: 4400, lowest_mV: 2000, hottest_C: 85 };
const QUIET: Partial<Ina228Errors> = {
  shuntOffset_V: 0,
  shuntGain: 1,
  busOffset_V: 0,
  busGain: 1,
  shuntNoise_V: 0,
  busNoise_V: 0,
  selfHeating_C: 0,
};
const ROUND_S = (84 + 280 + 50) / 1e6;
const CAUSES =
  Ina228Flag.OverCurrent |
  Ina228Flag.UnderCurrent |
  Ina228Flag.OverVoltage |
  Ina228Flag.UnderVoltage |
  Ina228Flag.OverTemperature;

function bench(limits = LIMITS, errors: Partial<Ina228Errors> = QUIET, seed = 1) {
  const bus = new SimulatedBus(new VirtualClock());
  const model = new Ina228Model(new Random(seed, 'ina228'), { ...INA228_TYPICAL, ...errors });
  bus.attach(config.address, model);
  const ina = ina228Open(bus, config, limits);
  /** Lets the part live at these inputs until ALERT falls. @returns the time that took, at most `longest_s` */
  const untilAlert_s = (bus_V: number, current_A: number, longest_s = 1): number => {
    const took_s = model.alertAfter_s(longest_s, bus_V, current_A);
    model.run(took_s, bus_V, current_A);
    return took_s;
  };
  return { bus, model, ina, untilAlert_s };
}

describe('limits in the registers', () => {
  const STEP_MA = 5000 / config.shunt_uOhm;
  const limitsOf = fc.record({
    highest_mA: fc.double({ min: 0, max: 8191.75, noNaN: true }),
    lowest_mA: fc.double({ min: -8191.75, max: 0, noNaN: true }),
    highest_mV: fc.double({ min: 4000, max: 102396, noNaN: true }),
    lowest_mV: fc.double({ min: 0, max: 4000 - 3.125, noNaN: true }),
    hottest_C: fc.double({ min: -255, max: 255, noNaN: true }),
  });

  it('are never looser than what was asked for, tighter by less than a step, and again the same when written again', () => {
    const { ina } = bench();
    fc.assert(
      fc.property(limitsOf, (limits) => {
        ina228SetLimits(ina, config, limits);
        const applied = ina228Applied(ina, config);
        const tighter = [
          (limits.highest_mA - applied.highest_mA) / STEP_MA,
          (applied.lowest_mA - limits.lowest_mA) / STEP_MA,
          (limits.highest_mV - applied.highest_mV) / 3.125,
          (applied.lowest_mV - limits.lowest_mV) / 3.125,
          (limits.hottest_C - applied.hottest_C) * 128,
        ];
        for (const steps of tighter) {
          expect(steps).toBeGreaterThan(-1.1e-6);
          expect(steps).toBeLessThan(1);
        }
        const written = ina.expected.slice();
        ina228SetLimits(ina, config, applied);
        expect(ina.expected).toEqual(written);
        expect(ina228Applied(ina, config)).toEqual(applied);
      }),
      { numRuns: 500 },
    );
  });

  it.each([16666.666, 3333.3, 20000, 771.3])('come back from every register value, shunt of %s uOhm', (shunt_uOhm) => {
    const { ina } = bench();
    const board = { ...config, shunt_uOhm, maxCurrent_mA: 163.84e6 / shunt_uOhm };
    for (let raw = 0; raw <= 32767; raw += 97) {
      ina228SetLimits(ina, board, {
        highest_mA: (raw * 5000) / shunt_uOhm,
        lowest_mA: (-raw * 5000) / shunt_uOhm,
        highest_mV: 102396.875,
        lowest_mV: raw * 3.125,
        hottest_C: raw / 128 - 100,
      });
      const { expected } = ina;
      expect(expected[Ina228Register.ShuntOver]).toBe(raw);
      expect(expected[Ina228Register.ShuntUnder]).toBe(-raw & 0xffff);
      expect(expected[Ina228Register.BusUnder]).toBe(raw);
      expect(expected[Ina228Register.TemperatureOver]).toBe((raw - 12800) & 0xffff);
    }
  });

  it('are what the part compares with: 5 uV, 3.125 mV, 7.8125 mdegC', () => {
    const { bus, ina } = bench({
      highest_mA: 3500.1,
      lowest_mA: -1200.1,
      highest_mV: 4351,
      lowest_mV: 2499,
      hottest_C: 60.01,
    });
    const at = (register: number): number => {
      const [high, low] = bus.readReg(config.address, register, 2) as Uint8Array;
      return (high! << 8) | low!;
    };
    expect(at(0x0c)).toBe(14000);
    expect(at(0x0d)).toBe(0x10000 - 4800);
    expect(at(0x0e)).toBe(1392);
    expect(at(0x0f)).toBe(800);
    expect(at(0x10)).toBe(7681);
    expect(ina228Applied(ina, config)).toEqual({
      highest_mA: 3500,
      lowest_mA: -1200,
      highest_mV: 4350,
      lowest_mV: 2500,
      hottest_C: 60.0078125,
    });
  });

  it.each([
    ['highest_mA', 8192, 'highest_mA is 8192; allowed: -8191.75 to 8191.75'],
    ['lowest_mA', -8193, 'lowest_mA is -8193; allowed: -8191.75 to 8191.75'],
    ['highest_mV', 103000, 'highest_mV is 103000; allowed: 0 to 102396.875'],
    ['lowest_mV', -5, 'lowest_mV is -5; allowed: 0 to 102396.875'],
    ['hottest_C', 300, 'hottest_C is 300; allowed: -255.9921875 to 255.9921875'],
    ['highest_mA', NaN, 'highest_mA is NaN'],
    ['highest_mV', Infinity, 'highest_mV is Infinity'],
    ['lowest_mV', 4401, 'lowest limit above the highest'],
    ['lowest_mA', 5001, 'lowest limit above the highest'],
  ] as const)('refuse %s = %s and leave all as they were', (name, value, message) => {
    const { ina } = bench();
    const before = ina.expected.slice();
    expect(() => ina228SetLimits(ina, config, { ...LIMITS, [name]: value })).toThrow(message);
    expect(ina.expected).toEqual(before);
    for (let k = 0; k < 6; k++) expect(ina228Holds(ina)).toBe(true);
  });

  /** A part that takes all writes but those to one register. */
  function deaf(register: number): I2cPart {
    const model = new Ina228Model(new Random(1));
    return {
      readReg: (r, out) => model.readReg(r, out),
      readFrom: (out) => model.readFrom(out),
      writeTo: (bytes) => (bytes[0] === register ? undefined : model.writeTo(bytes)),
    };
  }

  it.each([0x01, 0x0c, 0x0d, 0x0e, 0x0f, 0x10])('are refused by name when register %s does not hold', (register) => {
    const bus = new SimulatedBus(new VirtualClock());
    bus.attach(config.address, deaf(register));
    expect(() => ina228Open(bus, config, LIMITS)).toThrow('does not hold its settings');
  });

  it('do without a latch nothing: the part is refused', () => {
    const bus = new SimulatedBus(new VirtualClock());
    bus.attach(config.address, deaf(0x0b));
    expect(() => ina228Open(bus, config, LIMITS)).toThrow('does not latch alerts');
  });

  it.each([0x01, 0x02, 0x0c, 0x0d, 0x0e, 0x0f, 0x10])(
    'are watched afterwards: a change of register %s is seen within six looks, and until it is put right',
    (register) => {
      const { bus, ina } = bench();
      const right = ina.expected[register]!;
      for (let k = 0; k < 20; k++) expect(ina228Holds(ina)).toBe(true);
      bus.writeTo(config.address, [register, (right ^ 0x100) >> 8, right & 255]);
      const before = bus.transactions;
      let looks = 1;
      while (ina228Holds(ina)) looks++;
      expect(looks).toBeLessThanOrEqual(6);
      expect(bus.transactions - before).toBeLessThanOrEqual(2 * looks);
      for (let k = 0; k < 20; k++) expect(ina228Holds(ina)).toBe(false);
      bus.writeTo(config.address, [register, right >> 8, right & 255]);
      for (let k = 0; k < 20; k++) expect(ina228Holds(ina)).toBe(true);
    },
  );

  it('are gone after the part reset itself: the next look sees it, the status too, and ALERT is released', () => {
    for (let before = 0; before < 6; before++) {
      const { model, ina, untilAlert_s } = bench();
      for (let k = 0; k < before; k++) ina228Holds(ina);
      expect(ina228Status(ina) & Ina228Flag.Latched).toBe(Ina228Flag.Latched);
      untilAlert_s(4.5, 0);
      expect(model.alertPin).toBe(false);
      model.reset();
      expect(model.alertPin).toBe(true);
      expect(untilAlert_s(4.5, 6)).toBe(1);
      expect(ina228Holds(ina)).toBe(false);
      expect(ina228Status(ina) & Ina228Flag.Latched).toBe(0);
    }
  });
});

describe('comparators', () => {
  const CONDITIONS: [name: string, flag: number, bus_V: number, current_A: number, ambient_C: number][] = [
    ['over-current', Ina228Flag.OverCurrent, 3.7, 5.1, 25],
    ['a short circuit', Ina228Flag.OverCurrent, 3, 80, 25],
    ['over-current of the other direction', Ina228Flag.UnderCurrent, 3.7, -2.1, 25],
    ['over-voltage', Ina228Flag.OverVoltage, 4.41, 0, 25],
    ['under-voltage', Ina228Flag.UnderVoltage, 1.99, 0, 25],
    ['an open sense wire', Ina228Flag.UnderVoltage, 0, 0, 25],
    ['a hot die', Ina228Flag.OverTemperature, 3.7, 0, 86],
  ];

  it.each(CONDITIONS)(
    'assert for %s within 0.7 ms of any moment of the round, say why, and stay until they are asked',
    (_, flag, bus_V, current_A, ambient_C) => {
      for (let phase = 0; phase < 1; phase += 0.01) {
        const { model, ina, untilAlert_s } = bench();
        expect(untilAlert_s(3.7, 1, (10 + phase) * ROUND_S)).toBe((10 + phase) * ROUND_S);
        expect(model.alertPin).toBe(true);
        model.ambient_C = ambient_C;
        expect(untilAlert_s(bus_V, current_A)).toBeLessThan(0.7e-3);
        expect(model.alertPin).toBe(false);
        model.ambient_C = 25;
        for (let k = 0; k < 5; k++) model.run(100, 3.7, 1);
        expect(model.alertPin).toBe(false);
        expect(ina228Status(ina) & CAUSES).toBe(flag);
        expect(model.alertPin).toBe(true);
        expect(untilAlert_s(3.7, 1, 100)).toBe(100);
        expect(ina228Status(ina) & CAUSES).toBe(0);
      }
    },
  );

  it('assert again within 0.7 ms of the read while the cause lasts', () => {
    const { model, ina, untilAlert_s } = bench();
    for (let k = 0; k < 50; k++) {
      expect(untilAlert_s(3.7, 6)).toBeLessThan(0.7e-3);
      model.run(0.01234, 3.7, 6);
      expect(ina228Status(ina) & CAUSES).toBe(Ina228Flag.OverCurrent);
      expect(model.alertPin).toBe(true);
    }
  });

  it('gather all causes that come while ALERT is low', () => {
    const { ina, untilAlert_s } = bench();
    untilAlert_s(3.7, 6);
    expect(untilAlert_s(4.5, 0, 0.01)).toBe(0.01);
    expect(ina228Status(ina) & CAUSES).toBe(Ina228Flag.OverCurrent | Ina228Flag.OverVoltage);
  });

  it('stay quiet at their limits, exactly, and assert one result beyond', () => {
    for (const [bus_V, current_A] of [
      [4.4, 0],
      [2, 0],
      [3.7, 5],
      [3.7, -2],
    ] as const) {
      const { untilAlert_s } = bench();
      expect(untilAlert_s(bus_V, current_A)).toBe(1);
      expect(
        untilAlert_s(bus_V + 195e-6 * Math.sign(bus_V - 3.7), current_A + 15.6e-6 * Math.sign(current_A)),
      ).toBeLessThan(1e-3);
    }
  });

  it('see a mean value where the input changes within a conversion', () => {
    // The current conversion lies from 84 to 364 us. At 264 us from 0 to 6 A: a mean of 6 x 100 / 280 A, and 6 A a round later.
    const later = bench();
    later.untilAlert_s(3.7, 0, 264e-6);
    expect(later.untilAlert_s(3.7, 6)).toBeCloseTo(100e-6 + ROUND_S, 9);
    // To 15 A: the modulator saturates at 8.192 A, so no mean above 8.192 x 100 / 280.
    const saturated = bench();
    saturated.untilAlert_s(3.7, 0, 264e-6);
    expect(saturated.untilAlert_s(3.7, 15)).toBeCloseTo(100e-6 + ROUND_S, 9);
    // At 144 us: a mean of 6 x 220 / 280 is below 5 A, of 7 x 220 / 280 above.
    const below = bench();
    below.untilAlert_s(3.7, 0, 144e-6);
    expect(below.untilAlert_s(3.7, 6)).toBeCloseTo(220e-6 + ROUND_S, 9);
    const above = bench();
    above.untilAlert_s(3.7, 0, 144e-6);
    expect(above.untilAlert_s(3.7, 7)).toBeCloseTo(220e-6, 9);
  });

  it('miss a pulse that no conversion sees whole: a current in the time of bus and temperature', () => {
    const { model, untilAlert_s } = bench();
    for (let k = 0; k < 1000; k++) {
      expect(untilAlert_s(3.7, 80, 84e-6)).toBe(84e-6);
      expect(untilAlert_s(3.7, 0, 330e-6)).toBe(330e-6);
    }
    expect(model.alert).toBe(false);
  });

  it('assert as often as the noise of single conversions makes them', () => {
    // 3 sigma below the limit one conversion of 741 lies above it; and so long is the mean time between alerts.
    const sigma_A = (1e-6 * Math.sqrt(1052 / 280)) / 0.02;
    const { ina, untilAlert_s } = bench(LIMITS, { ...QUIET, shuntNoise_V: 1e-6 });
    const limit_A = 5 + 0.5 * 15.625e-6;
    const alerts = 4000;
    let time_s = 0;
    for (let k = 0; k < alerts; k++) {
      time_s += untilAlert_s(3.7, limit_A - 3 * sigma_A, 1000);
      ina228Status(ina);
    }
    expect(time_s / alerts / ROUND_S / 740.8).toBeCloseTo(1, 1);
    expect(Math.abs(time_s / alerts / ROUND_S / 740.8 - 1)).toBeLessThan(4 / Math.sqrt(alerts));
  });

  it('do so whether time passes in long steps or short ones', () => {
    const sigma_A = (1e-6 * Math.sqrt(1052 / 280)) / 0.02;
    const count = (step_s: number): number => {
      const { ina, untilAlert_s } = bench(LIMITS, { ...QUIET, shuntNoise_V: 1e-6 });
      let alerts = 0;
      for (let time_s = 0; time_s < 400;) {
        const took_s = untilAlert_s(3.7, 5 + 0.5 * 15.625e-6 - 3 * sigma_A, step_s);
        time_s += took_s;
        if (took_s < step_s) alerts++;
        if (took_s < step_s) ina228Status(ina);
      }
      return alerts;
    };
    const expected = 400 / ROUND_S / 740.8;
    expect(Math.abs(count(10) - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(Math.abs(count(0.0071) - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  it('are silent for a year at 9 sigma below every limit', () => {
    const noise = { ...QUIET, shuntNoise_V: 1e-6, busNoise_V: 300e-6 };
    const bus_V = 9 * 300e-6 * Math.sqrt(1052 / 84);
    const current_A = (9 * 1e-6 * Math.sqrt(1052 / 280)) / 0.02;
    const { untilAlert_s } = bench(LIMITS, noise);
    const year_s = 3.15e7;
    expect(untilAlert_s(4.4 - bus_V, 5 - current_A, year_s)).toBe(year_s);
    expect(untilAlert_s(2 + bus_V, -2 + current_A, year_s)).toBe(year_s);
  });

  it('do without being asked first: flags of a run alone are the same', () => {
    const { model, ina } = bench();
    model.run(0.001, 3.7, 6);
    model.run(1, 3.7, 1);
    expect(model.alertPin).toBe(false);
    expect(ina228Status(ina) & CAUSES).toBe(Ina228Flag.OverCurrent);
    model.run(1, 3.7, 1);
    expect(ina228Status(ina) & CAUSES).toBe(0);
  });
});

describe('other settings of the alert', () => {
  const set = ({ bus }: Ina228, value: number): void => bus.writeTo(config.address, [0x0b, value >> 8, value & 255]);

  it('without the latch ALERT follows the condition', () => {
    const { model, ina, untilAlert_s } = bench();
    set(ina, 0);
    untilAlert_s(3.7, 6);
    expect(model.alertPin).toBe(false);
    model.run(0.01, 3.7, 1);
    expect(model.alertPin).toBe(true);
    untilAlert_s(4.5, 1);
    expect(ina228Status(ina) & CAUSES).toBe(Ina228Flag.OverVoltage);
    expect(model.alertPin).toBe(false);
  });

  it('on averages only, a short excursion asserts nothing and a long one only at the end of a window', () => {
    const { model, ina, untilAlert_s } = bench();
    set(ina, 0xa000);
    expect(untilAlert_s(3.7, 6, 0.01)).toBe(0.01);
    model.run(1, 3.7, 1);
    expect(model.alertPin).toBe(true);
    model.run(0.2, 3.7, 6);
    expect(model.alertPin).toBe(false);
    expect(ina228Status(ina) & CAUSES).toBe(Ina228Flag.OverCurrent);
  });

  it('the pin may be active high, and tell of ready results', () => {
    const { model, ina } = bench();
    set(ina, 0x9000);
    expect(model.alertPin).toBe(false);
    model.run(0.01, 3.7, 6);
    expect(model.alertPin).toBe(true);
    ina228Status(ina);
    set(ina, 0xc000);
    expect(model.alertPin).toBe(true);
    model.run(0.1, 3.7, 1);
    expect(model.alertPin).toBe(false);
    ina228Status(ina);
    expect(model.alertPin).toBe(true);
  });
});
