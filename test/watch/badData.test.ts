import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Alarm, Level } from '../../firmware/watch/alarms';
import { Driver, times, type Reading } from './driver';

const ALARMS = [Alarm.SoftShort, Alarm.SelfHeating, Alarm.Drying, Alarm.LowTemperaturePlating];
const levels = (driver: Driver): Level[] => ALARMS.map((alarm) => driver.level(alarm));
const QUIET = ALARMS.map(() => Level.Ok);

const nonsense = fc.constantFrom(NaN, Infinity, -Infinity);
/** Readings of which at least one says nothing. */
const bad: fc.Arbitrary<Partial<Reading>> = fc.oneof(
  fc.record({
    valid: fc.constant(false),
    voltage_mV: fc.double(),
    current_mA: fc.double(),
    temperature_C: fc.double(),
  }),
  nonsense.map((voltage_mV) => ({ voltage_mV })),
  nonsense.map((current_mA) => ({ current_mA })),
  nonsense.map((temperature_C) => ({ temperature_C })),
  fc.constantFrom(0, -1, NaN, 61, 1e9).map((dt_s) => ({ dt_s })),
  fc.constantFrom(0, -3, 70000).map((voltage_mV) => ({ voltage_mV })),
  fc.constantFrom(-273, 999).map((temperature_C) => ({ temperature_C })),
);

describe('data that say nothing', () => {
  it('raise no alarm among good ones', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(bad, fc.integer({ min: 0, max: 40 })), { maxLength: 40 }), (bursts) => {
        const driver = new Driver();
        for (const [reading, good] of bursts) {
          driver.at((driver.now_ms += 1000), reading);
          driver.seconds(good, (k) => ({ current_mA: -200, voltage_mV: 3800 + k / 30, platingNumber: 0.05 }));
        }
        expect(levels(driver)).toEqual(QUIET);
      }),
      { numRuns: 200 },
    );
  });

  it('neither raise nor release: a standing alarm stays', () => {
    fc.assert(
      fc.property(fc.array(bad, { minLength: 1, maxLength: 200 }), (readings) => {
        const driver = new Driver();
        times(2, () => driver.cycle({ discharge: 950 }));
        driver.seconds(600, () => ({ current_mA: -300, platingNumber: 0.3 }));
        const before = levels(driver);
        for (const reading of readings) driver.at((driver.now_ms += 1000), reading);
        expect(levels(driver)).toEqual(before);
        expect(before).toContain(Level.Alarm);
      }),
      { numRuns: 100 },
    );
  });

  it('of a cycle raise nothing', () => {
    const amount = fc.oneof(nonsense, fc.constantFrom(0, -1, 1e300));
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, amount, amount), { maxLength: 30 }), (cycles) => {
        const driver = new Driver();
        for (const [charge, before, limit] of cycles) {
          driver.cycle({ charge: NaN, limit });
          driver.cycle({ charge: -charge * 0 - 1 });
          driver.cycle({ before: before * 0 + NaN });
          driver.cycle({});
        }
        expect(levels(driver)).toEqual(QUIET);
      }),
    );
  });
});

describe('time', () => {
  it('that stands still changes nothing', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.double(), (voltage_mV, current_mA, temperature_C) => {
        const driver = new Driver();
        driver.seconds(700, (k) => ({ current_mA: -200, voltage_mV: 3700 + k / 30 }));
        const before = [...driver.watch.x, ...driver.watch.alarms];
        driver.at(driver.now_ms, { voltage_mV, current_mA, temperature_C });
        expect([...driver.watch.x, ...driver.watch.alarms]).toEqual(before);
      }),
    );
  });

  it('that is set back leaves alarms as old as they were, and begins anew', () => {
    const driver = new Driver();
    driver.seconds(100, () => ({}));
    times(2, () => driver.cycle({ discharge: 950 }));
    driver.at(-1e6, {});
    expect(driver.level(Alarm.SoftShort)).toBe(Level.Alarm);
    driver.at(-1e6 + 1000, {});
    expect(driver.level(Alarm.SelfHeating)).toBe(Level.Ok);
  });

  it('in longer or shorter pieces gives the same verdict', () => {
    for (const dt_s of [0.5, 1, 10, 60]) {
      const warming = new Driver({ cooling_W_K: 0 });
      warming.seconds(3600 / dt_s, (k) => ({ dt_s, temperature_C: 70 + (0.05 * k * dt_s) / 60 }));
      expect(warming.level(Alarm.SelfHeating)).toBe(Level.Alarm);
      const calm = new Driver();
      calm.seconds(7200 / dt_s, () => ({ dt_s }));
      expect(levels(calm)).toEqual(QUIET);
    }
  });
});
