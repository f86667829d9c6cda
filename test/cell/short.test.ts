import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cell } from '../../sim/cell/cell';
import { runStep } from '../../sim/cell/step';
import { loadProfile, type CellProfile } from '../../sim/profiles/profile';
import { Lab, toCutoff } from '../../sim/reproduce/lab';
import { plating } from '../../sim/reproduce/papers/002';
import { withParameters } from '../../sim/reproduce/papers/004';

/** A full cell whose short is soft enough to charge on for a while. */
const shorting = (Qshort: number, gamG: number): CellProfile => withParameters(loadProfile('afl-l1'), { Qshort, gamG });

describe('conductance beyond the critical plated capacity', () => {
  it('is none before it and grows with the excess, half cell', () => {
    const cell = new Cell(loadProfile('super-p-half'));
    const onset = cell.profile.parameters.Qshort;
    const conductance: number[] = [];
    for (const share of [0.9, 0.2, 0.2, 0.2]) {
      runStep(cell, -0.05, { capacity_mAh_cm2: share * onset, longest_s: 1e6 });
      conductance.push(cell.short_mS_cm2);
    }
    expect(conductance[0]).toBe(0);
    const growth = conductance.slice(1).map((value, k) => value - conductance[k]!);
    expect(growth[0]).toBeGreaterThan(0);
    expect(growth[1]).toBeGreaterThan(growth[0]!);
  });

  it('stays when the lithium is stripped', () => {
    const cell = new Cell(loadProfile('super-p-half'));
    runStep(cell, -0.05, { capacity_mAh_cm2: 0.3, longest_s: 1e6 });
    const grown = cell.short_mS_cm2;
    runStep(cell, 0.05, { capacity_mAh_cm2: 0.1, longest_s: 1e6 });
    expect(grown).toBeGreaterThan(0);
    expect(cell.short_mS_cm2).toBe(grown);
  });

  it('lets the voltage of plating fall towards zero', () => {
    const { voltage_V, passed_mAh_cm2 } = plating(new Lab(), { cell: 'super-p-half', upTo_mAh_cm2: 1 });
    const from = passed_mAh_cm2.findIndex((passed) => passed > 0.22);
    const falling = voltage_V.slice(from);
    expect(falling.every((voltage, k) => k === 0 || voltage <= falling[k - 1]!)).toBe(true);
    expect(falling.at(-1)).toBeLessThan(0.15 * falling[0]!);
  });

  it('does not depend on the length of the step', () => {
    const after = (dt_s: number): Cell => {
      const cell = new Cell(loadProfile('copper-solid-ncm811'));
      for (let t = 0; t < 7200; t += dt_s) cell.step(-0.179, dt_s);
      return cell;
    };
    const [coarse, fine] = [after(900), after(1)];
    expect(coarse.short_mS_cm2 / fine.short_mS_cm2).toBeCloseTo(1, 2);
    expect(Math.abs(coarse.voltage_V - fine.voltage_V)).toBeLessThan(1e-3);
  });

  it('is the same model for many short steps', () => {
    const after = (method: 'step' | 'advance', dt_s: number): Cell => {
      const cell = new Cell(shorting(2, 20));
      for (let t = 0; t < 5 * 3600; t += dt_s) cell[method](-0.6, dt_s);
      cell.settle();
      return cell;
    };
    const [whole, split] = [after('step', 60), after('advance', 0.5)];
    expect(whole.short_mS_cm2).toBeGreaterThan(0.1);
    expect(split.short_mS_cm2 / whole.short_mS_cm2).toBeCloseTo(1, 3);
    expect(Math.abs(split.active - whole.active)).toBeLessThan(1e-4);
    expect(Math.abs(split.voltage_V - whole.voltage_V)).toBeLessThan(1e-3);
  });
});

describe('a charge that does not reach its cut-off', () => {
  it.each(['copper-solid-ncm622', 'copper-solid-ncm811'])('%s: voltage drops, then overcharge without end', (name) => {
    const cell = new Cell(loadProfile(name));
    const i = 0.1 * cell.nominal_mAh_cm2;
    let highest_V = 0;
    const charge = runStep(cell, -i, { until_V: cell.profile.chargeCutoff_V, longest_s: 30 * 3600 }, () => {
      highest_V = Math.max(highest_V, cell.voltage_V);
    });
    expect(charge.end).toBe('time');
    expect(highest_V - cell.voltage_V).toBeGreaterThan(0.1);
    expect(cell.leak_mA_cm2 / i).toBeGreaterThan(0.95);
    expect(cell.active).toBeLessThan(0.02);
  });

  it('the laboratory says at which cycle, in full and half cells', () => {
    const lab = new Lab((_, temperature_C) => new Cell(shorting(2, 50), temperature_C));
    const full = lab.cycling({ cell: 'shorting', charge_C: 0.2, discharge_C: 1, cycles: 2 });
    expect(full.stopped).toMatch(/cycle \d: the charge did not reach 4.3 V/);
    const half = new Lab().half({
      cell: 'copper-solid-half',
      plate_mA_cm2: 0.05,
      strip_mA_cm2: 0.05,
      capacity_mAh_cm2: 0.1,
      cycles: 3,
    });
    expect(half.stopped).toMatch(/cycle 1: the stripping did not reach 1 V/);
  });
});

describe('self-discharge at rest', () => {
  const charged = (profile: CellProfile): Cell => {
    const cell = new Cell(profile);
    runStep(cell, -0.6, { capacity_mAh_cm2: 2.2, longest_s: 1e6 });
    return cell;
  };

  it('a shorted full cell loses charge and voltage, an intact one hardly any', () => {
    const [shorted, intact] = [charged(shorting(1.5, 20)), charged(loadProfile('afl-l1'))];
    const lost = [shorted, intact].map((cell) => {
      const { soc } = cell;
      runStep(cell, 0, { longest_s: 10 * 3600 });
      return soc - cell.soc;
    });
    expect(lost[0]).toBeGreaterThan(0.05);
    expect(lost[1]).toBe(0);
    expect(shorted.voltage_V).toBeLessThan(intact.voltage_V - 0.02);
  });

  it('advance loses what step loses', () => {
    const [whole, split] = [charged(shorting(1.5, 20)), charged(shorting(1.5, 20))];
    const before = whole.soc;
    for (let t = 0; t < 3600; t += 60) whole.step(0, 60);
    for (let t = 0; t < 3600; t += 0.5) split.advance(0, 0.5);
    split.settle();
    expect((before - split.soc) / (before - whole.soc)).toBeCloseTo(1, 3);
  });

  it('ends when there is no lithium left to strip', () => {
    const cell = charged(shorting(1, 500));
    for (let hour = 0; hour < 200; hour++) cell.step(0, 3600);
    expect(cell.active).toBeGreaterThanOrEqual(-1e-12);
    expect(cell.active).toBeLessThan(0.1);
    expect(Number.isFinite(cell.voltage_V)).toBe(true);
  });

  it('a half cell has no voltage at rest, and none to lose', () => {
    const cell = new Cell(loadProfile('super-p-half'));
    runStep(cell, -0.05, { capacity_mAh_cm2: 0.4, longest_s: 1e6 });
    const { active } = cell;
    runStep(cell, 0, { longest_s: 3600 });
    expect(cell.short_mS_cm2).toBeGreaterThan(10);
    expect(Math.abs(cell.active - active)).toBeLessThan(0.001);
  });
});

describe('lithium is only ever moved, with a short', () => {
  const part = fc.record({
    i: fc.double({ min: -3, max: 3, noNaN: true }),
    dt_s: fc.double({ min: 0.5, max: 300, noNaN: true }),
    steps: fc.integer({ min: 1, max: 20 }),
    method: fc.constantFrom('step' as const, 'advance' as const),
    rests: fc.boolean(),
  });
  it.each(['super-p-half', 'copper-solid-half', 'copper-solid-ncm811', 'shorting'])('%s: to 1e-9', (name) => {
    const profile = name === 'shorting' ? shorting(1, 20) : loadProfile(name);
    let shorted = 0;
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const cell = new Cell(profile);
        runStep(cell, -0.3, { capacity_mAh_cm2: 2, longest_s: 1e5 });
        const start = cell.lithium_mAh_cm2;
        for (const { i, dt_s, steps, method, rests } of parts)
          for (let k = 0; k < steps; k++) {
            if (cell.active < 0.01 && i > 0) break;
            cell[method](rests ? 0 : i, method === 'step' ? dt_s : dt_s / 100);
            expect(Number.isFinite(cell.voltage_V)).toBe(true);
          }
        cell.settle();
        if (cell.short_mS_cm2 > 0) shorted++;
        expect(Math.abs(cell.lithium_mAh_cm2 - start)).toBeLessThan(1e-9);
      }),
      { numRuns: 25, seed: 2 },
    );
    expect(shorted).toBe(25);
  });
});

describe('a strip through a short', () => {
  it('gives less than was plated and finds its end by time', () => {
    const cell = new Cell(loadProfile('super-p-half'));
    runStep(cell, -0.05, { capacity_mAh_cm2: 0.4, longest_s: 1e6 });
    expect(cell.active).toBeLessThan(0.38);
    expect(toCutoff(cell, 0.05, 1).end).toBe('time');
  });
});
