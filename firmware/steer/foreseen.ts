/** What a forecast holds (forecast.ts). */
import { Why } from '../estimate/estimates';

/** What is foreseen. A time of 0 whose run began at 0 ms: nothing yet, or nothing any more. */
export enum Foreseen {
  /** Until a limit at the present power [s], one standard deviation, and which `Limit`; counted from `at_ms`. */
  SecondsLeft_s,
  SecondsLeftSigma_s,
  LimitedBy,
  /** The same for the burst if it began at `burstAt_ms`; no more than 1.4 times what was asked, with Limit.None. */
  BurstLasts_s,
  BurstLastsSigma_s,
  BurstLimitedBy,
  /** When the two runs began [ms]: at most half a minute ago. */
  at_ms,
  burstAt_ms,
  /** Stripping number found in bursts over the estimator's, and the standard deviation of its logarithm. */
  Scale,
  ScaleSigma,
  length,
}

/** The run ahead that is under way. Per cm2; the limits are those it runs into. */
export enum Run {
  burst,
  power,
  steps,
  time_s,
  longest_s,
  least_V,
  began_ms,
  w1,
  w2,
  /** What is left of the saturation that it began with. */
  free,
  lag,
  A,
  s,
  voltage_V,
  fall_V,
  /** Fast overpotential per current density [V cm2/mA]. */
  fast,
  /** Stripping number per current density with the whole area accessible. Share by which less is promised, standard deviation of the active lithium. */
  demand,
  doubt,
  sigmaA,
  /** Longest step; the cathode's capacity, time constants of the electrolyte. */
  most_s,
  cathode,
  tau1,
  tau2,
  /** How much saturation was left before the last step; the least, and when that came to its end (-1: not yet). */
  room,
  leastRoom,
  least_s,
  /** The burst asked for: power [mW/cm2] and duration. */
  asked,
  asked_s,
  /** Power of now that the forecast is for. */
  present,
  /** Whether this second was for watching. */
  watch,
  /** Of the burst under way, 0: none: the estimator's h, rho, state of charge and active less the cathode's lithium at its beginning. */
  h,
  rho,
  began,
  offset,
  /** Both modes of the saturation: what is left of the beginning's, and what the burst has made by the model. */
  free1,
  free2,
  forced1,
  forced2,
  /** The saturation by the voltage; what it makes of the scale. */
  w,
  seen,
  /** What the scale was learned with: h, the same lithium, and kappa's scale and the pace together; 0: not learned. */
  learnedH,
  learnedOffset,
  learnedOf,
  length,
}

/** A forecast: `value` is indexed by `Foreseen`, `run` is the run ahead under way. `why`: whether it may be used, or why not. */
export interface Forecast {
  value: Float64Array;
  run: Float64Array;
  why: Why;
}

/** Log standard deviation of the scale before any burst, and how well one shows it that reaches saturation. */
export const FIRST_SIGMA = 0.23;
export const SEEN_SIGMA = 0.035;
/** Less active lithium than this is taken as this [mAh/cm2]. */
export const LEAST_ACTIVE = 0.001;

/** Nothing is foreseen yet, and no burst has taught anything. */
export function createForecast(): Forecast {
  const value = new Float64Array(Foreseen.length);
  value[Foreseen.Scale] = 1;
  value[Foreseen.ScaleSigma] = FIRST_SIGMA;
  return { value: value, run: new Float64Array(Run.length), why: Why.NotYet };
}
