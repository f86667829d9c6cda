/** The pack in use, without a fault: nothing trips, nothing derates, what it counts is what flows. */
import { describe, expect, it } from 'vitest';
import { BalanceStop } from '../../firmware/balance/balance';
import { Wish } from '../../firmware/pack';
import { Policy } from '../../firmware/protect/faults';
import { Switch } from '../../firmware/protect/switches';
import { CAPACITY_MAH, CHARGER, conducts, packHarness, SPREAD, type PackHarness, type Setup } from './packHarness';

const HOUR_MS = 3600e3;

/** Notes every row that ever tripped, and how often the output was off while it was wanted. */
function watched(setup: Setup): PackHarness & { seen: Set<string>; cuts: number } {
  const watched = Object.assign(packHarness(setup), { seen: new Set<string>(), cuts: 0 });
  watched.onTick = () => {
    const { bms, bench } = watched;
    for (const row of watched.tripped()) watched.seen.add(row);
    if (bms.discharge_mA < bms.config.limits.lastingDischarge_mA) watched.seen.add('derated');
    if (bms.switches === Switch.Discharge && bms.sense.fets !== 0 && !bench.afe.dischargeConducts) watched.cuts++;
    if (bench.afe.balancing.active !== 0 && bench.current_A > 0) watched.seen.add('balanced in discharge');
  };
  return watched;
}

/** Truth: charge that went through the shunt [mAh], discharge positive. */
function counted({ bench }: PackHarness): () => number {
  let charge_mAh = 0;
  bench.onStep = (dt_s, current_A) => (charge_mAh += (1000 * current_A * dt_s) / 3600);
  return () => charge_mAh;
}

describe.each([
  ['flight', Policy.Flight],
  ['ground', Policy.Cycler],
])('a pack of six cells with spread, policy of %s', (_, policy) => {
  it('takes off at 5C, hovers for an hour, lands at 5C, is charged and rests', () => {
    const pack = watched({ differences: SPREAD, policy });
    const { bench, bms } = pack;
    const charge_mAh = counted(pack);
    pack.run(2000);
    expect(bms.switches).toBe(Switch.Idle);
    expect(conducts(pack)).toBe('none');
    bms.wish = Wish.On;
    pack.run(3000);
    expect(conducts(pack)).toBe('both');
    bench.load = (time_s) => (time_s < 35 ? 5 : time_s < 3635 ? 0.75 : time_s < 3665 ? 5 : 0);
    pack.run(1.05 * HOUR_MS);
    expect(charge_mAh()).toBeGreaterThan(0.8 * CAPACITY_MAH);
    expect(Math.abs(bms.sense.chip_mC / 3600 - charge_mAh())).toBeLessThan(0.01 * CAPACITY_MAH);
    expect(Math.abs(bms.sense.charge_mC / 3600 - charge_mAh())).toBeLessThan(0.01 * CAPACITY_MAH);
    expect(pack.cuts).toBe(0);

    bms.wish = Wish.Charge;
    bench.charger = () => CHARGER;
    pack.run(2.5 * HOUR_MS);
    expect(bms.sense.current_mA).toBeGreaterThan(-0.05 * CAPACITY_MAH);
    for (const cell_V of bench.cells_V) expect(Math.abs(cell_V - 4.3)).toBeLessThan(0.01);
    bench.charger = undefined;
    bms.wish = Wish.Off;
    pack.run(0.2 * HOUR_MS);
    expect(bms.balance.stop).toBe(BalanceStop.Balanced);
    expect([...pack.seen]).toEqual([]);
    expect(bms.sense.busErrors).toBe(0);
  });
});

it('a landing on the last charge warns and limits before the cut-off of the protection, and is not cut', () => {
  const pack = watched({ differences: SPREAD, charged_V: 3.6 });
  const { bench, bms } = pack;
  bms.wish = Wish.On;
  pack.run(5000);
  bench.load = (_, terminals_V) => (terminals_V > 10 ? 1.5 : 0);
  pack.run(HOUR_MS, () => bms.discharge_mA < bms.config.limits.lastingDischarge_mA);
  expect(bms.sense.lowest_mV).toBeLessThan(2700);
  expect(bms.protection.state[bms.protection.whyDischarge]).not.toBe(0);
  pack.run(HOUR_MS, () => bms.discharge_mA === 0);
  expect(bms.sense.lowest_mV).toBeLessThan(2500);
  expect(pack.tripped()).toContain('under-voltage');
  expect(conducts(pack)).toBe('both');
  expect(pack.cuts).toBe(0);
});

it.each([3, 6, 16])('%i cells behind one front end are read and switched', (count) => {
  const differences = Array.from({ length: count }, (_, k) => ({ less_mAh: 10 * k }));
  const pack = watched({ differences });
  const { bench, bms } = pack;
  bms.wish = Wish.On;
  pack.run(5000);
  bench.load = () => 1;
  pack.run(10000);
  expect(conducts(pack)).toBe('both');
  expect(bms.sense.cells_mV).toHaveLength(count);
  for (let k = 0; k < count; k++) expect(Math.abs(bms.sense.cells_mV[k]! - 1000 * bench.cells_V[k]!)).toBeLessThan(6);
  expect(Math.abs(bms.sense.stack_mV - 1000 * bench.stack_V)).toBeLessThan(0.004 * 1000 * bench.stack_V);
});

it('bursts between the lasting limit and the largest are borne for a while, then said; what is allowed is what may last', () => {
  const pack = watched({});
  const { bench, bms } = pack;
  bms.wish = Wish.On;
  pack.run(5000);
  bench.load = () => 5.95;
  pack.run(HOUR_MS, () => pack.tripped().length > 0);
  expect(pack.tripped()).toEqual(['lasting over-current in discharge']);
  pack.run(1000);
  expect(bms.discharge_mA).toBe(bms.config.limits.lastingDischarge_mA);
  expect(conducts(pack)).toBe('both');
});
