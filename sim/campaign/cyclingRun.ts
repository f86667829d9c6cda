/**
 * What a cycling test yields, whichever way it is run: the cell alone, or the firmware on simulated chips.
 */
import type { Plant } from '../cell/plant';
import { runStep } from '../cell/step';
import type { Lithium } from '../results/types';
import type { HeatBalance } from '../thermal/heatBalance';

/** One cycle after formation. Amounts are per cell, as measured by whoever ran it; lithium and eta_conc are the model's own. */
export interface Observation {
  charge_mAh: number;
  discharge_mAh: number;
  /** Won back by a slow strip after the discharge; absent or 0 where there was none. */
  strip_mAh?: number;
  discharge_Wh: number;
  discharge_s: number;
  /** What the steering chose and why; absent where nothing is steered. Recovery is a tail or a rest, with the rest before it. */
  rate_C?: number;
  action?: string;
  recovery_s?: number;
  decided?: Decided;
  /** Mean over the discharge. */
  etaConc_mV: number;
  /** At the end of the discharge. */
  lithium_mAh: Lithium;
  /** What the firmware made of it; absent where none ran. */
  estimated?: Estimated;
  /** What a copy of the charged cell gives at 0.2C. */
  checkup_mAh: number;
}

/** The firmware's own estimates of a cycle; null where it says that it does not know. */
export interface Estimated {
  /** Mean over those seconds of the discharge in which it was valid, and the model's mean over the same. */
  etaConc_mV: number | null;
  etaConcThen_mV: number | null;
  /** All lithium outside the cathode after the discharge, as measured, and its standard deviation. */
  lambda_mAh: number | null;
  lambdaSigma_mAh: number | null;
  lithium_mAh: Lithium<number | null>;
  /** Standard deviations. */
  sigma_mAh: Lithium<number | null>;
}

/** The numbers behind the rate of a steered discharge; null where it was held or the default, for want of an estimate. */
export interface Decided {
  /** Limiting current that the steering went by, smoothed over cycles, and the rate over it. */
  limitingCurrentEstimated_mA: number | null;
  strippingNumber: number | null;
  /** The learned target over the model's, before a trial. */
  targetOfModel_pct: number;
}

export interface CyclingRun {
  /**
   * Works until a cycle is finished or for about `budget_ms` of wall time, whichever comes first.
   * @returns the cycle, or undefined when there is none yet
   */
  advance(budget_ms: number): Observation | undefined;
  /** Virtual time since start. */
  readonly simulated_s: number;
  /** The cell's heat balance; undefined where its temperature is held. */
  readonly balance: HeatBalance | undefined;
  /** What the firmware's watchers have warned of, in words; absent where no firmware runs. */
  readonly alarms?: readonly string[];
  /** Why no further cycle can come; undefined while one can. */
  readonly stopped: string | undefined;
}

/** The paper's protocol (000, Results). */
export const FORMATION_CYCLES = 2;
export const FORMATION_C = 0.1;
export const FORMATION_REST_S = 600;
export const CYCLE_REST_S = 300;
const CHECKUP_C = 0.2;

/** Why a cell that has run away can be cycled no more; undefined while it has not. */
export const ranAway = (balance: HeatBalance | undefined, cycle: string): string | undefined =>
  balance === undefined || balance.runaway_C === null
    ? undefined
    : `${cycle}: thermal runaway at ${balance.runaway_C.toFixed(0)} degC`;

/** Longest discharge or charge worth waiting for, as a multiple of its nominal time. */
export const PATIENCE = 3;

/** What the charged cell would give at 0.2C [mAh per cell]; the cell itself is left as it is. */
export function checkup_mAh(cell: Plant, refinement = 1): number {
  const rate_mA_cm2 = CHECKUP_C * cell.nominal_mAh_cm2;
  const longest_s = (PATIENCE * 3600) / CHECKUP_C;
  const { charge_mAh_cm2 } = runStep(cell.clone(), rate_mA_cm2, {
    until_V: cell.profile.dischargeCutoff_V,
    longest_s,
    refinement,
  });
  return charge_mAh_cm2 * cell.area_cm2;
}

export function lithium_mAh(cell: Plant): Lithium {
  cell.settle();
  const area = cell.area_cm2;
  return {
    active: cell.active * area,
    residual: cell.residue * area,
    isolated: cell.isolated * area,
    dead: cell.dead * area,
    sei: cell.sei * area,
  };
}
