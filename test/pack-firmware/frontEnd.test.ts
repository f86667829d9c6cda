/** What the front end of a pack does by itself: its thresholds follow from limits and policy, and act with the processor stopped. */
import { describe, expect, it } from 'vitest';
import { packConfig } from '../../firmware/config/packDefaults';
import { Wish } from '../../firmware/pack';
import { Fault, Policy } from '../../firmware/protect/faults';
import { appliedLimits, frontEnd } from '../../firmware/protect/frontEnd';
import { releaseFault } from '../../firmware/protect/engine';
import { Switch } from '../../firmware/protect/switches';
import { Bq76952Fault } from '../../hal/chips/bq76952';
import { bq76952Settings } from '../../hal/chips/bq76952Settings';
import { charging, conducts, flying, packHarness, PACKED, type PackHarness } from './packHarness';

const NEVER_MS = 600e3;

/** No firmware any more: how long until the discharge path is open [ms]; `NEVER_MS` when it stays closed for so long. */
function stopped(
  { bench }: PackHarness,
  breaks: () => void,
  closed = (): boolean => bench.afe.dischargeConducts,
): number {
  expect(closed()).toBe(true);
  const begin_ms = bench.clock.now_ms;
  const seen = { opened_ms: NEVER_MS, lived_ms: 0 };
  bench.onStep = (dt_s) => {
    seen.lived_ms += dt_s * 1000;
    if (!closed()) seen.opened_ms = Math.min(seen.opened_ms, seen.lived_ms);
  };
  breaks();
  // The bench lives on, and nobody ticks.
  for (let time_ms = 100; time_ms <= NEVER_MS && seen.opened_ms === NEVER_MS; time_ms += 100) {
    bench.clock.now_ms = begin_ms + time_ms;
    bench.live();
  }
  return seen.opened_ms;
}

describe('with the processor stopped', () => {
  it.each([Policy.Cycler, Policy.Flight])('a short circuit is cut below 1 ms, policy %i', (policy) => {
    for (const short_A of [25, 60, 200]) {
      const pack = flying({ policy });
      expect(stopped(pack, () => (pack.bench.defects = { short_A }))).toBeLessThan(1);
      // For good: nobody has released it.
      pack.bench.clock.now_ms += 60e3;
      pack.bench.live();
      expect(conducts(pack)).toBe('none');
    }
  });

  it('an over-current is cut below 50 ms on the ground, and in flight only one that no flight needs', () => {
    const over = (policy: Policy, current_A: number): number => {
      const pack = flying({ policy });
      return stopped(pack, () => (pack.bench.load = () => current_A));
    };
    expect(over(Policy.Cycler, 7.5)).toBeLessThan(50);
    expect(over(Policy.Flight, 7.5)).toBe(NEVER_MS);
    expect(over(Policy.Flight, 13)).toBeLessThan(450);
  });

  it('the charge switch opens above the highest cell and the largest charge current, whatever the policy', () => {
    for (const policy of [Policy.Cycler, Policy.Flight]) {
      let pack = charging({ policy });
      let closed = (): boolean => pack.bench.afe.chargeConducts;
      expect(stopped(pack, () => (pack.bench.defects = { cells: [{ offset_V: 0.55 }] }), closed)).toBeLessThan(700);
      pack = charging({ policy });
      closed = (): boolean => pack.bench.afe.chargeConducts;
      expect(
        stopped(pack, () => (pack.bench.charger = () => ({ current_A: 1, voltage_V: 25.8 })), closed),
      ).toBeLessThan(50);
    }
  });

  it.each<[string, (pack: PackHarness) => void]>([
    ['an empty cell', ({ bench }) => (bench.defects = { cells: [{ offset_V: -2.2 }] })],
    ['a hot cell', ({ bench }) => (bench.defects = { thermistors: [{ offset: 60 }] })],
    ['a cold cell', ({ bench }) => (bench.defects = { thermistors: [{ offset: -60 }] })],
    ['a hot board', ({ bench }) => void (bench.ambient_C = 98)],
    ['a controller that is silent', () => {}],
  ])('%s opens the output on the ground, and never in flight', (_, breaks) => {
    const ground = flying({ policy: Policy.Cycler });
    expect(stopped(ground, () => breaks(ground))).toBeLessThan(4500);
    const flight = flying();
    expect(stopped(flight, () => breaks(flight))).toBe(NEVER_MS);
  });
});

it('a short in flight opens the output, stays open until somebody who may releases it, and the pack can be used again', () => {
  const pack = flying();
  const { bench, bms } = pack;
  bench.defects = { short_A: 60 };
  pack.run(300);
  expect(pack.tripped()).toContain('front end opened the switches');
  expect(bms.switches).toBe(Switch.Fault);
  bench.defects = undefined;
  bench.load = () => 0;
  pack.run(60000);
  expect(conducts(pack)).toBe('none');
  releaseFault(bms.protection, Fault.FrontEnd);
  bms.wish = Wish.On;
  pack.run(10000);
  expect(conducts(pack)).toBe('both');
  expect(pack.tripped()).toEqual([]);
  // While the short lasts, a release does not help.
  bench.defects = { short_A: 60 };
  pack.run(6000);
  releaseFault(bms.protection, Fault.FrontEnd);
  pack.run(20000);
  expect(pack.tripped()).toContain('switch does not close');
  expect(conducts(pack)).toBe('none');
});

describe('thresholds', () => {
  const sizes = [3, 6, 16].flatMap((cells) => [250, 1000, 5000].map((capacity_mAh) => [cells, capacity_mAh] as const));
  it.each(sizes)(
    'of %i cells of %i mAh fit the part, and none is looser than the limits ask',
    (cells, capacity_mAh) => {
      for (const policy of [Policy.Cycler, Policy.Flight]) {
        const config = packConfig({ ...PACKED, capacity_mAh }, cells, 0.5, 5, policy);
        expect(() => bq76952Settings(frontEnd(config))).not.toThrow();
      }
    },
  );

  it('that apply are reported from what was read back', () => {
    const { bms, config } = packHarness();
    const applied = appliedLimits(config, bms.sense.afe);
    const wished = frontEnd(config).limits;
    expect(applied.cellOver_mV).toBeLessThanOrEqual(wished.cellOver_mV);
    expect(applied.cellOver_mV).toBeGreaterThan(config.limits.overVoltage_mV);
    expect(applied.cellUnder_mV).toBeGreaterThanOrEqual(wished.cellUnder_mV);
    expect(applied.dischargeOver1_mA).toBe(12000);
    expect(applied.short_mA).toBe(20000);
    expect(applied.shortDelay_us).toBe(450);
  });

  it('in flight leave the discharge switch to the short circuit and the current that no flight needs', () => {
    const { protections } = frontEnd(packConfig(PACKED, 6, 0.5, 5, Policy.Flight));
    const may =
      Bq76952Fault.Short | Bq76952Fault.ShortLatched | Bq76952Fault.DischargeOver1 | Bq76952Fault.DischargeLatched;
    const chargeOnly =
      Bq76952Fault.CellOver | Bq76952Fault.ChargeOver | Bq76952Fault.ChargeHot | Bq76952Fault.ChargeCold;
    expect(protections).toBe(may | chargeOnly);
  });
});
