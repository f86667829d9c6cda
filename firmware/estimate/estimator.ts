/** What the estimator keeps. */
import type { Estimates, Why } from './estimates';
import type { Polarization } from './polarization';
import type { Rest } from './rest';

/** What the current says is going on. */
export enum Phase {
  Rest,
  Charge,
  Discharge,
}

/** Running sums and marks, in one array. Charges in mAh/cm2. */
export enum Sum {
  /** Of the present second: V s, mA/cm2 s, s, samples; the last temperature [degC]. */
  voltage,
  current,
  time,
  count,
  temperature,
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
  /** A change of current by more than this is a step [mA/cm2]. */
  step,
  /** What is next of the work behind a second that has ended (`Stage`); 0: all is done. */
  stage,
  /** That second: length [s], means [V, mA/cm2], temperature [degC], its end [ms], and how old the means are there [s]. */
  second_s,
  secondV,
  secondI,
  second_C,
  second_ms,
  age_s,
  /** The same of one that waits behind it, because the current has changed; 0 s: none does. */
  next_s,
  nextV,
  nextI,
  next_C,
  next_ms,
  nextAge_s,
  /** Whether the current was as steady in it as before (1); the accessible area in it, as a factor; what the cathode's lag makes [V]. */
  steady,
  alpha,
  lag_V,
  /** The state of charge that a search has found and its sigma, and the stage that follows the search. */
  foundS,
  foundSigma,
  after,
  length,
}

/**
 * The work behind a second, and behind the end of a rest and of a cycle, in stages that an interpreter takes about as long for: one is
 * run a tick, so that no tick is much longer than the others. Where samples come once a second, all of them at once.
 *
 *   Begin, (end of a rest, of a cycle, Charge,) (once a minute: Pools to Left,) Model,
 *   Voltage and what is said of the second,
 *   Learn, or in a rest Rest, (what an interrupt teaches, Publish)
 */
export enum Stage {
  Idle,
  Begin,
  Charge,
  Pools,
  Warmth,
  Rates,
  Limit,
  Left,
  Model,
  Voltage,
  Learn,
  Rest,
  Publish,
  /** Where a cell is that was lost, and after the electrolyte has settled. */
  Located,
  Settled,
  /** The voltage that a rest ends at, then the state of charge at a voltage: searches of several stages. */
  FindEnd,
  FindCharge,
  /** The state of charge is known again, and how well; then the inventory, after a whole cycle. */
  Sharpness,
  Anchor,
  Close,
  Cycle,
  Efficiency,
  Known,
  Cathode,
  Lambda,
  Weigh,
  Shares,
  Sigmas,
  PublishSums,
  PublishShares,
  NextCycle,
  /** What an interrupt has taught: exponent of the recovery, the overpotentials at its beginning, pace, scales. */
  Exponent,
  Recovery,
  Lag,
  Pace,
  Gains,
  Scale,
  Kappa,
  Saturation,
  Fast,
}

/**
 * What the estimator knows of one cell. Made by `createEstimator`, fed by `addSample`.
 *
 * The arrays are indexed by enums: `m` by `Parameter`, `x` by `State`, `f` by `Factor`, `v` by `Lithium`, `sum` by `Sum`, `seen` by
 * `Seen`, `search` by `Search`. `ocv` is that of the cell model.
 */
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
  /** Of the search under way. */
  search: Float64Array;
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
  /** The end of a cycle is to be worked out, or is being so (`closeCycle`). */
  closing: boolean;
  /** Whole cycles finished, with their inventory. */
  cycles: number;
  area_cm2: number;
  chargeTo_V: number;
  dischargeTo_V: number;
  spread: number;
  curve_V: number;
  longestGap_s: number;
  mostCurrent_mA: number;
  /** Tells one cell model from another. */
  signature: number;
}

/** The pools are to be run, and the factors made, with the first second. */
export const MINUTE_S = 60;
