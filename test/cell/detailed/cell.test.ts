import { beforeAll, describe, expect, it } from 'vitest';
import { Cell } from '../../../sim/cell/cell';
import { DetailedCell } from '../../../sim/cell/detailed/cell';
import { runStep } from '../../../sim/cell/step';
import { loadProfile } from '../../../sim/profiles/profile';

const profile = loadProfile('afl-l1');
let charged: DetailedCell;
beforeAll(() => {
  charged = new DetailedCell(profile);
  runStep(charged, -0.6, { until_V: 4.3, longest_s: 1e6 });
  runStep(charged, 0, { longest_s: 1200 });
});

const discharge = (cell: DetailedCell, i: number, refinement = 1): number =>
  runStep(cell, i, { until_V: 3, longest_s: 1e6, refinement }).charge_mAh_cm2;

describe('the detailed cell', () => {
  it('keeps its concentration overpotential after an interruption, and loses the rest at once', () => {
    const cell = charged.clone();
    runStep(cell, 3, { longest_s: 1200 });
    const [conc, fast] = [cell.etaConc_V, cell.etaFast_V];
    expect(conc).toBeGreaterThan(0.02);
    expect(fast).toBeGreaterThan(0.01);
    cell.advance(0, 0.1);
    expect(Math.abs(cell.etaFast_V)).toBeLessThan(0.02 * fast);
    const atOnce = cell.etaConc_V / conc;
    for (let k = 0; k < 99; k++) cell.advance(0, 0.1);
    const after10s = cell.etaConc_V / conc;
    expect(after10s).toBeGreaterThan(0.5);
    expect(after10s).toBeLessThan(atOnce);
    for (let k = 0; k < 6000; k++) cell.advance(0, 0.1);
    expect(cell.etaConc_V / conc).toBeLessThan(0.02);
  });

  it('saturates in stripping, is depleted in plating, and neither at rest', () => {
    expect(Math.abs(charged.saturation)).toBeLessThan(0.01);
    const cell = charged.clone();
    runStep(cell, 9, { longest_s: 600 });
    expect(cell.saturation).toBeGreaterThan(0.4);
    runStep(cell, 0, { longest_s: 1800 });
    expect(Math.abs(cell.saturation)).toBeLessThan(0.01);
    runStep(cell, -3, { longest_s: 300 });
    expect(cell.saturation).toBeLessThan(-0.05);
  });

  it('leaves more active lithium behind the faster it is discharged', () => {
    const left = [0.6, 3, 6, 9].map((i) => {
      const cell = charged.clone();
      discharge(cell, i);
      expect(cell.residue).toBeLessThanOrEqual(cell.active + 1e-12);
      return cell.residue;
    });
    expect(left).toEqual([...left].sort((a, b) => a - b));
    expect(left[3]).toBeGreaterThan(4 * left[0]!);
  });

  it('isolates more lithium the slower it is discharged', () => {
    const isolated = [1.5, 3, 6].map((i) => {
      const cell = charged.clone();
      discharge(cell, i);
      return cell.isolated;
    });
    expect(isolated).toEqual([...isolated].sort((a, b) => b - a));
  });

  it('has the same capacity with half the step to 0.5 %, in discharge and in charge', () => {
    for (const i of [0.6, 1.5, 3, 6]) {
      const [whole, half] = [charged.clone(), charged.clone()];
      expect(Math.abs(discharge(half, i, 2) / discharge(whole, i) - 1)).toBeLessThan(0.005);
      const charge = (cell: DetailedCell, refinement: number): number =>
        runStep(cell, -0.6, { until_V: 4.3, longest_s: 1e6, refinement }).charge_mAh_cm2;
      expect(Math.abs(charge(half, 2) / charge(whole, 1) - 1)).toBeLessThan(0.005);
    }
  });

  it('gives at 10 Hz, side reactions gathered, what it gives in long steps', () => {
    const [slow, fast] = [charged.clone(), charged.clone()];
    const reference = discharge(slow, 3, 4);
    let charge = 0;
    while (fast.voltage_V > 3) {
      fast.advance(3, 0.1);
      charge += 0.3 / 3600;
    }
    fast.settle();
    expect(Math.abs(charge / reference - 1)).toBeLessThan(0.002);
    for (const pool of ['active', 'isolated', 'dead', 'sei'] as const)
      expect(Math.abs(fast[pool] - slow[pool]), pool).toBeLessThan(0.003);
  });

  it('survives steps of 0.1 to 300 s at any current, and asks of lithium it does not have', () => {
    for (const dt_s of [0.1, 1, 10, 60, 300]) {
      const cell = charged.clone();
      for (const i of [3, -3, 0, 15, -8, 0.01, 12]) {
        for (let k = 0; k < 20; k++) {
          cell.step(i, dt_s);
          for (const output of [cell.voltage_V, cell.etaConc_V, cell.etaFast_V, cell.etaCathode_V, cell.active])
            expect(Number.isFinite(output)).toBe(true);
        }
      }
    }
  });

  it('is copied with everything that decides its future', () => {
    const cell = charged.clone();
    runStep(cell, 6, { longest_s: 400 });
    const copy = cell.clone();
    const other = new DetailedCell(profile, 40);
    other.copyFrom(cell);
    for (const twin of [copy, other]) {
      const original = cell.clone();
      for (const i of [6, -2, 0, 3]) {
        for (let k = 0; k < 30; k++) {
          twin.step(i, 20);
          original.step(i, 20);
          twin.advance(i, 0.1);
          original.advance(i, 0.1);
          expect(twin.voltage_V).toBe(original.voltage_V);
          expect(twin.active).toBe(original.active);
        }
      }
      expect(twin.limitingCurrent_mA_cm2).toBe(original.limitingCurrent_mA_cm2);
    }
    expect(() => cell.copyFrom(new Cell(profile))).toThrow(TypeError);
  });

  it('carries more when warm', () => {
    const capacity = (temperature_C: number): number => {
      const cell = charged.clone();
      cell.temperature_C = temperature_C;
      return discharge(cell, 6);
    };
    expect(capacity(0)).toBeLessThan(capacity(25));
    expect(capacity(25)).toBeLessThan(capacity(45));
    expect(new DetailedCell(profile, 0).limitingCurrent_mA_cm2).toBeLessThan(charged.limitingCurrent_mA_cm2);
  });

  it('starts with the foil that a profile has', () => {
    const cell = new DetailedCell({ ...profile, parameters: { ...profile.parameters, Ainit: 10 } });
    expect(cell.active).toBe(10);
    expect(cell.lithium_mAh_cm2).toBe(0);
  });
});
