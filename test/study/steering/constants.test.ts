import { describe, expect, it } from 'vitest';
import { ChannelRun } from '../../../sim/campaign/channelRun';
import type { CyclingRun, Observation } from '../../../sim/campaign/cyclingRun';
import { DirectRun } from '../../../sim/campaign/directRun';
import {
  bestConstant,
  bestUseful,
  type Constant,
  constantRates,
  cycleAlone,
  FASTEST_C,
  ORACLE_RATES,
  SLOWEST_C,
} from '../../../sim/study/steering/constants';
import { HELD_TARGETS, runHeld } from '../../../sim/study/steering/held';
import type { Judged } from '../../../sim/study/steering/measures';
import { scenario, truthOf } from '../../../sim/study/steering/scenario';
import { FIXED_C } from '../../../sim/study/steering/task';

const own = scenario({ group: 'nominal', cell: 'afl-l1', seed: 1 });

function cycles(run: CyclingRun, count: number): Observation[] {
  const observed: Observation[] = [];
  while (observed.length < count) {
    const cycle = run.advance(Infinity);
    if (cycle) observed.push(cycle);
  }
  return observed;
}

describe('interrupts of the cell alone', () => {
  const settings = { charge_C: 0.2, discharge_C: 2, temperature_C: 25, sampleEvery_s: Infinity };
  const COUNT = 4;

  it('take ten seconds each and no part in time and energy', () => {
    const plain = new DirectRun(truthOf(own), settings);
    const [without] = cycles(plain, 1);
    const interrupted = new DirectRun(truthOf(own), { ...settings, interrupts: COUNT });
    const [cycle] = cycles(interrupted, 1);
    expect(cycle!.discharge_s).toBeCloseTo((3600 * cycle!.discharge_mAh) / (2 * 999), 0);
    // Two formation cycles have them too.
    const longer_s = interrupted.simulated_s - plain.simulated_s - (cycle!.discharge_s - without!.discharge_s);
    expect(longer_s).toBeGreaterThan(3 * COUNT * 10 - 5);
    expect(longer_s).toBeLessThan(3 * COUNT * 10 + 60);
    expect(cycle!.discharge_Wh / without!.discharge_Wh).toBeCloseTo(1, 2);
  });

  it('lie in nine tenths of what the last discharge of the kind gave', () => {
    const rests: number[] = [];
    let passed_mAh = 0;
    let last_s = 0;
    let cycle = 0;
    const run = new DirectRun(truthOf(own), {
      ...settings,
      interrupts: COUNT,
      sampleEvery_s: 1e9,
      onSample: (sample) => {
        if (sample.cycle === 2 && sample.current_A > 0)
          passed_mAh += ((sample.time_s - last_s) * sample.current_A) / 3.6;
        if (sample.cycle === 2 && sample.current_A === 0 && passed_mAh > 0 && passed_mAh !== rests.at(-1))
          rests.push(passed_mAh);
        last_s = sample.time_s;
        cycle = sample.cycle;
      },
    });
    const [first] = cycles(run, 2);
    expect(cycle).toBe(2);
    // The last rest is that after the discharge.
    expect(rests).toHaveLength(COUNT + 1);
    for (let k = 0; k < COUNT; k++)
      expect(rests[k]! / first!.discharge_mAh).toBeCloseTo((0.9 * (k + 1)) / (COUNT + 1), 2);
  });

  it('are those of the whole firmware on chips', () => {
    const options = { ...settings, interrupts: COUNT, cycles: 1, seed: 1 };
    const [alone] = cycles(new DirectRun(truthOf(own), options), 1);
    const [chips] = cycles(new ChannelRun(truthOf(own), options), 1);
    for (const key of ['discharge_mAh', 'discharge_Wh', 'discharge_s', 'checkup_mAh'] as const)
      expect(alone![key] / chips![key]).toBeCloseTo(1, 2);
  });
});

describe('the oracle', () => {
  it('tries at least twenty rates from the slowest to the fastest, and the fixed ones', () => {
    const rates = constantRates(0);
    expect(ORACLE_RATES).toBeGreaterThanOrEqual(20);
    expect([rates[0], rates.at(-1)]).toEqual([SLOWEST_C, FASTEST_C]);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    for (const rate_C of FIXED_C) expect(rates).toContain(rate_C);
    const floored = constantRates(1);
    expect(floored[0]).toBe(1);
    expect(floored.length).toBeGreaterThanOrEqual(ORACLE_RATES);
  });

  const of = (rate_C: number, checkupLife: number, energyFirst100_Wh: number): Constant => ({
    rate_C,
    judged: { checkupLife, energyFirst100_Wh } as Judged,
  });
  const three = [of(0.5, 40, 300), of(1, 60, 320), of(3, 400, 150)];

  it('is another one for each measure, and leaves out what is of no use', () => {
    expect(bestConstant(three, 'checkupLife').rate_C).toBe(3);
    expect(bestConstant(three, 'energyFirst100_Wh').rate_C).toBe(1);
    expect(bestUseful(three, 'checkupLife').rate_C).toBe(1);
  });

  it('sees a volcano: the middle lasts longest', () => {
    const [slow, middle, fast] = [0.5, 1.2, 3].map((rate_C) => cycleAlone(own, rate_C));
    expect(middle!.checkupLife).toBeGreaterThan(1.5 * slow!.checkupLife);
    expect(middle!.checkupLife).toBeGreaterThan(1.5 * fast!.checkupLife);
    expect(middle!.cycles).toBeGreaterThanOrEqual(100);
    expect(middle!.recovery_min).toBe(0);
  });
});

it('a stripping number held never goes below the floor', () => {
  const held = runHeld({ ...own, slowest_C: 2.9 });
  expect(held.map(({ target }) => target)).toEqual([...HELD_TARGETS]);
  // All targets are below 2.9C: all are the same.
  expect(new Set(held.map(({ judged }) => judged.checkupLife)).size).toBe(1);
  expect(held[0]!.judged.checkupLife).toBeCloseTo(cycleAlone(own, 2.9).checkupLife, 6);
});
