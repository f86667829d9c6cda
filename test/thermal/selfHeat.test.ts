import { describe, expect, it } from 'vitest';
import { Cell } from '../../sim/cell/cell';
import { openCircuit } from '../../sim/cell/openCircuit';
import { runStep } from '../../sim/cell/step';
import { loadProfile, type CellProfile } from '../../sim/profiles/profile';
import { ageingFactor, HeatBalance } from '../../sim/thermal/heatBalance';
import { loadThermalProfile } from '../../sim/thermal/profile';
import { heatOfCell_W, selfHeat } from '../../sim/thermal/selfHeat';

const thermal = loadThermalProfile('routine');
const pouch = loadProfile('afl-l1');
const shorting: CellProfile = { ...pouch, parameters: { ...pouch.parameters, Qshort: 1, gamG: 10 } };

function charged(): Cell {
  const cell = new Cell(pouch);
  runStep(cell, -0.6, { until_V: 4.3, longest_s: 1e5 });
  runStep(cell, 0, { longest_s: 3600 });
  return cell;
}

const balanceOf = (cell: Cell, ambient_C: number, cooling_W_K: number): HeatBalance =>
  new HeatBalance(thermal, { area_cm2: cell.area_cm2, ambient_C, cooling_W_K });

/** To 3 V. @returns energy at the terminals [J], by the trapezoid */
function discharge(cell: Cell, balance: HeatBalance, i: number): number {
  let work_J = 0;
  selfHeat(cell, balance, i, 1e-6);
  while (cell.voltage_V > 3) {
    const before_V = cell.voltage_V;
    selfHeat(cell, balance, i, 1);
    work_J += (cell.area_cm2 * i * (before_V + cell.voltage_V)) / 2000;
  }
  return work_J;
}

/** Open-circuit energy [J] between two states of charge, by Simpson's rule. */
function storedBetween_J(low: number, high: number): number {
  const N = 2000;
  let sum_V = 0;
  for (let k = 0; k <= N; k++) {
    const weight = k === 0 || k === N ? 1 : k % 2 === 1 ? 4 : 2;
    sum_V += weight * openCircuit(pouch.cathode, low + ((high - low) * k) / N);
  }
  return 3.6 * pouch.area_cm2 * pouch.parameters.Qcat * (sum_V / (3 * N)) * (high - low);
}

describe('a 1 Ah pouch in use', () => {
  it('open-circuit energy becomes work and heat, and the heat warms the cell or leaves it', () => {
    const cell = charged();
    const full = cell.soc;
    const balance = balanceOf(cell, 25, 0.1);
    const work_J = discharge(cell, balance, 9);
    expect((work_J + balance.generated_J) / storedBetween_J(cell.soc, full)).toBeCloseTo(1, 3);
    const kept_J = balance.heatCapacity_J_K * (balance.temperature_C - 25);
    expect(kept_J).toBeCloseTo(balance.generated_J + balance.reacted_J - balance.removed_J, 6);
    expect(balance.reacted_J).toBeLessThan(0.01 * balance.generated_J);
  });

  it('warms by a plausible amount in air, more at a higher rate, and hardly when cooled hard', () => {
    const warming_K = (rate_C: number, cooling_W_K: number): number => {
      const cell = charged();
      const balance = balanceOf(cell, 25, cooling_W_K);
      discharge(cell, balance, rate_C * cell.nominal_mAh_cm2);
      return balance.temperature_C - 25;
    };
    const [slow, middle, fast] = [0.5, 1, 3].map((rate_C) => warming_K(rate_C, 0.1)) as [number, number, number];
    expect(slow).toBeGreaterThan(0);
    expect(middle).toBeGreaterThan(slow);
    expect(fast).toBeGreaterThan(middle);
    expect(fast).toBeGreaterThan(5);
    expect(fast).toBeLessThan(40);
    expect(Math.abs(warming_K(3, 1000))).toBeLessThan(0.02);
  });

  it('both ways: the warm cell lasts longer at 3C than one that is held at 25 degC', () => {
    const [warm, held] = [0, 1e6].map((cooling_W_K) => {
      const cell = charged();
      const before = cell.soc;
      discharge(cell, balanceOf(cell, 25, cooling_W_K), 9);
      return before - cell.soc;
    }) as [number, number];
    expect(warm).toBeGreaterThan(held * 1.02);
  });

  it('already the first step of the cell is at the temperature of its balance', () => {
    const [cold, hot] = [25, 60].map((ambient_C) => {
      const cell = charged();
      selfHeat(cell, balanceOf(cell, ambient_C, 0), 3, 1);
      return cell.etaFast_V;
    }) as [number, number];
    expect(hot).toBeLessThan(0.8 * cold);
  });

  it('a half cell turns all work into heat, in both directions', () => {
    const half = new Cell(loadProfile('afl-l1-half'));
    for (const i of [-1, 1]) {
      for (let k = 0; k < 100; k++) half.step(i, 10);
      expect(heatOfCell_W(half, i)).toBeGreaterThan(0);
      expect(heatOfCell_W(half, i)).toBeCloseTo((half.area_cm2 * Math.abs(i * half.voltage_V)) / 1000, 12);
    }
  });
});

describe('abuse', () => {
  /** Charged at 1C for two hours, whatever it does. */
  const charge = (profile: CellProfile, cooling_W_K: number) => {
    const cell = new Cell(profile);
    const balance = balanceOf(cell, 25, cooling_W_K);
    for (let t_s = 0; t_s < 7200 && balance.runaway_C === null && cell.voltage_V < 4.3; t_s++)
      selfHeat(cell, balance, -3, 1);
    return { cell, balance };
  };

  it('a soft short at rest: all that it discharges becomes heat', () => {
    const { cell, balance } = charge(shorting, 1e6);
    expect(cell.leak_mA_cm2).toBeGreaterThan(0);
    const [before, heat_J] = [cell.soc, balance.generated_J];
    for (let k = 0; k < 600; k++) selfHeat(cell, balance, 0, 1);
    expect(cell.soc).toBeLessThan(before);
    expect((balance.generated_J - heat_J) / storedBetween_J(cell.soc, before)).toBeCloseTo(1, 2);
  });

  it('charged on over a soft short the adiabatic cell runs away; cooled, or without the short, it does not', () => {
    const { balance } = charge(shorting, 0);
    expect(balance.runaway_C).not.toBeNull();
    expect(charge(shorting, 1).balance.runaway_C).toBeNull();
    expect(charge(shorting, 1).cell.voltage_V).toBeLessThan(4.3);
    expect(charge(pouch, 0).balance.runaway_C).toBeNull();
  });

  it('in a hot place: runs away when cooling is too weak, not when it is strong', () => {
    const runaway_C = (cooling_W_K: number): number | null => {
      const cell = charged();
      const balance = balanceOf(cell, 90, cooling_W_K);
      for (let t_s = 0; t_s < 4 * 3600 && balance.runaway_C === null; t_s += 2)
        selfHeat(cell, balance, cell.voltage_V > 3.2 ? 1.5 : 0, 2);
      return balance.runaway_C;
    };
    expect(runaway_C(0.005)).toBeGreaterThan(90);
    expect(runaway_C(2)).toBeNull();
  });

  it('after runaway the cell is left as it is', () => {
    const cell = charged();
    const balance = new HeatBalance(thermal, { area_cm2: cell.area_cm2, temperature_C: 140 });
    for (let k = 0; k < 60; k++) selfHeat(cell, balance, 3, 1);
    expect(balance.runaway_C).not.toBeNull();
    const active = cell.active;
    expect(selfHeat(cell, balance, 3, 1)).toBe(0);
    expect(cell.active).toBe(active);
    expect(cell.temperature_C).toBeGreaterThan(1000);
  });

  it('ageing, when asked for, follows isolated and dead lithium: 1 at the state of the measurement', () => {
    expect(ageingFactor(0.135 * 3, 3)).toBeCloseTo(1, 12);
    const cell = charged();
    const balance = balanceOf(cell, 80, 0);
    selfHeat(cell, balance, 0, 1);
    expect(balance.seiFactor).toBe(1);
    selfHeat(cell, balance, 0, 1, { ageing: true });
    expect(balance.seiFactor).toBe(ageingFactor(cell.isolated + cell.dead, 3));
    expect(balance.seiFactor).toBeLessThan(0.9);
  });
});
