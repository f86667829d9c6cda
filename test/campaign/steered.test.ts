import { describe, expect, it } from 'vitest';
import { readAction } from '../../sim/campaign/action';
import { simulate } from '../../sim/campaign/simulate';
import { volcano } from '../../sim/campaign/volcano';
import { words } from '../cli/harness';
import { LONG } from '../long';
import { TRIAL_SHARE } from '../../firmware/steer/learn';
import { TARGET_N } from '../../firmware/steer/rate';
import { Reason, Recovery } from '../../firmware/steer/steering';
import { InputError } from '../../sim/errors';
import type { Sample, SimulateOptions, SimulateResult, Strategy } from '../../sim/results/types';

const cycling = {
  cell: 'afl-l1',
  charge_C: 0.2,
  interrupts: 4,
  cycles: 30,
  temperature_C: 25,
  direct: true,
  seed: 1,
};
const options: SimulateOptions = {
  ...cycling,
  strategy: 'adaptive',
  discharge_C: null,
  untilRetention_pct: null,
  sampleEvery_s: null,
};

const rates = ({ cycles }: SimulateResult): number[] => cycles.map(({ rate_C }) => rate_C);

describe('a steered simulation', () => {
  it('runs as many cycles as were asked for, each at the rate that was chosen, with the reason', async () => {
    const result = await simulate(options);
    expect(result.strategy).toBe('adaptive');
    expect(result.summary.stopped).toBeUndefined();
    expect(result.cycles.map(({ n }) => n)).toEqual(Array.from({ length: 30 }, (_, k) => k + 1));
    expect(new Set(rates(result)).size).toBeGreaterThan(10);
    expect(Math.min(...rates(result))).toBeGreaterThan(0.5);
    expect(Math.max(...rates(result))).toBeLessThan(3);
    const reasons = result.cycles.map(({ action }) => readAction(action).reason);
    expect(reasons[0]).toBe(Reason.Prior);
    expect(new Set(reasons)).toEqual(new Set([Reason.Prior, Reason.Learned, Reason.Faster, Reason.Slower]));
    expect(result.cycles.every(({ recovery_s }) => recovery_s === undefined)).toBe(true);
    expect(result.summary.recoveryMinutes).toBeUndefined();
  });

  it('tells the numbers behind each rate: the part of the limiting current that the target asks for, and a trial', async () => {
    const { cycles } = await simulate(options);
    for (const { n, rate_C, action, ...decided } of cycles) {
      const { limitingCurrentEstimated_mA, strippingNumber, targetOfModel_pct } = decided;
      // Of this profile 1C are 999 mA.
      expect(strippingNumber! * limitingCurrentEstimated_mA!, `cycle ${n}`).toBeCloseTo(999 * rate_C, 6);
      const { reason } = readAction(action);
      const trial = reason === Reason.Faster ? 1 + TRIAL_SHARE : reason === Reason.Slower ? 1 - TRIAL_SHARE : 1;
      const target = (TARGET_N * targetOfModel_pct!) / 100;
      // With age it falls, by 15 % at most.
      expect(strippingNumber! / trial / target, `cycle ${n}`).toBeLessThanOrEqual(1.000001);
      expect(strippingNumber! / trial / target, `cycle ${n}`).toBeGreaterThanOrEqual(0.85);
    }
    expect(cycles[0]!.targetOfModel_pct).toBe(100);
    expect(new Set(cycles.map(({ targetOfModel_pct }) => targetOfModel_pct)).size).toBeGreaterThan(1);
    const { cycles: fixed } = await simulate({ ...options, strategy: 'fixed', discharge_C: 1, cycles: 1 });
    expect(fixed[0]).not.toHaveProperty('strippingNumber');
  });

  it('through the chips steers as without them', async () => {
    const few = { ...options, cycles: LONG ? 6 : 3 };
    const [chips, direct] = [await simulate({ ...few, direct: false }), await simulate(few)];
    expect(chips.cycles).toHaveLength(few.cycles);
    for (const [k, cycle] of chips.cycles.entries()) {
      const same = direct.cycles[k]!;
      expect(Math.abs(cycle.rate_C / same.rate_C - 1)).toBeLessThan(0.04);
      expect(Math.abs(cycle.discharge_mAh / same.discharge_mAh - 1)).toBeLessThan(0.01);
      expect(cycle.action).toBe(same.action);
    }
  });

  it('gives samples that hold the charge of each cycle, however far apart: both edges of steps and interrupts', async () => {
    const passed_mAh = new Map<number, number>();
    let last: Sample | undefined;
    const { cycles } = await simulate({ ...options, cycles: 4, sampleEvery_s: 300 }, undefined, undefined, (sample) => {
      if (last?.step === sample.step) {
        const passed = ((last.current_A + sample.current_A) / 2) * ((sample.time_s - last.time_s) / 3.6);
        passed_mAh.set(sample.cycle, (passed_mAh.get(sample.cycle) ?? 0) + Math.max(0, passed));
      }
      last = { ...sample };
    });
    for (const { n, discharge_mAh } of cycles)
      expect(Math.abs(passed_mAh.get(n)! / discharge_mAh - 1), `cycle ${n}`).toBeLessThan(0.0015);
  });

  it('takes no more time for recovery than it is given, and counts it', async () => {
    const strategy = 'adaptive+tail';
    const [usual, short] = await Promise.all([
      simulate({ ...options, strategy }),
      simulate({ ...options, strategy, recovery_min: 15 }),
    ]);
    for (const [result, most_min] of [
      [usual!, 40],
      [short!, 15],
    ] as const) {
      const recovered = result.cycles.filter(({ recovery_s }) => recovery_s !== undefined);
      expect(recovered.length).toBeGreaterThan(5);
      const minutes = recovered.map(({ recovery_s }) => recovery_s! / 60);
      expect(Math.max(...minutes)).toBeLessThanOrEqual(most_min + 0.2);
      expect(Math.max(...minutes)).toBeGreaterThan(0.4 * most_min);
      expect(result.summary.recoveryMinutes).toBeCloseTo(minutes.reduce((a, b) => a + b));
      expect(recovered.every(({ action }) => readAction(action).then.length === 1)).toBe(true);
      expect(result.cycles.every(({ action }) => !action.includes('slow strip'))).toBe(true);
    }
    const none = await simulate({ ...options, strategy, recovery_min: 0, cycles: 8 });
    expect(none.summary.recoveryMinutes).toBe(0);
  });

  it('counts the energy of the main discharge alone', async () => {
    const { cycles, summary } = await simulate({ ...options, strategy: 'adaptive+tail', cycles: 100 });
    const main_mAh = cycles.reduce((sum, { discharge_mAh }) => sum + discharge_mAh, 0);
    const tails_mAh = cycles.reduce((sum, { strip_mAh = 0 }) => sum + strip_mAh, 0);
    expect(tails_mAh).toBeGreaterThan(0.02 * main_mAh);
    // At the mean voltage of a discharge, with the tails it would be above 4 V.
    const mean_V = (1000 * summary.energyFirst100_Wh!) / main_mAh;
    expect(mean_V).toBeGreaterThan(3.5);
    expect(mean_V).toBeLessThan(3.85);
  });

  it('never goes below the slowest rate', async () => {
    const result = await simulate({ ...options, cycles: 4, slowest_C: 2.5 });
    expect(rates(result)).toEqual([2.5, 2.5, 2.5, 2.5]);
    expect(readAction(result.cycles[0]!.action).reason).toBe(Reason.Slowest);
  });

  it('starts from what it is told, and comes to where the cell is', async () => {
    const run = (told?: string): Promise<SimulateResult> =>
      simulate({ ...options, cell: 'afl-l2', cycles: 3, ...(told && { told }) });
    const [own, blind] = [rates(await run()), rates(await run('afl-l1'))];
    const apart = (k: number): number => Math.abs(Math.log(blind[k]! / own[k]!));
    expect(apart(0)).toBeGreaterThan(0.1);
    expect(apart(2)).toBeLessThan(0.05);
  });

  it('knows capacity and limits of the cell itself, whatever it is told', async () => {
    const { cycles } = await simulate({ ...options, told: 'tri-salt-coin', cycles: 2 });
    expect(cycles[0]!.discharge_mAh).toBeGreaterThan(800);
  });
});

describe('an option without effect is refused', () => {
  it.each<[Partial<SimulateOptions>, RegExp]>([
    [
      { cell: 'afl-l1-half' },
      /adaptive is not possible on the half cell "afl-l1-half"; allowed: a full cell, or a rate/,
    ],
    [{ cooling_W_K: 0.1 }, /--cooling is not available for adaptive with --direct; allowed: without --direct/],
    [{ told: 'afl-l2-half' }, /--told is "afl-l2-half", a half cell; allowed: a full cell/],
    [{ strategy: 'fixed', discharge_C: 1, told: 'afl-l2' }, /--told has no effect with --direct at a fixed rate/],
    [{ strategy: 'fixed', discharge_C: 1, slowStripEvery: 5 }, /--slow-strip-every has no effect with --direct/],
  ])('%j', async (more, reason) => {
    const run = simulate({ ...options, ...more });
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(reason);
  });
});

describe('an action', () => {
  it.each([Reason.Prior, Reason.Faster, Reason.Slower, Reason.Tapered, Reason.Default])('with reason %d', (reason) => {
    expect(readAction(words(reason))).toMatchObject({ reason, then: [] });
    expect(readAction(words(reason, Recovery.Tail))).toMatchObject({ reason, word: words(reason), then: ['tail'] });
    expect(readAction(`${words(reason)}, slow strip`).then).toEqual(['slow strip']);
  });

  it('that the steering does not use has no reason', () => {
    expect(readAction('something else')).toEqual({ reason: Reason.None, word: 'something else', then: [] });
  });
});

describe('volcano with strategies', () => {
  it('puts them behind the fixed rates, at their mean rate, and seeks the optimum among the fixed', async () => {
    const strategies: Strategy[] = ['adaptive+tail', 'fixed', 'adaptive'];
    const seen: string[] = [];
    const result = await volcano(
      { ...cycling, cycles: 100, rates_C: [2, 1], strategies, threads: 2 },
      undefined,
      undefined,
      ({ strategy, rate_C }, run) => seen.push(`${strategy} ${rate_C} ${run.cycles.length}`),
    );
    expect(result.points.map(({ strategy }) => strategy)).toEqual(['fixed', 'fixed', 'adaptive+tail', 'adaptive']);
    expect(result.points.slice(0, 2).map(({ rate_C }) => rate_C)).toEqual([1, 2]);
    expect(result.optimum_C).toBe(1);
    const adaptive = result.points[3]!;
    const alone = await simulate({ ...options, cycles: 100 });
    expect(adaptive.rate_C).toBeCloseTo(rates(alone).reduce((a, b) => a + b) / 100, 10);
    expect(adaptive.cyclesTo80).toBe(alone.summary.cyclesTo80);
    // Longer than at any of the fixed rates, and yet not the optimum.
    expect(adaptive.cyclesTo80!).toBeGreaterThan(result.points[0]!.cyclesTo80!);
    expect(seen).toEqual(result.points.map(({ strategy, rate_C }) => `${strategy} ${rate_C} 100`));
  });

  it('interrupts the fixed runs as the others', async () => {
    const run = async (interrupts: number): Promise<(number | null)[]> => {
      const { points } = await volcano({ ...cycling, interrupts, cycles: 100, rates_C: [3], threads: 1 });
      return points.map(({ retention100_pct }) => retention100_pct);
    };
    const [with4, without] = [(await run(4))[0]!, (await run(0))[0]!];
    expect(with4).toBeGreaterThan(without + 1);
  });

  it('tells a firmware, and nobody where there is none', async () => {
    const strategies: Strategy[] = ['fixed', 'adaptive'];
    const { points } = await volcano({ ...cycling, cycles: 2, told: 'afl-l2', rates_C: [1], strategies, threads: 1 });
    expect(points).toHaveLength(2);
  });

  it.each([
    [[1, 3], 1],
    [[0.5, 1, 3], null],
  ])('has of the fixed rates %j, of which all but 3C outlive the test, the optimum %j', async (rates_C, optimum_C) => {
    const result = await volcano({ ...cycling, cycles: 10, rates_C, threads: 1 });
    expect(result.points.map(({ cyclesTo80 }) => cyclesTo80 === null)).toEqual(rates_C.map((rate_C) => rate_C < 3));
    expect(result.optimum_C).toBe(optimum_C);
  });

  it('has no optimum without a fixed rate', async () => {
    const { points, optimum_C } = await volcano({
      ...cycling,
      cycles: 90,
      rates_C: [],
      strategies: ['adaptive'],
      threads: 1,
    });
    expect(points[0]!.cyclesTo80).not.toBeNull();
    expect(optimum_C).toBeNull();
  });
});
