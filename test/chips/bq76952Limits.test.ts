import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bq76952Limits, bq76952Settings, type Bq76952Limits } from '../../hal/chips/bq76952Settings';
import { Bench, CONFIG, IDEAL, LIMITS } from './bq76952Bench';

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
