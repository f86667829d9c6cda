import { describe, expect, it } from 'vitest';
import { Cell } from '../../sim/cell/cell';
import { PHYSICS_TERMS, withoutPhysics } from '../../sim/cell/physics';
import type { Parameters } from '../../sim/cell/parameters';
import { runStep } from '../../sim/cell/step';
import { InputError } from '../../sim/errors';
import { loadProfile } from '../../sim/profiles/profile';
import { lostContact_mAh_cm2, withParameters } from '../../sim/reproduce/papers/004';

const base = loadProfile('afl-l1-half');

interface Test {
  plate?: number;
  strip?: number;
  temperature_C?: number;
  parameters?: Partial<Parameters>;
  off?: string[];
}

/** Metal that has lost contact after one plating and one strip [mAh/cm2]. */
function lost({ plate = 1, strip = 1, temperature_C = 25, parameters = {}, off = [] }: Test): number {
  return lostContact_mAh_cm2(
    new Cell(withoutPhysics(withParameters(base, parameters), off), temperature_C),
    plate,
    strip,
  );
}

/** A formed half cell with plated and isolated lithium on it. */
function used(parameters: Partial<Parameters>, off: string[] = []): Cell {
  const cell = new Cell(withoutPhysics(withParameters(base, parameters), off));
  lostContact_mAh_cm2(cell, 1, 1);
  return cell;
}

const rises = (values: number[]): boolean => values.every((value, k) => k === 0 || value > values[k - 1]!);
const spread = (values: number[]): number => Math.max(...values) / Math.min(...values) - 1;
const TEMPERATURES_C = [-20, 0, 25, 40, 60];
const ALL_BUT_SLOW_STRIP = ['temperature', 'pressure', 'charge-rate', 'rest-recovery'];

describe('temperature, -20 to 60 degC', () => {
  it('a deposit plated fast for the cold and stripped slowly is worst at -20', () => {
    const [cold, room, warm] = [-20, 25, 60].map((temperature_C) => lost({ temperature_C, strip: 0.5 }));
    expect(cold).toBeGreaterThan(1.1 * room!);
    expect(cold).toBeGreaterThan(1.1 * warm!);
  });
  it('a deposit plated slowly loses more the warmer it is stripped', () => {
    expect(rises(TEMPERATURES_C.map((temperature_C) => lost({ temperature_C, plate: 0.1 })))).toBe(true);
  });
  it('off: no difference', () => {
    const losses = TEMPERATURES_C.map((temperature_C) => lost({ temperature_C, strip: 0.5, off: ['temperature'] }));
    expect(spread(losses)).toBeLessThan(1e-6);
  });
});

describe('stacking pressure, 0.1 to 1.0 MPa', () => {
  const at = (pres: number, off: string[] = []): number => lost({ parameters: { pres }, off });
  it('least at 0.5, more towards either side', () => {
    expect(rises([0.5, 0.3, 0.1].map((pres) => at(pres)))).toBe(true);
    expect(rises([0.5, 0.8, 1].map((pres) => at(pres)))).toBe(true);
  });
  it('off: no difference', () => expect(spread([0.1, 0.5, 1].map((pres) => at(pres, ['pressure'])))).toBe(0));
});

describe('charge rate', () => {
  it('faster plating loses more', () => expect(rises([1, 2, 3, 5].map((plate) => lost({ plate })))).toBe(true));
  it('off: no difference', () =>
    expect(spread([1, 2, 3, 5].map((plate) => lost({ plate, off: ['charge-rate'] })))).toBeLessThan(0.01));
});

describe('slow strip', () => {
  it('slower stripping isolates more', () => expect(rises([5, 3, 2, 1].map((strip) => lost({ strip })))).toBe(true));
  it('off: no more at slow than at fast', () =>
    expect(spread([1, 2, 3, 5].map((strip) => lost({ strip, off: ['slow-strip'] })))).toBeLessThan(0.02));
  it('is what remains when all other terms are off', () =>
    expect(lost({ strip: 1, off: ALL_BUT_SLOW_STRIP })).toBeGreaterThan(lost({ strip: 5, off: ALL_BUT_SLOW_STRIP })));
});

describe('rest', () => {
  /** Isolated lithium that an hour's rest brings back. */
  const recovered = (off: string[]): number => {
    const cell = used({}, off);
    const before = cell.isolated;
    runStep(cell, 0, { longest_s: 3600 });
    return before - cell.isolated;
  };
  it('brings isolated lithium back', () => expect(recovered([])).toBeGreaterThan(1e-5));
  it('off: none', () => expect(recovered(['rest-recovery'])).toBe(0));
});

describe('gas', () => {
  const sei = (ygas: number, off: string[] = []): number => used({ ygas }, off).sei;
  it('costs lithium, the more the more of it', () => expect(rises([0, 0.5, 2].map((ygas) => sei(ygas)))).toBe(true));
  it('off: none', () => expect(sei(2, ['gas'])).toBe(sei(0)));
});

describe('redox mediator', () => {
  const metal = (kred: number, off: string[] = []): number => {
    const cell = used({ kred }, off);
    return cell.isolated + cell.dead;
  };
  it('brings inactive metal back', () => expect(rises([2, 0.5, 0].map((kred) => metal(kred)))).toBe(true));
  it('off: as without', () => expect(metal(2, ['redox'])).toBe(metal(0)));
});

describe('drying', () => {
  /** Limiting current after lithium has corroded for 2000 h: interphase of 0.4 mAh/cm2 and more. */
  const limit = (Qdry: number, off: string[] = []): number => {
    const cell = new Cell(withoutPhysics(withParameters(base, { Qdry, kdry: 1, chi: 0 }), off));
    runStep(cell, -1, { capacity_mAh_cm2: 3, longest_s: 1e6 });
    for (let hour = 0; hour < 2000; hour++) cell.step(0, 3600);
    return cell.limitingCurrent_mA_cm2;
  };
  it('slows transport once the interphase has taken the electrolyte', () =>
    expect(limit(0.5)).toBeLessThan(0.9 * limit(1e9)));
  it('off: no effect', () => expect(limit(0.5, ['drying'])).toBe(limit(1e9)));
});

describe('soft short', () => {
  const leak = (off: string[]): number => {
    const cell = new Cell(withoutPhysics(withParameters(base, { Qshort: 1, gamG: 50 }), off));
    runStep(cell, -1, { capacity_mAh_cm2: 3, longest_s: 1e6 });
    return Math.abs(cell.leak_mA_cm2);
  };
  it('takes current beyond its onset', () => expect(leak([])).toBeGreaterThan(0.01));
  it('off: none', () => expect(leak(['soft-short'])).toBe(0));
});

describe('the table of terms', () => {
  it('changes its parameters only, and not the profile itself', () => {
    const before = structuredClone(base);
    for (const { name, off } of PHYSICS_TERMS)
      expect(withoutPhysics(base, [name]).parameters).toEqual({ ...base.parameters, ...off });
    expect(base).toEqual(before);
  });
  it('refuses an unknown term, naming those allowed', () => {
    expect(() => withoutPhysics(base, ['presure'])).toThrow(InputError);
    expect(() => withoutPhysics(base, ['presure'])).toThrow(/"presure" is unknown; allowed: temperature, pressure/);
  });
});
