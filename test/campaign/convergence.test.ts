import { describe, expect, it } from 'vitest';
import type { Observation } from '../../sim/campaign/cyclingRun';
import { DirectRun } from '../../sim/campaign/directRun';
import { summarize } from '../../sim/campaign/summary';
import { loadProfile } from '../../sim/profiles/profile';

/** What is left of the length of the time step in the results of the bare cell. */
describe.each([
  ['afl-l1', 0.5],
  ['afl-l1', 1],
  ['afl-l1', 2],
  ['afl-l2', 1],
  ['afl-l2', 2],
  ['afl-l2', 3],
])('%s at %dC', (cell, discharge_C) => {
  const run = (refinement: number): Observation[] => {
    const options = { charge_C: 0.2, discharge_C, temperature_C: 25, sampleEvery_s: Infinity, refinement };
    const direct = new DirectRun(loadProfile(cell), options);
    return Array.from({ length: 100 }, () => direct.advance()!);
  };

  it('halving the step moves lifespan by less than 0.2 cycles and any capacity by less than 0.1 %', () => {
    const [whole, half] = [run(1), run(2)];
    const life = (cycles: Observation[]): number => summarize(cycles, 0, 0).cyclesTo80!;
    expect(Math.abs(life(half) - life(whole))).toBeLessThan(0.2);
    for (const [k, cycle] of whole.entries())
      expect(Math.abs(cycle.discharge_mAh / half[k]!.discharge_mAh - 1)).toBeLessThan(1e-3);
  });
});
