import { describe, expect, it } from 'vitest';
import { cyclingTest, detailedLab, FITTED, modelValue } from '../../../sim/cell/detailed/fit';
import { overpotentials } from '../../../sim/reproduce/papers/000';
import { lifespan_cycles, retention_pct } from '../../../sim/reproduce/readings';

const CYCLES = 5;
const POINTS = 5;
const lab = detailedLab();

describe('the volcano of paper 000 on the detailed cell', () => {
  it.each(FITTED)('$cell at $rate_C C: $quantity @$atCycle, $value', (row) => {
    const most = row.quantity === 'lifespan_cycles' ? CYCLES : POINTS;
    expect(Math.abs(modelValue(lab, row) - row.value)).toBeLessThan(most);
  });

  it.each([
    ['afl-l1', [0.5, 1, 2], 5],
    ['afl-l2', [1, 2, 3], 0.5],
  ] as const)('%s is best at the middle one of %j C', (cell, rates, points) => {
    const tests = rates.map((rate_C) => cyclingTest(lab, cell, rate_C));
    const lives = tests.map((test) => lifespan_cycles(test));
    expect(lives[1]).toBeGreaterThan(Math.max(lives[0]!, lives[2]!) + 2);
    const retained = tests.map((test) => retention_pct(test, 100));
    expect(retained[1]).toBeGreaterThan(retained[0]! + points);
    expect(retained[1]).toBeGreaterThan(retained[2]!);
  });

  it.each([1, 3, 5])('eta_conc dominates at %d mA/cm2, and that of L2 is 70 %% of it', (i) => {
    const [l1, l2] = [overpotentials(lab, 'afl-l1-half', i), overpotentials(lab, 'afl-l2-half', i)];
    expect(l1.conc_V).toBeGreaterThan(l1.fast_V);
    expect(Math.abs(l2.conc_V / l1.conc_V - 0.7)).toBeLessThan(0.04);
  });
});
