import { describe, expect, it } from 'vitest';
import type { Cell } from '../../sim/cell/cell';
import { runStep } from '../../sim/cell/step';
import { buildPack } from '../../sim/pack/build';
import { checkPackConfiguration } from '../../sim/pack/configuration';
import { Pack } from '../../sim/pack/pack';
import { PackRun, type PackCycle, type PackRunOptions } from '../../sim/pack/packRun';
import { recordPhase } from '../../sim/pack/trace';
import { loadProfile } from '../../sim/profiles/profile';

const profile = loadProfile('afl-l1');
const rates = { charge_C: 0.2, discharge_C: 1 };

const packOf = (more: Record<string, unknown>): Pack =>
  buildPack(checkPackConfiguration({ cell: 'afl-l1', series: 1, parallel: 1, ...more }, 'test'));

function cycles(pack: Pack, count: number, options: Partial<PackRunOptions> = {}): PackCycle[] {
  const run = new PackRun(pack, { ...rates, ...options });
  const done = Array.from({ length: count }, () => run.advance());
  expect(run.stopped).toBeUndefined();
  return done as PackCycle[];
}

const uneven = { capacity_pct: 2, resistance_pct: 15, temperature_K: 4, agedCycles: 6 };

describe('one cell', () => {
  it('gives what the bare cell gives in the same protocol, but for the lengths of time steps', () => {
    const [, , third] = cycles(packOf({}), 3) as [PackCycle, PackCycle, PackCycle];
    const cell = packOf({}).cells[0]!.plant;
    let bare_mAh_cm2 = 0;
    const Qn = cell.nominal_mAh_cm2;
    for (let n = 0; n < 3; n++) {
      runStep(cell, -0.2 * Qn, { until_V: profile.chargeCutoff_V, longest_s: 1e5 });
      runStep(cell, 0, { longest_s: 300 });
      bare_mAh_cm2 = runStep(cell, Qn, { until_V: profile.dischargeCutoff_V, longest_s: 1e5 }).charge_mAh_cm2;
      runStep(cell, 0, { longest_s: 300 });
    }
    const bare_Ah = (bare_mAh_cm2 * cell.area_cm2) / 1000;
    expect(Math.abs(third.discharge.charge_Ah / bare_Ah - 1)).toBeLessThan(1e-3);
  });

  it('ends at its cut-offs', () => {
    const [first] = cycles(packOf({}), 1) as [PackCycle];
    expect(Math.abs(first.charge.end.groupVoltage_V[0]! - profile.chargeCutoff_V)).toBeLessThan(1e-4);
    expect(Math.abs(first.discharge.end.groupVoltage_V[0]! - profile.dischargeCutoff_V)).toBeLessThan(1e-3);
  });
});

describe('an uneven pack', () => {
  it('gives the same to the last bit for the same seed, and something else for another', () => {
    const results = [5, 5, 6].map((seed) => cycles(packOf({ series: 2, parallel: 2, seed, spread: uneven }), 4));
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).not.toEqual(results[0]);
  });

  it('in series ends the charge at the group with the least capacity, before the others', () => {
    const cell = (areaScale: number) => [{ plant: packOf({}).cells[0]!.plant, areaScale }];
    const pack = new Pack([cell(1), cell(0.95), cell(1.02)]);
    const [first, second] = cycles(pack, 2) as [PackCycle, PackCycle];
    for (const { charge, discharge } of [first, second]) {
      expect([charge.end.group, charge.end.cell]).toEqual([1, 0]);
      // All have been given the same charge, of which the larger ones' interphase has taken more: which of them runs out first
      // is for the model to say. It is the one at its cut-off.
      const lowest_V = Math.min(...discharge.end.groupVoltage_V);
      expect(discharge.end.groupVoltage_V[discharge.end.group]).toBe(lowest_V);
      expect(Math.abs(lowest_V - profile.dischargeCutoff_V)).toBeLessThan(1e-3);
    }
    const [a_V, weak_V, b_V] = first.charge.end.groupVoltage_V as [number, number, number];
    expect(weak_V).toBeGreaterThan(Math.max(a_V, b_V) + 0.02);
    const [alone] = cycles(new Pack([cell(0.95)]), 1) as [PackCycle];
    expect(first.discharge.charge_Ah / alone.discharge.charge_Ah).toBeCloseTo(1, 3);
  });

  it('names the cell that has handed its current on: the aged one beside a new one', () => {
    const aged = packOf({}).cells[0]!.plant;
    cycles(new Pack([[{ plant: aged }]]), 25);
    const pack = new Pack([[{ plant: packOf({}).cells[0]!.plant }, { plant: aged }]]);
    const [first] = cycles(pack, 1) as [PackCycle];
    expect([first.discharge.end.group, first.discharge.end.cell]).toEqual([0, 1]);
    const [fresh_A, aged_A] = first.discharge.end.cellCurrent_A as [number, number];
    expect(aged_A).toBeLessThan(0.8 * fresh_A);
  });

  it('keeps the lithium of every cell, shares to 0.1 mV and adds up to rounding all along', () => {
    const pack = packOf({ series: 3, parallel: 2, busbar_ohm: 0.001, spread: uneven });
    let residual_V = 0;
    let difference_A = 0;
    const onTimeStep = (run: PackRun): void => {
      residual_V = Math.max(residual_V, run.pack.residual_V);
      for (const group of run.pack.groups) {
        const sum_A = group.current_A.reduce((sum, each) => sum + each, 0);
        difference_A = Math.max(difference_A, Math.abs(sum_A - run.pack.current_A));
      }
    };
    cycles(pack, 60, { onTimeStep });
    expect(residual_V).toBeLessThan(1e-4);
    expect(difference_A).toBeLessThan(1e-14);
    for (const { plant } of pack.cells) expect(Math.abs(plant.lithium_mAh_cm2)).toBeLessThan(1e-9);
  });

  it('halving every time step moves capacities by less than 0.1 % and shares by less than 0.01', () => {
    const results = [1, 2].map((refinement) => {
      const { trace, onTimeStep } = recordPhase(3, 'discharge');
      const done = cycles(packOf({ parallel: 3, spread: uneven }), 3, { refinement, onTimeStep });
      return { capacity_Ah: done[2]!.discharge.charge_Ah, trace };
    });
    const [whole, halved] = results as [(typeof results)[0], (typeof results)[0]];
    expect(Math.abs(halved.capacity_Ah / whole.capacity_Ah - 1)).toBeLessThan(1e-3);
    for (const at_Ah of [0.3, 1.5, 2.5]) {
      const shares = [whole, halved].map(({ trace }) => interpolated(trace.points, at_Ah));
      shares[0]!.forEach((share, k) => expect(Math.abs(share - shares[1]![k]!)).toBeLessThan(0.01));
    }
  });
});

/** Shares of the cells at a charge given. */
function interpolated(points: { charge_Ah: number; share: number[] }[], at_Ah: number): number[] {
  const next = points.findIndex((point) => point.charge_Ah > at_Ah);
  const [a, b] = [points[next - 1]!, points[next]!];
  const part = (at_Ah - a.charge_Ah) / (b.charge_Ah - a.charge_Ah);
  return a.share.map((share, k) => share + part * (b.share[k]! - share));
}

describe('a run that cannot go on', () => {
  it('says why, and keeps what came before', () => {
    // A cell that is discharged from within faster than it is charged never reaches its cut-off.
    const cell = packOf({}).cells[0]!.plant as Cell;
    cell.short_mS_cm2 = 0.15;
    const run = new PackRun(new Pack([[{ plant: cell }]]), rates);
    expect(run.advance()).toBeUndefined();
    expect(run.stopped).toMatch(/cycle 1, charge.* did not reach a cut-off within 54000 s/);
    expect(run.simulated_s).toBeCloseTo(54000, 6);
    expect(run.advance()).toBeUndefined();
  });

  it('refuses rates and times that cannot be', () => {
    const pack = packOf({});
    expect(() => new PackRun(pack, { charge_C: 0, discharge_C: 1 })).toThrow('charge_C is 0 C; allowed: above 0');
    expect(() => new PackRun(pack, { ...rates, rest_s: -1 })).toThrow('rest_s is -1 s; allowed: 0 or more');
  });
});
