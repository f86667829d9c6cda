import { beforeAll, describe, expect, it } from 'vitest';
import { simulate } from '../../sim/campaign/simulate';
import { lifeAt } from '../../sim/campaign/summary';
import type { Sample, SimulateOptions, SimulateResult } from '../../sim/results/types';

const options: SimulateOptions = {
  cell: 'afl-l1',
  charge_C: 0.2,
  discharge_C: 1,
  cycles: 2,
  temperature_C: 25,
  direct: false,
  seed: 1,
  untilRetention_pct: null,
  sampleEvery_s: null,
};

describe('life is the interpolated crossing', () => {
  it.each([
    [[100, 90, 70], 80, 2.5],
    [[100, 90, 81], 80, null],
    [[79, 70], 80, 0],
    [[], 80, null],
  ])('%j below %d: %s', (values, threshold, life) => expect(lifeAt(values, threshold)).toBe(life));
});

const sampled = async (direct: boolean): Promise<[SimulateResult, Sample[]]> => {
  const samples: Sample[] = [];
  const settings = { ...options, direct, sampleEvery_s: 60 };
  const result = await simulate(settings, undefined, undefined, (sample) => samples.push({ ...sample }));
  return [result, samples];
};

describe('a simulation', () => {
  let behindChips: [SimulateResult, Sample[]];
  let alone: typeof behindChips;
  beforeAll(async () => {
    behindChips = await sampled(false);
    alone = await sampled(true);
  });

  it('is the same to the last bit for the same seed, sampled or not, and another with another', async () => {
    const [{ cycles }] = behindChips;
    expect(cycles).toHaveLength(2);
    expect((await simulate(options)).cycles).toEqual(cycles);
    expect((await simulate({ ...options, cycles: 1, seed: 2 })).cycles[0]).not.toEqual(cycles[0]);
  });

  it('through the chips agrees with the cell alone to 0.3 % in every capacity', () => {
    const [chips, direct] = [behindChips[0], alone[0]];
    for (const [k, cycle] of chips.cycles.entries()) {
      const reference = direct.cycles[k]!;
      expect(Math.abs(cycle.discharge_mAh / reference.discharge_mAh - 1)).toBeLessThan(3e-3);
      expect(Math.abs(cycle.charge_mAh / reference.charge_mAh - 1)).toBeLessThan(3e-3);
      expect(Math.abs(cycle.etaConc_mV / reference.etaConc_mV - 1)).toBeLessThan(0.02);
    }
  });

  it.each([true, false])('samples every step edge in order of time (cell alone: %s)', (direct) => {
    const [, samples] = direct ? alone : behindChips;
    const gaps = samples.slice(1).map((sample, k) => sample.time_s - samples[k]!.time_s);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    // The bare cell is sampled where the simulation steps: at most a fortieth of a charge at 0.1C apart.
    expect(Math.max(...gaps)).toBeLessThanOrEqual(direct ? 900 : 300);
    expect(new Set(samples.map((sample) => sample.step)).size).toBeGreaterThanOrEqual(16);
    expect(samples.at(-1)!.cycle).toBe(2);
    const discharges = samples.filter((sample) => sample.cycle === 2 && sample.current_A > 0.5);
    expect(discharges.at(-1)!.voltage_V).toBeLessThan(3.1);
    expect(discharges[0]!.voltage_V).toBeGreaterThan(4);
  });

  it('stops when the retention that was asked for is passed', async () => {
    const { cycles } = await simulate({ ...options, direct: true, cycles: 100, untilRetention_pct: 90 });
    const first = cycles[0]!.discharge_mAh;
    expect(cycles.at(-1)!.discharge_mAh).toBeLessThan(0.9 * first);
    expect(cycles.at(-2)!.discharge_mAh).toBeGreaterThanOrEqual(0.9 * first);
  });

  it('keeps what was finished when it is aborted', async () => {
    const stop = new AbortController();
    let calls = 0;
    const result = await simulate(
      { ...options, direct: true, cycles: 100000 },
      () => {
        if (++calls === 2) stop.abort();
      },
      stop.signal,
    );
    expect(result.cycles.length).toBeGreaterThan(0);
    expect(result.cycles.length).toBeLessThan(100000);
  });
});
