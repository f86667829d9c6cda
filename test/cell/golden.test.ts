import { describe, expect, it } from 'vitest';
import type { Cell } from '../../sim/cell/cell';
import { ExplicitCell, golden, referenceProfile } from './reference';

/** The simulator itself locates its cut-offs; here the reference implementation's coarse ends are repeated. */
const FOUR_DECIMALS = 5e-5;
const QN = 3;

function charge(cell: Cell, rate_C: number): void {
  do cell.step(-QN * rate_C, 12 / rate_C);
  while (!(cell.soc > 0.3 && cell.voltage_V >= 4.3) && cell.soc < 1);
}

function discharge(cell: Cell, rate_C: number): number {
  const coarse_s = 3600 / rate_C / 150;
  let capacity = 0;
  do {
    const late = cell.active < 0.9 || cell.saturation > 0.75 || cell.voltage_V < 3.55;
    const dt_s = late ? coarse_s / 8 : coarse_s;
    cell.step(QN * rate_C, dt_s);
    capacity += (QN * rate_C * dt_s) / 3600;
  } while (cell.voltage_V > 3.0);
  return capacity;
}

function rest(cell: Cell, time_s: number): void {
  for (let t = 0; t < time_s; t += 300) cell.step(0, 300);
}

function copyOf(cell: Cell): Cell {
  const copy = new ExplicitCell(cell.profile);
  copy.copyFrom(cell);
  return copy;
}

function formed(electrolyte: 'L1' | 'L2', cycles: number): Cell {
  const cell = new ExplicitCell(referenceProfile(electrolyte === 'L1' ? 'afl-l1' : 'afl-l2', golden!));
  for (let k = 0; k < cycles; k++) {
    charge(cell, 0.1);
    rest(cell, 600);
    discharge(cell, 0.1);
    rest(cell, 600);
  }
  return cell;
}

describe.skipIf(golden === undefined)('the twin against the reference implementation, to four decimals', () => {
  it.each(golden?.cases ?? [])('$electrolyte at $rate C: capacities and states over 100 cycles', (reference) => {
    const cell = formed(reference.electrolyte, 2);
    const capacities = new Map(reference.Qd);
    for (let n = 1; n <= 100; n++) {
      charge(cell, 0.2);
      rest(cell, 300);
      if (n === 1) expect(discharge(copyOf(cell), 0.2)).toBeCloseTo(reference.ref02, 4);
      const capacity = discharge(cell, reference.rate);
      if (capacities.has(n)) expect(capacity, `Qd of cycle ${n}`).toBeCloseTo(capacities.get(n)!, 4);
      const X = cell.inactive;
      const il = cell.limitingCurrent_mA_cm2;
      rest(cell, 300);
      const state = reference.states[n];
      if (state === undefined) continue;
      const { active: A, isolated: I, dead: D, sei: S, overlap: O, residue: R, saturation: w } = cell;
      const model: Record<string, number> = { A, I, D, S, O, R, X, il, w };
      for (const [symbol, value] of Object.entries(state))
        expect(Math.abs(model[symbol]! - value), `${symbol} after cycle ${n}`).toBeLessThan(FOUR_DECIMALS);
    }
  });

  it('L1: 1C, then the open circuit, voltage and concentration overpotential second by second', () => {
    const cell = formed('L1', 1);
    charge(cell, 0.2);
    rest(cell, 1200);
    let time_s = 0;
    for (const [until_s, voltage_V, etaConc_V, saturation] of golden!.transient) {
      const steps = Math.round((until_s - time_s) * 10);
      for (let k = 0; k < steps; k++) cell.step(until_s <= 600 ? QN : 0, 0.1);
      time_s = until_s;
      expect(Math.abs(cell.voltage_V - voltage_V), `V at ${until_s} s`).toBeLessThan(FOUR_DECIMALS);
      expect(Math.abs(cell.etaConc_V - etaConc_V), `eta_conc at ${until_s} s`).toBeLessThan(FOUR_DECIMALS);
      expect(Math.abs(cell.saturation - saturation), `w at ${until_s} s`).toBeLessThan(FOUR_DECIMALS);
    }
  });
});
