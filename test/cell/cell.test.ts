import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cell } from '../../sim/cell/cell';
import { runStep } from '../../sim/cell/step';
import { loadProfile, profileNames } from '../../sim/profiles/profile';
import { golden, referenceProfile } from './reference';

describe('lithium is only ever moved', () => {
  it.each(profileNames())('%s: conserved to 1e-12 mAh/cm2 in every step of any protocol', (name) => {
    const profile = loadProfile(name);
    const protocol = fc.array(
      fc.record({
        i: fc.double({ min: -6, max: 15, noNaN: true }),
        dt_s: fc.double({ min: 0.1, max: 60, noNaN: true }),
        steps: fc.integer({ min: 1, max: 50 }),
        short: fc.boolean(),
        rests: fc.boolean(),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(protocol, fc.double({ min: -20, max: 60, noNaN: true }), (parts, temperature_C) => {
        const cell = new Cell(profile, temperature_C);
        runStep(cell, -1, { capacity_mAh_cm2: 2, longest_s: 1e5 });
        let before = cell.lithium_mAh_cm2;
        for (const { i, dt_s, steps, short, rests } of parts) {
          for (let k = 0; k < steps; k++) {
            if (cell.active < 0.01 && i > 0) break;
            if (short) cell.advance(rests ? 0 : i, dt_s / 60);
            else cell.step(rests ? 0 : i, dt_s);
            const after = cell.lithium_mAh_cm2;
            // `expect` costs more than ten steps.
            if (!(Math.abs(after - before) < 1e-12)) throw new Error(`${after - before} mAh/cm2 of lithium came`);
            if (!Number.isFinite(cell.voltage_V)) throw new Error(`${cell.voltage_V} V`);
            before = after;
          }
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe('advance, for many short steps, is the same model as step', () => {
  it('gives the capacity of a 1C discharge to 0.02 % and every pool to 1e-4', () => {
    const capacity = (method: 'step' | 'advance'): [number, Cell] => {
      const cell = new Cell(loadProfile('afl-l1'));
      let charge = 0;
      do cell[method](-0.6, 1);
      while (cell.voltage_V < 4.3);
      for (let k = 0; k < 300; k++) cell[method](0, 1);
      do {
        cell[method](3, 0.1);
        charge += 0.3 / 3600;
      } while (cell.voltage_V > 3);
      cell.settle();
      return [charge, cell];
    };
    const [reference, whole] = capacity('step');
    const [fast, split] = capacity('advance');
    expect(Math.abs(fast / reference - 1)).toBeLessThan(2e-4);
    for (const pool of ['active', 'isolated', 'dead', 'sei', 'residue'] as const)
      expect(Math.abs(split[pool] - whole[pool]), pool).toBeLessThan(1e-4);
  });
});

describe('a protocol step', () => {
  it('finds its cut-off to 0.1 mV or 1 ms, up and down', () => {
    const cell = new Cell(loadProfile('afl-l1'));
    const charge = runStep(cell, -0.6, { until_V: 4.3, longest_s: 1e5 });
    expect(charge.end).toBe('voltage');
    expect(Math.abs(cell.voltage_V - 4.3)).toBeLessThan(1e-3);
    const discharge = runStep(cell, 3, { until_V: 3, longest_s: 1e5 });
    expect(discharge.end).toBe('voltage');
    expect(cell.voltage_V).toBeLessThan(3.0001);
    expect(cell.voltage_V).toBeGreaterThan(2.99);
  });

  it('ends by time when the cut-off is out of reach', () => {
    const cell = new Cell(loadProfile('afl-l1'));
    expect(runStep(cell, -0.6, { until_V: 5.5, longest_s: 3600 }).end).toBe('time');
  });

  it('passes exactly the charge it is asked for', () => {
    const cell = new Cell(loadProfile('afl-l1-half'));
    const plated = runStep(cell, -1, { capacity_mAh_cm2: 3, longest_s: 1e6 });
    expect(plated).toMatchObject({ end: 'capacity' });
    expect(plated.charge_mAh_cm2).toBeCloseTo(3, 12);
  });
});

/** The half-cell figures of the reference implementation, with its parameters (plated 1 mA/cm2 to 3 mAh/cm2). */
describe.skipIf(golden === undefined)('Li | Cu half cells of L1, reference parameters', () => {
  const cycles = (i: number): { ce: number[]; cell: Cell; recovered: number } => {
    const cell = new Cell(referenceProfile('afl-l1-half', golden!));
    const ce: number[] = [];
    let recovered = 0;
    for (let n = 1; n <= 10; n++) {
      runStep(cell, -1, { capacity_mAh_cm2: 3, longest_s: 1e6 });
      ce.push((100 * runStep(cell, i, { until_V: 1, longest_s: 1e6 }).charge_mAh_cm2) / 3);
      if (n === 1) {
        const copy = cell.clone();
        runStep(copy, 0, { longest_s: 1800 });
        recovered = runStep(copy, 0.01, { until_V: 1, longest_s: 1e6 }).charge_mAh_cm2;
      }
      runStep(cell, 0, { longest_s: 600 });
    }
    return { ce, cell, recovered };
  };
  const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
  const [slow, medium, fast] = golden ? [cycles(1), cycles(3), cycles(5)] : ([] as never);

  it('the first efficiency falls with the stripping current: 98.4, 97.5, 96.1 %', () => {
    for (const [run, ce_pct] of [
      [slow, 98.4],
      [medium, 97.5],
      [fast, 96.1],
    ] as const)
      expect(Math.abs(run.ce[0]! - ce_pct)).toBeLessThan(0.1);
  });

  it('the mean of ten is a volcano with its top at 3 mA/cm2: 99.26, 99.40, 99.31 %', () => {
    expect(Math.abs(mean(slow.ce) - 99.26)).toBeLessThan(0.03);
    expect(Math.abs(mean(medium.ce) - 99.4)).toBeLessThan(0.03);
    expect(Math.abs(mean(fast.ce) - 99.31)).toBeLessThan(0.03);
  });

  it('SEI lithium hardly depends on the current; what a slow strip recovers grows with it', () => {
    for (const { cell } of [slow, medium, fast]) expect(Math.abs(cell.sei - 0.2 - 0.065)).toBeLessThan(0.005);
    expect(slow.recovered).toBeCloseTo(0.03, 2);
    expect(medium.recovered).toBeCloseTo(0.062, 2);
    expect(fast.recovered).toBeCloseTo(0.105, 2);
  });
});
