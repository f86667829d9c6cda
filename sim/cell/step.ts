/**
 * One step of a protocol on a bare cell: constant current or rest, with time steps that follow the cell and cut-offs located
 * to 0.1 mV.
 */
import type { Plant } from './plant';

/** What ends a step: whichever comes first. */
export interface StepEnd {
  /** Cut-off voltage [V]: a charge ends when it is reached from below, a discharge from above (half cell: the other way). */
  until_V?: number;
  /** Ends after this much charge [mAh/cm2]. */
  capacity_mAh_cm2?: number;
  /** Longest duration [s]. */
  longest_s: number;
  /** Divides every time step: 2 halves them, to see what is left of the step's length in a result. */
  refinement?: number;
}

/** What a step gave, and what ended it. */
export interface StepResult {
  time_s: number;
  /** Charge passed, a magnitude. */
  charge_mAh_cm2: number;
  /** Energy at the terminals, a magnitude. */
  energy_mWh_cm2: number;
  /** Mean over time of the concentration overpotential, a magnitude. */
  etaConc_V: number;
  end: 'voltage' | 'capacity' | 'time';
}

/** Called after every time step with the time since the step's begin. */
export type OnTimeStep = (time_s: number) => void;

const CUTOFF_V = 1e-4;
const CUTOFF_S = 1e-3;
const REST_STEP_S = 60;
/** Steps to a nominal capacity on the plateau. */
export const PLATEAU_STEPS = 60;
/** Towards the end of a discharge a step takes this share of the lithium that is left on the side that runs out first... */
export const SHARE_OF_REST = 0.04;
/** ...but never less than this share of the nominal capacity. */
export const SHORTEST_SHARE = 1e-4;
/** Above this saturation of the electrolyte, steps are shortened in proportion to what is left of it... */
export const SATURATED = 0.5;
/** ...down to this: a half cell is saturated all the way from its knee to 1 V. */
const LEAST_UNSATURATED = 0.02;

/** Carries the cell through one step at current density `i` [mA/cm2, discharge positive, 0: rest]. */
export function runStep(cell: Plant, i: number, end: StepEnd, onTimeStep?: OnTimeStep): StepResult {
  const result: StepResult = { time_s: 0, charge_mAh_cm2: 0, energy_mWh_cm2: 0, etaConc_V: 0, end: 'time' };
  const before = end.until_V === undefined ? undefined : cell.clone();
  let last_V = cell.voltage_V;
  while (result.time_s < end.longest_s) {
    let dt_s = Math.min(timeStep(cell, i) / (end.refinement ?? 1), end.longest_s - result.time_s);
    if (end.capacity_mAh_cm2 !== undefined && i !== 0) {
      const left_s = ((end.capacity_mAh_cm2 - result.charge_mAh_cm2) / Math.abs(i)) * 3600;
      if (left_s <= dt_s) {
        dt_s = left_s;
        result.end = 'capacity';
      }
    }
    before?.copyFrom(cell);
    cell.step(i, dt_s);
    if (before && end.until_V !== undefined && beyond(cell, i, end.until_V)) {
      dt_s = locate(cell, before, i, dt_s, end.until_V);
      result.end = 'voltage';
    }
    result.time_s += dt_s;
    result.charge_mAh_cm2 += (Math.abs(i) * dt_s) / 3600;
    result.energy_mWh_cm2 += ((Math.abs(i) * (last_V + cell.voltage_V)) / 2) * (dt_s / 3600);
    result.etaConc_V += Math.abs(cell.etaConc_V) * dt_s;
    last_V = cell.voltage_V;
    onTimeStep?.(result.time_s);
    if (result.end !== 'time') break;
  }
  result.etaConc_V = result.time_s > 0 ? result.etaConc_V / result.time_s : 0;
  return result;
}

function timeStep(cell: Plant, i: number): number {
  if (i === 0) return REST_STEP_S;
  const { kind } = cell.profile;
  const nominal_mAh_cm2 = cell.nominal_mAh_cm2;
  const plateau_s = (3600 * nominal_mAh_cm2) / PLATEAU_STEPS / Math.abs(i);
  if (i < 0) return plateau_s;
  const left_mAh_cm2 = kind === 'half' ? cell.active : Math.min(cell.active, cell.cathodeCapacity_mAh_cm2 * cell.soc);
  const share_mAh_cm2 = Math.max(SHARE_OF_REST * left_mAh_cm2, SHORTEST_SHARE * nominal_mAh_cm2);
  const unsaturated = Math.max(LEAST_UNSATURATED, Math.min(1, (1 - cell.saturation) / (1 - SATURATED)));
  return Math.min(plateau_s, (3600 * share_mAh_cm2) / i) * unsaturated;
}

/** A discharge lowers the voltage of a full cell and raises that of a half cell. */
function beyond(cell: Plant, i: number, until_V: number): boolean {
  return i > 0 === (cell.profile.kind === 'full') ? cell.voltage_V <= until_V : cell.voltage_V >= until_V;
}

/** Repeats the last time step, shortened until it ends within 0.1 mV or 1 ms of the cut-off. @returns its length */
function locate(cell: Plant, before: Plant, i: number, dt_s: number, until_V: number): number {
  let low_s = 0;
  let high_s = dt_s;
  let tried_s = dt_s;
  while (high_s - low_s > CUTOFF_S && Math.abs(cell.voltage_V - until_V) > CUTOFF_V) {
    tried_s = (low_s + high_s) / 2;
    cell.copyFrom(before);
    cell.step(i, tried_s);
    if (beyond(cell, i, until_V)) high_s = tried_s;
    else low_s = tried_s;
  }
  return tried_s;
}
