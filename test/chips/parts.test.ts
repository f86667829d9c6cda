import { describe, expect, it } from 'vitest';
import { ads1115Ready, ads1115Result_mV, ads1115Start } from '../../hal/chips/ads1115';
import { mcp4725Open, mcp4725Read, mcp4725Write } from '../../hal/chips/mcp4725';
import { THERMISTOR_OPEN_C, THERMISTOR_SHORT_C, thermistor_C } from '../../hal/chips/thermistor';
import { CYCLER } from '../../hal/boards/cycler';
import { Ads1115Model } from '../../sim/chips/ads1115';
import { BusFault, SimulatedBus, UndefinedAccess } from '../../sim/chips/bus';
import { Esp32AdcModel } from '../../sim/chips/esp32Adc';
import { Mcp4725Model } from '../../sim/chips/mcp4725';
import { VirtualClock } from '../../sim/clock';
import { Random } from '../../sim/random';

describe('virtual clock', () => {
  it('runs alarms in order of time, then of setting, and skips idle time', () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.at(1e9, () => seen.push(`late ${clock.now_ms}`));
    clock.at(5, () => seen.push('a'));
    clock.at(5, () => seen.push('b'));
    clock.at(2, () => clock.at(3, () => seen.push('set by an alarm')));
    clock.advanceTo(1e6);
    expect(seen).toEqual(['set by an alarm', 'a', 'b']);
    expect(clock.next()).toBe(true);
    expect(seen.at(-1)).toBe('late 1000000000');
    expect(clock.next()).toBe(false);
  });
});

describe('MCP4725', () => {
  const bench = () => {
    const bus = new SimulatedBus(new VirtualClock());
    const model = new Mcp4725Model();
    bus.attach(0x60, model);
    return { bus, model };
  };

  it('powers up at mid-scale from the factory; opening it makes zero its power-up value', () => {
    const { bus, model } = bench();
    expect(model.output).toBeCloseTo(0.5, 3);
    const dac = mcp4725Open(bus, 0x60);
    expect(model.output).toBe(0);
    mcp4725Write(dac, 3000);
    model.powerUp();
    expect(model.output).toBe(0);
  });

  it('writes the EEPROM only where it does not hold zero already: it wears', () => {
    const { bus } = bench();
    mcp4725Open(bus, 0x60);
    const before = bus.transactions;
    mcp4725Open(bus, 0x60);
    expect(bus.transactions - before).toBe(3);
  });

  it('sets and reads back every code', () => {
    const { bus, model } = bench();
    const dac = mcp4725Open(bus, 0x60);
    for (let code = 0; code <= 4095; code++) {
      mcp4725Write(dac, code);
      expect(mcp4725Read(dac)).toBe(code);
      expect(model.output).toBe(code / 4096);
    }
  });

  it('does not open when the output is stuck', () => {
    const { bus, model } = bench();
    model.stuck = true;
    expect(() => mcp4725Open(bus, 0x60)).toThrow(/does not hold zero/);
  });

  it('throws on commands and lengths that it does not define', () => {
    const { bus } = bench();
    expect(() => bus.writeTo(0x60, [0x80, 0, 0])).toThrow(UndefinedAccess);
    expect(() => bus.writeTo(0x60, [0x40, 0])).toThrow(UndefinedAccess);
    expect(() => bus.readFrom(0x60, 6)).toThrow(UndefinedAccess);
    expect(() => bus.readReg(0x60, 0, 2)).toThrow(UndefinedAccess);
  });
});

describe('ADS1115', () => {
  const bench = (volts: number) => {
    const clock = new VirtualClock();
    const bus = new SimulatedBus(clock);
    bus.attach(0x48, new Ads1115Model((input) => (input === 2 ? volts : 0), new Random(1)));
    return { clock, ads: { bus, address: 0x48 } };
  };

  it('is ready when its own clock says so, not before', () => {
    const { clock, ads } = bench(1.65);
    ads1115Start(ads, 2);
    clock.advanceTo(7.9); // 1/128 s by the book, 5 % slower in this part
    expect(ads1115Ready(ads)).toBe(false);
    expect(ads1115Result_mV(ads)).toBe(0);
    clock.advanceTo(8.5);
    expect(ads1115Ready(ads)).toBe(true);
    expect(Math.abs(ads1115Result_mV(ads) - 1650)).toBeLessThan(0.4);
  });

  it('saturates at full scale and reads other inputs as they are', () => {
    const { clock, ads } = bench(5);
    ads1115Start(ads, 2);
    clock.advanceTo(20);
    expect(ads1115Result_mV(ads)).toBeCloseTo(4095.875, 3);
    ads1115Start(ads, 1);
    clock.advanceTo(40);
    expect(Math.abs(ads1115Result_mV(ads))).toBeLessThan(0.4);
  });

  it('throws on what it does not define', () => {
    const { ads } = bench(1);
    expect(() => ads.bus.readReg(0x48, 4, 2)).toThrow(UndefinedAccess);
    expect(() => ads.bus.writeTo(0x48, [0, 1, 2])).toThrow(UndefinedAccess);
  });
});

describe('thermistor', () => {
  const config = CYCLER.thermistor;
  const fraction = (temperature_C: number): number => {
    const r = config.r25_ohm * Math.exp(config.beta_K * (1 / (temperature_C + 273.15) - 1 / 298.15));
    return r / (r + config.pullUp_ohm);
  };
  it('inverts the beta equation from -25 to 90 degC', () => {
    for (let t = -25; t <= 90; t += 5) expect(thermistor_C(config, fraction(t))).toBeCloseTo(t, 9);
  });
  it('knows a broken wire from a short', () => {
    expect(thermistor_C(config, 1)).toBe(THERMISTOR_OPEN_C);
    expect(thermistor_C(config, 0)).toBe(THERMISTOR_SHORT_C);
  });
});

describe("the ESP32's own ADC", () => {
  const mean = (volts: number): number => {
    const adc = new Esp32AdcModel(() => volts, new Random(3));
    let sum = 0;
    for (let k = 0; k < 400; k++) sum += adc.read();
    return sum / 400;
  };
  it('is blind near zero, straight in the middle, and saturates', () => {
    expect(mean(0.05)).toBeLessThan(0.001);
    expect(mean(3.3)).toBeGreaterThan(0.999);
    expect(mean(2) - mean(1.5)).toBeCloseTo(mean(1.5) - mean(1), 2);
    expect(mean(3.0) - mean(2.6)).toBeGreaterThan(mean(2.2) - mean(1.8));
  });
  it("agrees with the reference board's calibration within 40 mV of the cell's voltage", () => {
    const { gain_mV, offset_mV } = CYCLER.coarseVoltage;
    for (let cell_mV = 2500; cell_mV <= 4400; cell_mV += 100)
      expect(Math.abs(mean(cell_mV / 2000) * gain_mV + offset_mV - cell_mV)).toBeLessThan(40);
  });
});

describe('bus', () => {
  it('throws a bus fault where nobody answers', () => {
    const bus = new SimulatedBus(new VirtualClock());
    expect(() => bus.readFrom(0x10, 1)).toThrow(BusFault);
    expect(() => bus.writeTo(0x10, [1])).toThrow(/no acknowledge from address 0x10/);
    expect(bus.misuse).toBeUndefined();
  });
});

describe('random numbers', () => {
  it('repeat for a seed, differ between streams, and are normal', () => {
    const draw = (seed: number, stream: string): number[] => {
      const random = new Random(seed, stream);
      return Array.from({ length: 20000 }, () => random.normal());
    };
    const a = draw(1, 'a');
    expect(draw(1, 'a')).toEqual(a);
    const b = draw(1, 'b');
    const moment = (values: number[]): number => values.reduce((s, v) => s + v, 0) / values.length;
    expect(Math.abs(moment(a))).toBeLessThan(0.03);
    expect(moment(a.map((v) => v * v))).toBeCloseTo(1, 1);
    expect(Math.abs(moment(a.map((v, k) => v * b[k]!)))).toBeLessThan(0.03);
  });
});
