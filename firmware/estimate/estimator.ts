/** What the estimator keeps, and what it begins with. */
import { Parameter as M, type CellModel } from './cellModel';
import { createEstimates, Why, type Estimates } from './estimates';
import { Seen } from './interrupt';
import { createInventory } from './inventory';
import { createPolarization, Factor, State, type Polarization } from './polarization';
import { createRest, type Rest } from './rest';

/** What the current says is going on. */
export enum Phase {
  Rest,
  Charge,
  Discharge,
}

/** Running sums and marks, in one array. Charges in mAh/cm2. */
export enum Sum {
  /** Of the present second: V s, mA/cm2 s, degC s, s, samples. */
  voltage,
  current,
  temperature,
  time,
  count,
  /** Time of the last sample [ms]; -1: none. Its current density and voltage; 0 V: none that may be compared with. */
  at_ms,
  lastI,
  lastV,
  /** Voltage before the last step of the current; mean current density of the last second. */
  stepV,
  meanI,
  /** Of the present minute. */
  minuteCharge,
  minute_s,
  /** Charged and discharged since the last bottom anchor; stripped slowly after the main discharge; discharged since the top. */
  charged,
  discharged,
  stripped,
  sinceTop,
  /** Active lithium the knee left at the end of the main discharge, and the saturation there. */
  kneeActive,
  kneeSaturation,
  /** Seconds until the voltage may be trusted again after bad data. */
  distrust_s,
  /** Evidence for a swapped sign: changes of current answered the wrong way. */
  wrongSigns,
  /** Samples in a row with the same time; charge that may have passed unseen, and the voltage since it passes the same way. */
  repeats,
  lost,
  wayV,
  length,
}

export interface Estimator {
  known: Estimates;
  m: Float64Array;
  ocv: Float64Array;
  x: Float64Array;
  f: Float64Array;
  v: Float64Array;
  sum: Float64Array;
  seen: Float64Array;
  rest: Rest;
  polarization: Polarization;
  phase: Phase;
  /** The phase before the present rest, and whether it went to its cut-off. */
  before: Phase;
  whole: boolean;
  /** Whether the last discharge, a slow strip perhaps, went to its cut-off. */
  wholeStrip: boolean;
  /** Every sample since the top anchor was good, so the discharge is known; since the bottom anchor, so the charge is too. */
  counted: boolean;
  balanced: boolean;
  /** Why the present data cannot be used; Valid when they can. */
  trouble: Why;
  /** Whole cycles finished. */
  cycles: number;
  area_cm2: number;
  chargeTo_V: number;
  dischargeTo_V: number;
  spread: number;
  curve_V: number;
  longestGap_s: number;
  mostCurrent_mA: number;
}

/** The pools are to be run, and the factors made, with the first second. */
export const MINUTE_S = 60;

/** @param mostCurrent_mA beyond this the current monitor is saturated; @param longestGap_s between two samples */
export function createEstimator(cell: CellModel, mostCurrent_mA: number, longestGap_s: number): Estimator {
  const m = new Float64Array(cell.parameters);
  const x = new Float64Array(State.length);
  x[State.A] = m[M.Ainit];
  x[State.rho] = 1;
  x[State.h] = 1;
  x[State.pace] = 1;
  x[State.k] = 1;
  x[State.p] = 0.78;
  const curve_V = cell.ocvError_mV / 1000;
  const variance = cell.spread * cell.spread;
  x[State.bb] = curve_V * curve_V;
  x[State.rr] = variance;
  x[State.hh] = variance;
  x[State.kk] = variance;
  x[State.AA] = 0.0036;
  const sum = new Float64Array(Sum.length);
  sum[Sum.at_ms] = -1;
  sum[Sum.minute_s] = MINUTE_S;
  return {
    known: createEstimates(),
    m: m,
    ocv: new Float64Array(cell.ocv),
    x: x,
    f: new Float64Array(Factor.length),
    v: createInventory(m),
    sum: sum,
    seen: new Float64Array(Seen.length),
    rest: createRest(),
    polarization: createPolarization(),
    phase: Phase.Rest,
    before: Phase.Rest,
    whole: false,
    wholeStrip: false,
    counted: true,
    balanced: true,
    trouble: Why.Valid,
    cycles: 0,
    area_cm2: cell.area_cm2,
    chargeTo_V: cell.chargeTo_V,
    dischargeTo_V: cell.dischargeTo_V,
    spread: cell.spread,
    curve_V: curve_V,
    longestGap_s: longestGap_s,
    mostCurrent_mA: mostCurrent_mA,
  };
}
