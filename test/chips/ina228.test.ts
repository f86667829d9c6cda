import { describe, expect, it } from 'vitest';
import {
  Ina228Flag,
  Ina228Register,
  ina228Charge_mC,
  ina228DieTemperature_C,
  ina228Holds,
  ina228Sample,
  ina228Status,
  type Ina228,
  type Ina228Config,
  type Ina228Sample,
} from '../../hal/chips/ina228';
import { ina228Open, ina228ShuntCal, type Ina228Limits } from '../../hal/chips/ina228Open';
import { CYCLER } from '../../hal/boards/cycler';
import { BusFault, SimulatedBus, UndefinedAccess } from '../../sim/chips/bus';
import { Ina228Model, INA228_TYPICAL, type Ina228Errors } from '../../sim/chips/ina228';
import { VirtualClock } from '../../sim/clock';
import { Random } from '../../sim/random';

const IDEAL: Ina228Errors = {
  shunt_ohm: 0.02,
  shuntOffset_V: 0,
  shuntGain: 1,
  busOffset_V: 0,
  busGain: 1,
  shuntNoise_V: 0,
  busNoise_V: 0,
  temperatureOffset_C: 0,
  selfHeating_C: 0,
};
const config: Ina228Config = CYCLER.ina228;
/** Limits that nothing here reaches. */
const WIDE: Ina228Limits = { highest_mA: 8191, lowest_mA: -8191, highest_mV: 85000, lowest_mV: 0, hottest_C: 150 };
/** One result: 84 us, 280 us and 50 us, 64 times. */
const AVERAGES = 64;
const WINDOW_S = ((84 + 280 + 50) * AVERAGES) / 1e6;

function bench(errors = IDEAL) {
  const bus = new SimulatedBus(new VirtualClock());
  const model = new Ina228Model(new Random(1, 'ina228'), errors);
  bus.attach(config.address, model);
  return { bus, model };
}

/** A result that must be there. */
function sampleOf(ina: Ina228): Ina228Sample {
  const sample: Ina228Sample = { status: 0, voltage_mV: NaN, current_mA: NaN };
  expect(ina228Sample(ina, sample)).toBe(true);
  return sample;
}

describe('INA228 driver on its register-level model', () => {
  it('reads voltage and current of both signs to their resolution', () => {
    const { bus, model } = bench();
    const ina = ina228Open(bus, config, WIDE);
    for (const [volts, amperes] of [
      [3.7, 1],
      [4.3, -0.2],
      [0, 0],
      [2.5, 5],
    ] as const) {
      model.run(1, volts, amperes);
      const { voltage_mV, current_mA } = sampleOf(ina);
      expect(Math.abs(voltage_mV - volts * 1000)).toBeLessThan(0.1);
      expect(Math.abs(current_mA - amperes * 1000)).toBeLessThan(0.02);
    }
  });

  it.each([
    [125, [0x3e, 0x80]],
    [25, [0x0c, 0x80]],
    [1 / 128, [0x00, 0x01]],
    [0, [0x00, 0x00]],
    [-1 / 128, [0xff, 0xff]],
    [-0.5, [0xff, 0xc0]],
    [-40, [0xec, 0x00]],
  ])("reads a die temperature of %s degC, register 6 in two's complement", (temperature_C, bytes) => {
    const { bus, model } = bench();
    const ina = ina228Open(bus, config, WIDE);
    model.ambient_C = temperature_C;
    model.run(1, 3.7, 1);
    expect([...(bus.readReg(config.address, Ina228Register.DieTemperature, 2) as Uint8Array)]).toEqual(bytes);
    expect(ina228DieTemperature_C(ina)).toBe(temperature_C);
  });

  it('has a die temperature of one moment, to 7.8125 mdegC, beside the error and warmth of the part', () => {
    const { bus, model } = bench({ ...IDEAL, temperatureOffset_C: -0.7, selfHeating_C: 2 });
    const ina = ina228Open(bus, config, WIDE);
    model.ambient_C = -10.123;
    model.run(1, 3.7, 1);
    expect(Math.abs(ina228DieTemperature_C(ina) - (-10.123 + 1.3))).toBeLessThan(0.004);
    model.ambient_C = 40;
    expect(ina228DieTemperature_C(ina)).toBeLessThan(-8);
    model.run(0.1, 3.7, 1);
    expect(ina228DieTemperature_C(ina)).toBeCloseTo(41.3, 2);
  });

  it('compares the die temperature with its limit', () => {
    const { bus, model } = bench();
    const ina = ina228Open(bus, config, WIDE);
    bus.writeTo(config.address, [0x10, 0x1e, 0x00]); // 60 degC
    for (const [ambient_C, flag] of [
      [-20, 0],
      [59.9, 0],
      [60.1, 0x80],
    ] as const) {
      model.ambient_C = ambient_C;
      model.run(1, 3.7, 0);
      expect(ina228Status(ina) & 0x80).toBe(flag);
    }
  });

  it('accumulates charge of both signs beyond 32 bits', () => {
    const { bus, model } = bench();
    const ina = ina228Open(bus, config, WIDE);
    model.run(3600, 3.7, 5);
    expect(ina228Charge_mC(ina) / 1.8e7).toBeCloseTo(1, 9);
    for (let k = 0; k < 40; k++) model.run(3600, 3.7, -5);
    expect(ina228Charge_mC(ina) / (1.8e7 * -39)).toBeCloseTo(1, 9);
  });

  it('has no fresh result before a conversion ends, and reading the flag clears it', () => {
    const { bus, model } = bench();
    const ina = ina228Open(bus, config, WIDE);
    model.run(WINDOW_S - 0.001, 3.7, 1);
    expect(ina228Status(ina) & Ina228Flag.ConversionReady).toBe(0);
    model.run(0.0011, 3.7, 1);
    expect(ina228Status(ina) & Ina228Flag.ConversionReady).toBe(Ina228Flag.ConversionReady);
    expect(ina228Status(ina) & Ina228Flag.ConversionReady).toBe(0);
  });

  it('averages over its window: a step in the middle reads as the mean', () => {
    const { bus, model } = bench();
    const ina = ina228Open(bus, config, WIDE);
    model.run(WINDOW_S / 2, 3.7, 0);
    model.run(WINDOW_S / 2, 3.7, 2);
    expect(sampleOf(ina).current_mA).toBeCloseTo(1000, 1);
  });

  it('saturates and says so instead of wrapping round', () => {
    const { bus, model } = bench();
    const ina = ina228Open(bus, config, WIDE);
    model.run(1, 3.7, 9);
    const { current_mA, status } = sampleOf(ina);
    expect(current_mA).toBeGreaterThan(8190);
    expect(status & Ina228Flag.MathOverflow).toBe(Ina228Flag.MathOverflow);
    model.run(1, 3.7, 1);
    expect(ina228Status(ina) & Ina228Flag.MathOverflow).toBe(0);
  });

  it.each([
    // 300 uV and 1 uV of 1052 us, over the root of the time converted; and the rounding to 195 uV and 0.3 uV.
    [
      'its setting',
      config.adcConfig,
      Math.hypot(300 * Math.sqrt(1052 / (84 * AVERAGES)), 56.4),
      Math.sqrt(1052 / (280 * AVERAGES)),
    ],
    ['16 times 1052 us', 0xfb6a, Math.hypot(300 / 4, 56.4), 0.25],
    ['one conversion', 0xfb68, Math.hypot(300, 56.4), 1],
    ['one short conversion', 0xf000, Math.hypot(300 * Math.sqrt(1052 / 50), 56.4), Math.sqrt(1052 / 50)],
  ])('shows noise, gain and offset of the typical part: %s', (_, adcConfig, bus_uV, shunt_uV) => {
    const { bus, model } = bench(INA228_TYPICAL);
    const ina = ina228Open(bus, { ...config, adcConfig }, WIDE);
    const voltages_mV: number[] = [];
    const currents_mA: number[] = [];
    for (let k = 0; k < 4000; k++) {
      model.run(0.1, 3.7, 1);
      const { voltage_mV, current_mA } = sampleOf(ina);
      voltages_mV.push(voltage_mV);
      currents_mA.push(current_mA);
    }
    const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
    const sigma = (values: number[]): number => {
      const middle = mean(values);
      return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
    };
    expect(mean(voltages_mV)).toBeCloseTo(3700 * 1.0001 + 0.2, 1);
    expect(mean(currents_mA)).toBeCloseTo(1000 * 1.0001 + 0.015, 2);
    expect((1000 * sigma(voltages_mV)) / bus_uV).toBeCloseTo(1, 1);
    // Over 20 mOhm, rounded to 1/64 mA.
    expect(sigma(currents_mA) / Math.hypot(shunt_uV / 20, 1 / 64 / Math.sqrt(12))).toBeCloseTo(1, 1);
  });

  it('latches its own limits until they are read', () => {
    const { bus, model } = bench();
    const ina = ina228Open(bus, config, WIDE);
    const limit = Math.round(4350 / 3.125);
    bus.writeTo(config.address, [0x0e, limit >> 8, limit & 255]);
    model.run(1, 4.4, 0);
    model.run(1, 4.2, 0);
    expect(ina228Status(ina) & 0x10).toBe(0x10);
    expect(ina228Status(ina) & 0x10).toBe(0);
  });

  it('notices that the part reset itself', () => {
    const { bus, model } = bench();
    const ina = ina228Open(bus, config, WIDE);
    expect(ina228Holds(ina)).toBe(true);
    model.reset();
    expect(ina228Holds(ina)).toBe(false);
  });

  it('powers up as the datasheet says and converts at once', () => {
    const { bus } = bench();
    expect([...(bus.readReg(config.address, Ina228Register.AdcConfig, 2) as Uint8Array)]).toEqual([0xfb, 0x68]);
    expect([...(bus.readReg(config.address, Ina228Register.ShuntCal, 2) as Uint8Array)]).toEqual([0x10, 0x00]);
    expect([...(bus.readReg(config.address, Ina228Register.DeviceId, 2) as Uint8Array)]).toEqual([0x22, 0x81]);
  });

  it('refuses a shunt that does not fit', () => {
    expect(ina228ShuntCal(config)).toBe(4096);
    expect(() => ina228ShuntCal({ ...config, shunt_uOhm: 200000 })).toThrow(/SHUNT_CAL is 40960; allowed: 1 to 32767/);
    expect(() => ina228ShuntCal({ ...config, maxCurrent_mA: 9000 })).toThrow(/exceeds 163.84 mV/);
  });

  it('refuses another part and one that does not answer', () => {
    const { bus } = bench();
    expect(() => ina228Open(bus, { ...config, address: 0x41 }, WIDE)).toThrow(BusFault);
    bus.attach(0x41, {
      readReg: (_, out) => out.fill(0),
      readFrom: (out) => out.fill(0),
      writeTo: () => undefined,
    });
    expect(() => ina228Open(bus, { ...config, address: 0x41 }, WIDE)).toThrow('part at 0x41 is 0x0/0x0, not an INA228');
  });

  it.each([
    ['a register it does not have', (bus: SimulatedBus) => bus.readReg(0x40, 0x20, 2)],
    ['the wrong number of bytes', (bus: SimulatedBus) => bus.readReg(0x40, Ina228Register.BusVoltage, 2)],
    ['a write to a result', (bus: SimulatedBus) => bus.writeTo(0x40, [Ina228Register.Current, 0, 0])],
    ['a write of one byte', (bus: SimulatedBus) => bus.writeTo(0x40, [Ina228Register.Config, 0])],
    ['SHUNT_CAL beyond 15 bits', (bus: SimulatedBus) => bus.writeTo(0x40, [Ina228Register.ShuntCal, 0x80, 0])],
  ])('the model throws on %s', (_, access) => {
    const { bus } = bench();
    expect(() => access(bus)).toThrow(UndefinedAccess);
    expect(bus.misuse).toBeInstanceOf(UndefinedAccess);
  });
});
