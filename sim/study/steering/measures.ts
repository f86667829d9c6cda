/** What a policy is judged by. */
import type { CyclingRun, Observation } from '../../campaign/cyclingRun';
import { summarize } from '../../campaign/summary';

/** Those by which policies are compared: more is better. */
export const MEASURES = ['checkupLife', 'cyclesTo80', 'energyFirst100_Wh', 'energyToEol_Wh'] as const;
export type Measure = (typeof MEASURES)[number];

export interface Judged extends Record<Measure, number> {
  /** Mean over the discharges up to the end of the check-up life. */
  power_W: number;
  /** Of the whole test, until then. */
  hours: number;
  /** Recovery (tails, rests and strips beyond the protocol's own): mean and longest of a cycle. */
  recovery_min: number;
  longestRecovery_min: number;
  cycles: number;
  /** A life that is not over after `MOST_CYCLES` counts as so many. */
  unfinished: boolean;
  stopped: string | null;
}

/** An observation with the simulated time at its end. */
export interface Timed extends Observation {
  ended_s: number;
}

export const LEAST_CYCLES = 100;
export const MOST_CYCLES = 400;

/**
 * Cycles until both lives are over and `LEAST_CYCLES` done, at most `MOST_CYCLES`, or until no further cycle can come.
 * `before` is called before each cycle, which count from 1.
 */
export function cycleToEnd(run: CyclingRun, before: (cycle: number) => void): Timed[] {
  const observed: Timed[] = [];
  while (observed.length < MOST_CYCLES && run.stopped === undefined) {
    before(observed.length + 1);
    const cycle = run.advance(Infinity);
    if (cycle === undefined) continue;
    observed.push({ ...cycle, ended_s: run.simulated_s });
    if (observed.length < LEAST_CYCLES) continue;
    const { checkupLife, cyclesTo80 } = summarize(observed, 0, 0);
    if (checkupLife !== null && cyclesTo80 !== null) break;
  }
  return observed;
}

/** A cell that gives nothing any more gives no energy: sums stand for the cycles that it did not see. */
export function judge(observed: readonly Timed[], stopped: string | undefined): Judged {
  const whole = summarize(observed, 0, 0);
  const all_Wh = observed.reduce((sum, cycle) => sum + cycle.discharge_Wh, 0);
  const checkupLife = whole.checkupLife ?? observed.length;
  const lived = observed.slice(0, Math.max(1, Math.ceil(checkupLife)));
  const recoveries_min = lived.map(({ recovery_s = 0 }) => recovery_s / 60);
  return {
    checkupLife,
    cyclesTo80: whole.cyclesTo80 ?? observed.length,
    energyFirst100_Wh: whole.energyFirst100_Wh ?? all_Wh,
    energyToEol_Wh: whole.energyToEol_Wh ?? all_Wh,
    power_W: summarize(lived, 0, 0).meanDischargePower_W ?? 0,
    hours: (lived.at(-1)?.ended_s ?? 0) / 3600,
    recovery_min: recoveries_min.reduce((sum, minutes) => sum + minutes, 0) / Math.max(1, lived.length),
    longestRecovery_min: Math.max(0, ...recoveries_min),
    cycles: observed.length,
    unfinished: stopped === undefined && (whole.checkupLife === null || whole.cyclesTo80 === null),
    stopped: stopped ?? null,
  };
}
