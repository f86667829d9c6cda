import { describe, expect, test } from 'vitest';
import { Parameter } from '../../firmware/estimate/cellModel';
import { Lithium } from '../../firmware/estimate/inventory';
import { agePools } from '../../firmware/estimate/pools';
import { setRates, setWarmth } from '../../firmware/estimate/polarization';
import { Factor, State } from '../../firmware/estimate/state';
import { cellModelOf } from '../../sim/campaign/cellModel';
import { Cell } from '../../sim/cell/cell';
import { loadProfile } from '../../sim/profiles/profile';

/** The pools of one cell by the twin, and beside them by the firmware, once a minute, from the same current. */
class SideBySide {
  readonly cell: Cell;
  readonly x = new Float64Array(State.length);
  private readonly m: Float64Array;
  private readonly ocv: Float64Array;
  private readonly f = new Float64Array(Factor.length);

  constructor(
    name: string,
    private readonly temperature_C: number,
  ) {
    const profile = loadProfile(name);
    const model = cellModelOf(profile);
    this.cell = new Cell(profile, temperature_C);
    this.m = Float64Array.from(model.parameters);
    this.ocv = Float64Array.from(model.ocv);
    const { x, m } = this;
    x[State.A] = m[Parameter.Ainit] as number;
    x[State.h] = x[State.pace] = x[State.k] = 1;
  }

  minute(rate: number, seconds = 60): void {
    const { cell, x, m, f } = this;
    const i = rate * cell.nominal_mAh_cm2;
    for (let s = 0; s < seconds; s++) cell.advance(i, 1);
    const dq = (i * seconds) / 3600;
    x[State.A] = (x[State.A] as number) - dq;
    setWarmth(f, m, x, this.temperature_C);
    const v = new Float64Array(Lithium.length);
    v[Lithium.cathode] = cell.cathodeCapacity_mAh_cm2;
    v[Lithium.ratio] = 1;
    setRates({ f, m, x, v, ocv: this.ocv });
    agePools(x, m, f, dq, seconds);
  }

  /**
   * One cycle. The residue that a discharge and the rest after it leave is told to the firmware's pools: it finds it by the
   * voltage at the end of the discharge, and does not follow how the rest clears it.
   */
  cycle(rate: number): void {
    const { cell } = this;
    const { chargeCutoff_V, dischargeCutoff_V } = cell.profile;
    while (cell.voltage_V < chargeCutoff_V) this.minute(-0.2, 10);
    for (let k = 0; k < 5; k++) this.minute(0);
    this.minute(rate, 10);
    while (cell.voltage_V > dischargeCutoff_V) this.minute(rate, 10);
    for (let k = 0; k < 5; k++) this.minute(0);
    cell.settle();
    this.x[State.R] = cell.residue;
  }
}

describe('pools, beside those of the twin with the same parameters', () => {
  test.each([
    ['afl-l1', 0.5, 25],
    ['afl-l1', 1, 25],
    ['afl-l1', 2, 25],
    ['afl-l2', 1, 10],
    ['afl-l1', 1, 40],
  ] as const)('%s at %dC and %d degC: 30 cycles', (name, rate, temperature_C) => {
    const both = new SideBySide(name, temperature_C);
    for (let n = 0; n < 30; n++) {
      both.cycle(rate);
      const { cell, x } = both;
      for (const [pool, truth] of [
        [State.I, cell.isolated],
        [State.D, cell.dead],
        [State.S, cell.sei],
      ] as const)
        expect(Math.abs((x[pool] as number) - truth), `${State[pool]} after cycle ${n + 1}`).toBeLessThan(
          0.002 + 0.06 * truth,
        );
      // What is not in the cathode is the same, so is the sum.
      expect(Math.abs((x[State.A] as number) - cell.active), `active after cycle ${n + 1}`).toBeLessThan(0.02);
      const all = [State.A, State.I, State.D, State.S].reduce((sum, pool) => sum + (x[pool] as number), 0);
      expect(all).toBeCloseTo(cell.active + cell.isolated + cell.dead + cell.sei, 6);
    }
    expect(both.cell.isolated).toBeGreaterThan(0.05);
    expect(both.cell.sei).toBeGreaterThan(0.2);
  });
});
