import { describe, expect, test } from 'vitest';
import { createCurrentZero, watchZero } from '../../firmware/count/zero';
import { closeCycle } from '../../firmware/estimate/cycle';
import { finish } from '../../firmware/estimate/second';
import { Estimated, Why } from '../../firmware/estimate/estimates';
import { Lithium } from '../../firmware/estimate/inventory';
import { CycledCell, MOST_CURRENT_MA } from './cycledCell';

const INVENTORY = [
  [Estimated.Lambda_mAh, 'lambda'],
  [Estimated.Active_mAh, 'active'],
  [Estimated.Isolated_mAh, 'isolated'],
  [Estimated.Dead_mAh, 'dead'],
  [Estimated.Sei_mAh, 'sei'],
] as const;

/** Errors of the inventory of the cycle that has just ended [mAh/cm2], without disturbing the cell. */
function inventoryErrors(cell: CycledCell): Record<string, number> {
  const closed = cell.clone();
  closed.closeCycle();
  return Object.fromEntries(INVENTORY.map(([what, name]) => [name, closed.amount(what) - cell.atEnd[name]]));
}

describe('estimator, cycled without a fault', () => {
  test('every estimate becomes valid, carries value, sigma and time, and is right', () => {
    const cell = new CycledCell();
    const seen = new Set<Estimated>();
    cell.look = () => {
      const { known } = cell.estimator;
      for (let what = 0; what < Estimated.length; what++) {
        if (known.why[what] !== Why.Valid) continue;
        seen.add(what);
        if (!isFinite(known.value[what] as number)) throw new Error(`${Estimated[what]} is no number`);
        if (!((known.sigma[what] as number) > 0)) throw new Error(`${Estimated[what]} has no sigma`);
        const age_ms = cell.now_ms - (known.at_ms[what] as number);
        if (!(age_ms >= 0)) throw new Error(`${Estimated[what]} is from the future`);
        // What is said of the present is of the present.
        if (what === Estimated.EtaConc_mV && age_ms > 10_000) throw new Error(`${age_ms} ms old`);
      }
      if (cell.why(Estimated.EtaConc_mV) === Why.Valid && cell.plant.saturation > 0.95) throw new Error('no knee');
    };
    cell.cycles(6);
    cell.closeCycle();
    expect(seen.size).toBe(Estimated.length);
    expect(cell.estimator.cycles).toBe(7);
    expect(cell.eta.rms_mV).toBeLessThan(4);
    expect(cell.eta.valid).toBeGreaterThan(0.99);
    for (const [what, name] of INVENTORY)
      expect(Math.abs(cell.amount(what) - cell.atEnd[name]), name).toBeLessThan(0.02);
    expect(Math.abs(cell.amount(Estimated.Cathode_mAh) / cell.plant.cathodeCapacity_mAh_cm2 - 1)).toBeLessThan(0.01);
    expect(Math.abs(cell.amount(Estimated.Capacity_mAh) - cell.discharged_mAh_cm2)).toBeLessThan(0.002);
    expect(cell.amount(Estimated.LimitingCurrent_mA) / cell.plant.limitingCurrent_mA_cm2).toBeGreaterThan(0.85);
    expect(cell.amount(Estimated.LimitingCurrent_mA) / cell.plant.limitingCurrent_mA_cm2).toBeLessThan(1.15);
  });

  test('state of charge and charge to the knee count down and meet zero', () => {
    const cell = new CycledCell();
    cell.cycles(3);
    const states: number[] = [];
    cell.look = () => {
      if (cell.part !== 'discharge' || cell.why(Estimated.StateOfCharge_pct) !== Why.Valid) return;
      states.push(cell.value(Estimated.StateOfCharge_pct));
      expect(cell.value(Estimated.ToKnee_mAh)).toBeGreaterThanOrEqual(0);
    };
    cell.cycle();
    const middle = states[Math.floor(states.length / 2)] as number;
    expect(middle).toBeGreaterThan(46);
    expect(middle).toBeLessThan(54);
    expect(states[states.length - 1]).toBeLessThan(5);
    const first = states[120] as number;
    expect(first).toBeGreaterThan(92);
  });

  test.each(['raw', 'with its zero taken'])('an offset of 2 mA of 1 Ah, %s: nothing drifts in 100 cycles', (how) => {
    const cell = new CycledCell({ offset_mA: 2 });
    const zero = createCurrentZero();
    const NEVER_MS = -1;
    let opened_ms = NEVER_MS;
    cell.onItsWay = (sample) => {
      // The switches are open in a rest between charge and discharge.
      const open = cell.part === 'top' || cell.part === 'bottom';
      if (!open) opened_ms = NEVER_MS;
      else if (opened_ms === NEVER_MS) opened_ms = sample.at_ms;
      watchZero(zero, sample.current_mA, opened_ms, MOST_CURRENT_MA, sample.at_ms);
      return how === 'raw' ? sample : { ...sample, current_mA: sample.current_mA - zero.zero_mA };
    };
    cell.cycles(10);
    const early = inventoryErrors(cell);
    const earlyEta_mV = cell.eta.rms_mV;
    for (let n = 10; n < 100; n++) cell.cycle();
    const late = inventoryErrors(cell);
    expect(Math.abs((late.lambda as number) - (early.lambda as number))).toBeLessThan(0.02);
    expect(Math.abs(late.lambda as number)).toBeLessThan(0.03);
    expect(Math.abs(late.active as number)).toBeLessThan(0.05);
    expect(cell.eta.rms_mV).toBeLessThan(earlyEta_mV + 3);
    expect(
      Math.abs((cell.estimator.v[Lithium.cathode] as number) / cell.plant.cathodeCapacity_mAh_cm2 - 1),
    ).toBeLessThan(0.01);
    if (how === 'raw') return;
    expect(zero.zero_mA).toBeCloseTo(2, 6);
    // Coulombic efficiency needs the zero: two of 1000 mA for hours are more than the cell loses.
    const before = cell.clone().discharged_mAh_cm2;
    cell.cycle();
    cell.closeCycle();
    const lost = (before - cell.discharged_mAh_cm2) / before;
    expect(Math.abs(cell.value(Estimated.CoulombicEfficiency_pct) - 100 * (1 - lost))).toBeLessThan(0.1);
  });

  test('a slow strip measures the active lithium', () => {
    const cell = new CycledCell();
    cell.cycles(3);
    const after = { ...cell.atEnd };
    const main_mAh_cm2 = cell.discharged_mAh_cm2;
    cell.rest('bottom', 1800);
    cell.discharge(0.05, 0);
    cell.rest('bottom', 600);
    cell.closeCycle();
    expect(cell.estimator.v[Lithium.strips]).toBe(1);
    expect(Math.abs(cell.amount(Estimated.Active_mAh) - after.active)).toBeLessThan(0.02);
    expect(Math.abs(cell.amount(Estimated.Lambda_mAh) - after.lambda)).toBeLessThan(0.02);
    expect(cell.amount(Estimated.Capacity_mAh)).toBeCloseTo(main_mAh_cm2, 2);
  });

  test('the inventory can be closed in the rest, without waiting for the next charge, and only once', () => {
    const cell = new CycledCell();
    cell.cycles(2);
    const { estimator } = cell;
    const { cycles } = estimator;
    const reference = cell.clone();
    reference.closeCycle();
    closeCycle(estimator);
    finish(estimator);
    expect(estimator.cycles).toBe(cycles + 1);
    expect(cell.amount(Estimated.Lambda_mAh)).toBeCloseTo(reference.amount(Estimated.Lambda_mAh), 6);
    closeCycle(estimator);
    finish(estimator);
    cell.closeCycle();
    expect(estimator.cycles).toBe(cycles + 1);
  });

  test('rests too short to anchor: capacity, but no inventory, and it says so', () => {
    const cell = new CycledCell();
    cell.cycles(2);
    const lambda = cell.estimator.v[Lithium.lambda];
    for (let n = 0; n < 2; n++) {
      cell.charge();
      cell.rest('top', 60);
      cell.discharge();
      cell.rest('bottom', 60);
    }
    cell.closeCycle();
    expect(Why[cell.why(Estimated.Lambda_mAh)]).toBe('NoAnchor');
    expect(Why[cell.why(Estimated.Cathode_mAh)]).toBe('NoAnchor');
    expect(Why[cell.why(Estimated.Capacity_mAh)]).toBe('Valid');
    expect(Math.abs(cell.amount(Estimated.Capacity_mAh) - cell.discharged_mAh_cm2)).toBeLessThan(0.005);
    // The first of these cycles still closed with the anchors of the clean one before.
    expect(Math.abs((cell.estimator.v[Lithium.lambda] as number) - (lambda as number))).toBeLessThan(0.05);
  });

  test('a discharge that ends early is no cycle', () => {
    const cell = new CycledCell();
    cell.cycles(2);
    cell.closeCycle();
    const { cycles } = cell.estimator;
    cell.charge();
    cell.rest('top');
    cell.begin('discharge');
    for (let s = 0; s < 1200; s++) cell.step(1, 1);
    cell.rest('bottom');
    cell.closeCycle();
    expect(cell.estimator.cycles).toBe(cycles);
    expect(Why[cell.why(Estimated.Capacity_mAh)]).toBe('Valid');
  });
});
