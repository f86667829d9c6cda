/**
 * What the firmware says it knows: for each quantity a value, its standard deviation, when it was found, and whether it may be
 * used, or why not.
 *
 * Parallel arrays and not objects: fourteen objects would cost the interpreter three times the memory.
 */

/** Amounts are per cell. */
export enum Estimated {
  /** Concentration overpotential now, positive in discharge. */
  EtaConc_mV,
  /** Ohmic and reaction overpotential now, both electrodes. */
  EtaFast_mV,
  /** Charge left to the end of a discharge at the present rate, of that of the last whole one. */
  StateOfCharge_pct,
  /** Charge of the last whole discharge. */
  Capacity_mAh,
  /** Limiting stripping current now. Absolute only as far as the model's kappa is right. */
  LimitingCurrent_mA,
  /** Charge left until the end of the discharge begins to show (the knee). */
  ToKnee_mAh,
  /** All lithium outside the cathode after the last whole discharge: measured. */
  Lambda_mAh,
  /** Capacity of the cathode: measured. */
  Cathode_mAh,
  /** Where the lithium outside the cathode was after that discharge. Active and its residual part by the knee or a slow strip... */
  Active_mAh,
  Residual_mAh,
  /** ...the rest split by the model's prior: voltage, current and temperature cannot tell these apart. */
  Isolated_mAh,
  Dead_mAh,
  Sei_mAh,
  CoulombicEfficiency_pct,
  length,
}

/** Why an estimate may not be used; 0 when it may. */
export enum Why {
  Valid,
  /** Nothing has been found yet. */
  NotYet,
  /** A reading was missing, not a number, or at the end of its range. */
  BadData,
  /** The time between two samples was too long, or ran backwards. */
  Gap,
  /** The voltage answers a change of current the wrong way round. */
  Sign,
  /** Near the end of the discharge, where the model's voltage is steep. */
  Knee,
  /** The rest was too short, or the curve is too flat there, to find the state of charge. */
  NoAnchor,
  /** The charge of this cycle was not all counted. */
  Incomplete,
  /** What was found contradicts what was known; kept is what was known. */
  Contradiction,
}

/** Arrays indexed by `Estimated`. `sigma` is one standard deviation, in the unit of the value; `why` holds a `Why`. */
export interface Estimates {
  value: Float64Array;
  sigma: Float64Array;
  at_ms: Float64Array;
  why: Uint8Array;
}

/** Nothing is known yet: `Why.NotYet` for every quantity. */
export function createEstimates(): Estimates {
  const why = new Uint8Array(Estimated.length);
  why.fill(Why.NotYet);
  return {
    value: new Float64Array(Estimated.length),
    sigma: new Float64Array(Estimated.length),
    at_ms: new Float64Array(Estimated.length),
    why: why,
  };
}

/** Sets what is known of a quantity; from now on it may be used. @param at_ms when it was found */
export function publish(known: Estimates, what: Estimated, value: number, sigma: number, at_ms: number): void {
  known.value[what] = value;
  known.sigma[what] = sigma;
  known.at_ms[what] = at_ms;
  known.why[what] = Why.Valid;
}

/** Keeps the last value, which then tells its age, and says why there is no newer one. */
export function refuse(known: Estimates, what: Estimated, why: Why): void {
  if (known.why[what] !== Why.NotYet) known.why[what] = why;
}

/** The clock was set, by `by_ms`: ages stay what they are. */
export function shiftTimes(known: Estimates, by_ms: number): void {
  for (let what = 0; what < Estimated.length; what++) known.at_ms[what] += by_ms;
}

/** In words, as it is shown. */
export function whyText(why: Why): string {
  switch (why) {
    case Why.Valid:
      return 'valid';
    case Why.NotYet:
      return 'nothing found yet';
    case Why.BadData:
      return 'a reading is missing, not a number or out of range';
    case Why.Gap:
      return 'a gap in time';
    case Why.Sign:
      return 'voltage answers current the wrong way round';
    case Why.Knee:
      return 'near the end of the discharge';
    case Why.NoAnchor:
      return 'no rest that shows the state of charge';
    case Why.Incomplete:
      return 'the charge of this cycle was not all counted';
    default:
      return 'contradicts what is known';
  }
}
