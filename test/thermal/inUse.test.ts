import { describe, expect, it } from 'vitest';
import { simulate } from '../../sim/campaign/simulate';
import type { SimulateResult } from '../../sim/results/types';

const run = (over: object): Promise<SimulateResult> =>
  simulate({
    cell: 'afl-l1',
    charge_C: 0.2,
    discharge_C: 3,
    cycles: 2,
    temperature_C: 25,
    direct: true,
    seed: 1,
    untilRetention_pct: null,
    sampleEvery_s: null,
    ...over,
  });
const highest_C = async (over: object): Promise<number> => (await run(over)).summary.highestTemperature_C!;

describe('a cell that warms itself while it is cycled', () => {
  it('is warmer at a higher rate and with less cooling', async () => {
    const slow = await highest_C({ cooling_W_K: 0.1, discharge_C: 1 });
    const fast = await highest_C({ cooling_W_K: 0.1 });
    const cooled = await highest_C({ cooling_W_K: 1 });
    expect(slow).toBeGreaterThan(26);
    expect(fast).toBeGreaterThan(slow + 4);
    expect(cooled).toBeGreaterThan(25.5);
    expect(cooled).toBeLessThan(fast - 4);
  });

  it('is as warm behind the chips as bare', async () => {
    const brief = { cooling_W_K: 0.1, charge_C: 1, cycles: 1 };
    const [bare, chips] = [await highest_C(brief), await highest_C({ ...brief, direct: false })];
    expect(Math.abs(bare - chips)).toBeLessThan(0.3);
  });

  it('of the other model is about as warm', async () => {
    const other = await highest_C({ cooling_W_K: 0.1, plant: 'detailed' });
    expect(other).toBeGreaterThan(28);
    expect(other).toBeLessThan(45);
  });

  it('stays at the ambient temperature where no heat transfer is given', async () => {
    expect((await run({})).summary).not.toHaveProperty('highestTemperature_C');
  });

  it('that runs away stops the test and says so; one without reactions only warms', async () => {
    const hot = { temperature_C: 60, cooling_W_K: 0, discharge_C: 0.2 };
    const { summary } = await run({ ...hot, cell: 'routine-pouch', cycles: 5 });
    expect(summary.stopped).toMatch(/thermal runaway at 1\d\d degC/);
    expect(await highest_C({ ...hot, cycles: 1 })).toBeLessThan(120);
  });
});
