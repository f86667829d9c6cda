/** The oracle: every constant rate is tried on the very cell, and the best one chosen afterwards, for each measure apart. */
import { DirectRun } from '../../campaign/directRun';
import type { Plant } from '../../cell/plant';
import { cycleToEnd, judge, type Judged, type Measure } from './measures';
import { courseOf, type Scenario, TEMPERATURE_C, truthOf } from './scenario';
import { FIXED_C } from './task';

export const ORACLE_RATES = 24;
export const SLOWEST_C = 0.3;
export const FASTEST_C = 3;
export const CHARGE_C = 0.2;
/** Of each discharge, of every policy. */
export const INTERRUPTS = 4;
/** The best constant of use gives up no more than this share of the energy that constants can give in the first 100 cycles. */
const USEFUL_SHARE = 0.95;

export interface Constant {
  rate_C: number;
  judged: Judged;
}

/** Evenly spaced in the logarithm between the slowest allowed and the fastest rate, and the fixed ones among them. */
export function constantRates(slowest_C: number): number[] {
  const from_C = Math.max(SLOWEST_C, slowest_C);
  const grid = Array.from(
    { length: ORACLE_RATES },
    (_, k) => from_C * (FASTEST_C / from_C) ** (k / (ORACLE_RATES - 1)),
  );
  grid[ORACLE_RATES - 1] = FASTEST_C;
  return [...new Set([...grid, ...FIXED_C.filter((rate_C) => rate_C >= from_C)])].sort((a, b) => a - b);
}

export const runConstants = (own: Scenario): Constant[] =>
  constantRates(own.slowest_C).map((rate_C) => ({ rate_C, judged: cycleAlone(own, rate_C) }));

/** The cell alone, under the protocol that the firmware has, at a rate or at one that is chosen anew for each charged cell. */
export function cycleAlone(own: Scenario, rate_C: number | ((cell: Plant) => number)): Judged {
  const truth = truthOf(own);
  const course = courseOf(own, truth);
  const run = new DirectRun(truth, {
    charge_C: CHARGE_C,
    discharge_C: rate_C,
    temperature_C: TEMPERATURE_C,
    plant: own.plant,
    sampleEvery_s: Infinity,
    interrupts: INTERRUPTS,
  });
  const observed = cycleToEnd(run, (cycle) => course(run.cell, cycle));
  return judge(observed, run.stopped);
}

/** The constant that is best by one measure. */
export function bestConstant(constants: readonly Constant[], measure: Measure): Constant {
  return constants.reduce((best, one) => (one.judged[measure] > best.judged[measure] ? one : best));
}

/**
 * The same among those that are of use. A rate that takes little out of a cell wears it little: by its check-up life alone a cell that
 * hardly gives anything can be the best.
 */
export function bestUseful(constants: readonly Constant[], measure: Measure): Constant {
  const most_Wh = bestConstant(constants, 'energyFirst100_Wh').judged.energyFirst100_Wh;
  return bestConstant(
    constants.filter(({ judged }) => judged.energyFirst100_Wh >= USEFUL_SHARE * most_Wh),
    measure,
  );
}
