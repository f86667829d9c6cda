/**
 * The limit of steering by the stripping number: it is held at one target by somebody who knows the limiting current of the cell
 * exactly, at every cycle. What the firmware falls short of this is lost by estimating; what this falls short of the best constant,
 * by the target, which is another one for each cell.
 */
import { cycleAlone, FASTEST_C } from './constants';
import type { Judged } from './measures';
import type { Scenario } from './scenario';

export const HELD_TARGETS = [0.2, 0.22, 0.25, 0.28, 0.3, 0.32, 0.35, 0.38, 0.42, 0.46] as const;
const LEAST_C = 0.2;

export interface Held {
  target: number;
  judged: Judged;
}

export const runHeld = (own: Scenario): Held[] =>
  HELD_TARGETS.map((target) => ({
    target,
    judged: cycleAlone(own, (cell) => {
      const rate_C = (target * cell.limitingCurrent_mA_cm2) / cell.nominal_mAh_cm2;
      return Math.min(FASTEST_C, Math.max(LEAST_C, own.slowest_C, rate_C));
    }),
  }));
