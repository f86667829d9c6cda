import { describe, expect, it } from 'vitest';
import { createPlant, PLANT_KINDS, type PlantKind } from '../../sim/cell/createPlant';
import { withoutPhysics } from '../../sim/cell/physics';
import type { Plant } from '../../sim/cell/plant';
import { runStep } from '../../sim/cell/step';
import { loadProfile, type CellProfile } from '../../sim/profiles/profile';

const base = loadProfile('afl-l1');
const { Qcat, Qn } = base.parameters;
const fading = (kcat: number, profile = base): CellProfile => ({
  ...profile,
  parameters: { ...profile.parameters, kcat },
});
const fresh = (kind: PlantKind, kcat: number): Plant => createPlant(kind, fading(kcat), 25);

function cycle(cell: Plant, rate_C = 1): { charged: number; discharged: number } {
  const { chargeCutoff_V, dischargeCutoff_V } = cell.profile;
  const longest_s = 1e5;
  const charge = runStep(cell, -0.5 * Qn, { until_V: chargeCutoff_V, longest_s });
  const discharge = runStep(cell, rate_C * Qn, { until_V: dischargeCutoff_V, longest_s });
  return { charged: charge.charge_mAh_cm2, discharged: discharge.charge_mAh_cm2 };
}

describe.each(PLANT_KINDS)('a fading cathode, %s plant', (kind) => {
  it('keeps its lithium to 1e-9 mAh/cm2 over 500 cycles', () => {
    const cell = fresh(kind, 5e-4);
    let worst_mAh_cm2 = 0;
    for (let n = 0; n < 500; n++) {
      for (let k = 0; k < 12 && cell.voltage_V < 4.3; k++) cell.step(-0.5 * Qn, 600);
      for (let k = 0; k < 40 && cell.voltage_V > 3; k++) cell.step(Qn, cell.active < 0.2 * Qn ? 15 : 240);
      worst_mAh_cm2 = Math.max(worst_mAh_cm2, Math.abs(cell.lithium_mAh_cm2));
    }
    expect(cell.cathodeCapacity_mAh_cm2).toBeLessThan(0.95 * Qcat);
    expect(worst_mAh_cm2).toBeLessThan(1e-9);
  });

  it('keeps it in two million short steps, and an internal short changes nothing in that', () => {
    const cell = fresh(kind, 1e-2) as Plant & { short_mS_cm2: number };
    const steps = kind === 'reduced' ? 2e6 : 2e5;
    for (let k = 0; k < steps; k++) {
      if (k === steps / 2) cell.short_mS_cm2 = 0.01;
      cell.advance(k % 20_000 < 11_000 ? -1.5 : 1.5, 0.1);
    }
    cell.settle();
    expect(cell.cathodeCapacity_mAh_cm2).toBeLessThan(0.99 * Qcat);
    expect(Math.abs(cell.lithium_mAh_cm2)).toBeLessThan(1e-10);
  });

  it('loses the stated share of its capacity per nominal capacity charged, none in discharge and at rest', () => {
    const cell = fresh(kind, 0.05);
    let charged = 0;
    for (let n = 0; n < 3; n++) charged += cycle(cell).charged;
    expect(charged).toBeGreaterThan(2 * Qn);
    const left = cell.cathodeCapacity_mAh_cm2;
    expect(left / Qcat).toBeCloseTo(Math.exp((-0.05 * charged) / Qn), 12);
    runStep(cell, -0.5 * Qn, { capacity_mAh_cm2: Qn / 2, longest_s: 1e5 });
    const after = cell.cathodeCapacity_mAh_cm2;
    expect(after / left).toBeCloseTo(Math.exp(-0.025), 12);
    runStep(cell, 0.5 * Qn, { capacity_mAh_cm2: Qn / 4, longest_s: 1e5 });
    runStep(cell, 0, { longest_s: 3600 });
    expect(cell.cathodeCapacity_mAh_cm2).toBe(after);
  });

  it('gives the lithium of lost host material to what is left', () => {
    const [fades, holds] = [fresh(kind, 0.1), fresh(kind, 0)];
    for (const cell of [fades, holds]) for (let k = 0; k < 60; k++) cell.step(-1, 60);
    const inCathode = (cell: Plant): number => cell.cathodeCapacity_mAh_cm2 * (1 - cell.soc);
    expect(fades.soc).toBeLessThan(holds.soc - 0.001);
    expect(inCathode(fades)).toBeCloseTo(inCathode(holds), 12);
  });

  it('ends a slow discharge early with lithium left on the copper', () => {
    const [fades, holds] = [0.03, 0].map((kcat) => {
      const cell = fresh(kind, kcat);
      let discharged = 0;
      for (let n = 0; n < 12; n++) discharged = cycle(cell, 0.1).discharged;
      return { cell, discharged };
    }) as [{ cell: Plant; discharged: number }, { cell: Plant; discharged: number }];
    expect(fades.discharged).toBeLessThan(0.95 * holds.discharged);
    expect(fades.cell.active).toBeGreaterThan(holds.cell.active + 0.05 * Qn);
  });

  it('is copied with the cell', () => {
    const cell = fresh(kind, 0.05);
    for (let n = 0; n < 2; n++) cycle(cell);
    const copy = cell.clone();
    for (const each of [cell, copy]) cycle(each);
    expect(copy.cathodeCapacity_mAh_cm2).toBe(cell.cathodeCapacity_mAh_cm2);
    expect(copy.soc).toBe(cell.soc);
    expect(copy.voltage_V).toBe(cell.voltage_V);
  });

  it('means the same by short steps as by long ones', () => {
    const [step, advance] = [fresh(kind, 0.05), fresh(kind, 0.05)];
    for (let k = 0; k < 3600; k++) step.step(-1, 1);
    for (let k = 0; k < 36_000; k++) advance.advance(-1, 0.1);
    advance.settle();
    expect(advance.cathodeCapacity_mAh_cm2).toBeCloseTo(step.cathodeCapacity_mAh_cm2, 12);
    expect(advance.soc).toBeCloseTo(step.soc, 9);
  });

  it('off, or with the term switched off, is a cathode of constant capacity', () => {
    const off = createPlant(kind, withoutPhysics(fading(0.1), ['cathode-fade']), 25);
    const never = fresh(kind, 0);
    for (const cell of [off, never]) for (let n = 0; n < 2; n++) cycle(cell);
    expect(off.cathodeCapacity_mAh_cm2).toBe(Qcat);
    expect(off.voltage_V).toBe(never.voltage_V);
  });

  it('leaves a half cell, which has no cathode, as it is', () => {
    const [fades, holds] = [0.1, 0].map((kcat) => createPlant(kind, fading(kcat, loadProfile('afl-l1-half')), 25));
    for (const cell of [fades!, holds!]) for (let k = 0; k < 20; k++) cell.step(-1, 60);
    expect(fades!.cathodeCapacity_mAh_cm2).toBe(holds!.cathodeCapacity_mAh_cm2);
    expect(fades!.voltage_V).toBe(holds!.voltage_V);
    expect(Math.abs(fades!.lithium_mAh_cm2)).toBeLessThan(1e-12);
  });
});
