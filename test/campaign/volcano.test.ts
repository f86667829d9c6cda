import { describe, expect, it } from 'vitest';
import { simulate } from '../../sim/campaign/simulate';
import { volcano } from '../../sim/campaign/volcano';
import type { VolcanoPoint } from '../../sim/results/types';

/**
 * Lifespan and retention that the reference implementation of the twin reached on the bare cell (its fit to paper 000,
 * Figures 5 and 6). With the firmware and the chips in the loop they must be met to within 1.5 cycles and 1 point.
 */
const REFERENCE: Record<string, { best_C: number; life: Record<number, number>; retention: Record<number, number> }> = {
  'afl-l1': {
    best_C: 1,
    life: { 0.5: 36.9, 1: 52.4, 2: 34.4 },
    retention: { 0.5: 54.4, 1: 68.7, 2: 65.6, 3: 29.5 },
  },
  'afl-l2': { best_C: 2, life: { 1: 46, 2: 54, 3: 35 }, retention: { 3: 66.1 } },
};

describe.each(Object.entries(REFERENCE))('%s, firmware and chips in the loop at 10 Hz', (cell, reference) => {
  it('has the top of its volcano, its lifespans and its retentions where the reference has them', async () => {
    const result = await volcano({
      cell,
      rates_C: [0.5, 1, 2, 3],
      cycles: 100,
      charge_C: 0.2,
      temperature_C: 25,
      direct: false,
      seed: 1,
      threads: null,
    });
    expect(result.optimum_C).toBe(reference.best_C);
    const at = (rate_C: number): VolcanoPoint => result.points.find((point) => point.rate_C === rate_C)!;
    for (const [rate, life] of Object.entries(reference.life))
      expect(Math.abs(at(Number(rate)).cyclesTo80! - life), `lifespan at ${rate}C`).toBeLessThan(1.5);
    for (const [rate, retention] of Object.entries(reference.retention))
      expect(Math.abs(at(Number(rate)).retention100_pct! - retention), `retention at ${rate}C`).toBeLessThan(1);
  }, 300_000);
});

/** The same for the paper's retentions after 60 cycles. */
it.each([
  ['afl-l1', 2, 78.0],
  ['afl-l1', 3, 45.3],
  ['afl-l2', 2, 81.8],
  ['afl-l2', 3, 78.4],
])('%s at %dC, firmware and chips in the loop: retention after 60 cycles', async (cell, discharge_C, retention) => {
  const { cycles } = await simulate({
    cell,
    discharge_C,
    cycles: 60,
    charge_C: 0.2,
    temperature_C: 25,
    direct: false,
    seed: 1,
    untilRetention_pct: null,
    sampleEvery_s: null,
  });
  const reached = (100 * cycles[59]!.discharge_mAh) / cycles[0]!.discharge_mAh;
  expect(Math.abs(reached - retention)).toBeLessThan(1);
});
