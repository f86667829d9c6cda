import { describe, expect, it } from 'vitest';
import type { CyclingRun, Observation } from '../../../sim/campaign/cyclingRun';
import { cycleToEnd, judge, LEAST_CYCLES, MOST_CYCLES, type Timed } from '../../../sim/study/steering/measures';

/** Loses one per cent of its first capacity a cycle; two hours a cycle, of which a quarter is recovery. */
const cycle = (n: number, checkup_mAh = 100 - n): Timed => ({
  charge_mAh: checkup_mAh,
  discharge_mAh: checkup_mAh - 5,
  discharge_Wh: 1,
  discharge_s: 1800,
  etaConc_mV: 0,
  lithium_mAh: { active: 0, residual: 0, isolated: 0, dead: 0, sei: 0 },
  checkup_mAh,
  recovery_s: 60 * (n + 1),
  ended_s: 7200 * (n + 1),
});
const fading = Array.from({ length: 100 }, (_, n) => cycle(n, 100 - n));

describe('what a policy is judged by', () => {
  it('is taken over the check-up life', () => {
    const judged = judge(fading, undefined);
    expect(judged.checkupLife).toBeCloseTo(21, 9);
    expect(judged.cyclesTo80).toBeCloseTo(16, 9);
    expect(judged.energyFirst100_Wh).toBe(100);
    expect(judged.energyToEol_Wh).toBeCloseTo(16, 9);
    expect(judged.power_W).toBeCloseTo(2, 9);
    expect(judged.hours).toBeCloseTo(42, 9);
    expect(judged.recovery_min).toBeCloseTo(11, 9);
    expect(judged.longestRecovery_min).toBe(21);
    expect(judged.unfinished).toBe(false);
  });

  it('counts what a cell gave that ended early, and a life that did not end as so many cycles', () => {
    const early = judge(fading.slice(0, 10), 'cycle 11: over');
    expect(early).toMatchObject({ checkupLife: 10, energyFirst100_Wh: 10, energyToEol_Wh: 10, unfinished: false });
    const everlasting = Array.from({ length: 120 }, (_, n) => cycle(n, 100));
    expect(judge(everlasting, undefined)).toMatchObject({ checkupLife: 120, unfinished: true });
  });
});

describe('cycling to the end', () => {
  const run = (value: (n: number) => number, stopAt = Infinity): CyclingRun & { done: number } => ({
    done: 0,
    balance: undefined,
    get simulated_s() {
      return 7200 * this.done;
    },
    get stopped() {
      return this.done >= stopAt ? 'over' : undefined;
    },
    advance(): Observation {
      return cycle(this.done, value(this.done++));
    },
  });

  it('does a hundred cycles and goes on until both lives are over', () => {
    const seen: number[] = [];
    const quick = cycleToEnd(
      run((n) => 100 - n),
      (n) => seen.push(n),
    );
    expect(quick).toHaveLength(LEAST_CYCLES);
    expect(seen).toEqual(quick.map((_, k) => k + 1));
    expect(quick[4]!.ended_s).toBe(5 * 7200);
    expect(
      cycleToEnd(
        run((n) => 100 - n / 10),
        () => undefined,
      ),
    ).toHaveLength(202);
    expect(
      cycleToEnd(
        run(() => 100),
        () => undefined,
      ),
    ).toHaveLength(MOST_CYCLES);
  });

  it('ends where the run ends', () => {
    expect(
      cycleToEnd(
        run((n) => 100 - n, 7),
        () => undefined,
      ),
    ).toHaveLength(7);
  });
});
