import { describe, expect, it } from 'vitest';
import { simulate } from '../../sim/campaign/simulate';
import { volcano } from '../../sim/campaign/volcano';
import { paperValues } from '../../sim/paper/000';
import type { VolcanoPoint, VolcanoResult } from '../../sim/results/types';
import { LONG } from '../long';

const protocol = { charge_C: 0.2, temperature_C: 25, seed: 1 };

/** Cells, and the best rate of each. */
const CELLS: [string, number][] = [
  ['afl-l1', 1],
  ['afl-l2', 2],
];

const run = (cell: string, direct: boolean): Promise<VolcanoResult> =>
  volcano({ ...protocol, cell, rates_C: [0.5, 1, 2, 3], cycles: 100, direct, threads: null });

/** The top at `best_C`; lifespans within 3 cycles of the paper's, retentions after 100 cycles within 2.5 points. */
function expectPaper({ optimum_C, points }: VolcanoResult, cell: string, best_C: number): void {
  expect(optimum_C).toBe(best_C);
  const at = (rate_C: number): VolcanoPoint => points.find((point) => point.rate_C === rate_C)!;
  for (const { rate_C, quantity, atCycle, value } of paperValues.filter((paper) => paper.cell === cell)) {
    if (quantity === 'lifespan_cycles') expect(Math.abs(at(rate_C).cyclesTo80! - value), `${rate_C}C`).toBeLessThan(3);
    if (quantity === 'retention_pct' && atCycle === 100)
      expect(Math.abs(at(rate_C).retention100_pct! - value), `${rate_C}C`).toBeLessThan(2.5);
  }
}

it.each(CELLS)(
  '%s alone has the top of its volcano, its lifespans and its retentions where the paper has them',
  async (cell, best_C) => expectPaper(await run(cell, true), cell, best_C),
);

/** The firmware and the chips in the loop must not change what the bare cell does: 1.5 cycles and 1 point. */
describe.skipIf(!LONG).each(CELLS)('%s, firmware and chips in the loop at 10 Hz', (cell, best_C) => {
  it('has them where the bare cell and the paper have them', async () => {
    const [chips, bare] = [await run(cell, false), await run(cell, true)];
    expectPaper(chips, cell, best_C);
    chips.points.forEach((point, k) => {
      const same = bare.points[k]!;
      const at = `at ${point.rate_C}C`;
      expect(Math.abs(point.cyclesTo80! - same.cyclesTo80!), `lifespan ${at}`).toBeLessThan(1.5);
      expect(Math.abs(point.retention100_pct! - same.retention100_pct!), `retention ${at}`).toBeLessThan(1);
    });
  }, 300_000);
});

/** The same for the paper's retentions after 60 cycles. */
it.skipIf(!LONG).each(paperValues.filter(({ atCycle }) => atCycle === 60))(
  '$cell at $rate_C C, firmware and chips in the loop: retention after 60 cycles',
  async ({ cell, rate_C, value }) => {
    const retention = async (direct: boolean): Promise<number> => {
      const options = { ...protocol, cell, discharge_C: rate_C, cycles: 60, direct };
      const { cycles } = await simulate({ ...options, untilRetention_pct: null, sampleEvery_s: null });
      return (100 * cycles[59]!.discharge_mAh) / cycles[0]!.discharge_mAh;
    };
    const reached = await retention(false);
    expect(Math.abs(reached - (await retention(true)))).toBeLessThan(1);
    expect(Math.abs(reached - value)).toBeLessThan(2.5);
  },
);
