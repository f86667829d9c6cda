/**
 * What landings have shown. Missions repeat: the voltage at the end of the last landings, and how fast it falls from one to the next,
 * say more of the coming one than a model that is off by a fifth, near the limiting current most of all. Holds for a landing that begins
 * as the recorded ones did; for any other the model must do (forecast.ts).
 */
import { Sum, type Estimator } from '../estimate/estimator';
import { Factor, State } from '../estimate/state';

/** One array per cell. */
export enum Landing {
  /** Landings recorded in a row that began alike. */
  count,
  /** How the last one began: power, duration, the cathode's state of charge, temperature (as the electrolyte's speed), pace of the cruise. */
  power_mW,
  time_s,
  s,
  warm,
  pace,
  /** Voltage at its end, how much lower than the one before that is, and the same of the one before. */
  end_V,
  fall_V,
  before_V,
  /** By how much the model missed the voltage in this flight's other bursts, the worst of them; -1: there was none. */
  missed_V,
  /** Of the coming one: voltage expected at its end, and one standard deviation. */
  expected_V,
  sigma_V,
  length,
}

/** Alike: state of charge and temperature within these, powers and times within a hundredth. */
const LIKE_S = 0.006;
const LIKE_WARM = 0.03;
const LIKE = 0.01;
/** From one landing to the next the fall grows by at most this; so much while only one fall is known. */
const MOST_GROWTH = 2.5;
const USUAL_GROWTH = 1.3;
/** By how much the second landing may end lower than the first. */
const FIRST_FALL_V = 0.06;
/** A burst of at least this part of the landing's power shows whether the model holds there, and does when it misses no more than this. */
const BURST_PART = 0.5;
const MODEL_MISS_V = 0.02;
/** Standard deviation: of a reading, and of the expected fall as a part of it. */
const READING_V = 0.002;
const FALL_SIGMA = 0.25;
/** 99 % of a normal distribution lie above its mean less so many standard deviations. */
const LANDING_SIGMAS = 2.33;

/** Numbers of `Landing`, none recorded yet. */
export function createLandings(): Float64Array {
  return new Float64Array(Landing.length);
}

/** Before take-off. */
export function beginFlight(r: Float64Array): void {
  r[Landing.missed_V] = -1;
}

/** Every second of the flight before the landing, after the estimator. @param part power over that of the landing */
export function watchBurst(r: Float64Array, e: Estimator, part: number): void {
  const missed_V = Math.abs(e.polarization.innovation_V);
  if (part >= BURST_PART && missed_V > r[Landing.missed_V]) r[Landing.missed_V] = missed_V;
}

/** Whether this flight's bursts went as the model has them: then it may be believed of a landing that nothing is recorded of. */
export function modelHolds(r: Float64Array): boolean {
  return r[Landing.missed_V] >= 0 && r[Landing.missed_V] < MODEL_MISS_V;
}

/**
 * Before a landing: fills in what is expected of it. @param pace part of the planned power that the cruise ends at
 * @returns whether the record holds for it
 */
export function expectLanding(r: Float64Array, e: Estimator, power_mW: number, time_s: number, pace: number): boolean {
  const s = e.x[State.s];
  const warm = e.f[Factor.warm];
  const alike =
    Math.abs(power_mW / r[Landing.power_mW] - 1) < LIKE &&
    Math.abs(time_s / r[Landing.time_s] - 1) < LIKE &&
    Math.abs(s - r[Landing.s]) < LIKE_S &&
    Math.abs(warm / r[Landing.warm] - 1) < LIKE_WARM &&
    Math.abs(pace - r[Landing.pace]) < 2 * LIKE;
  if (!alike) r[Landing.count] = 0;
  r[Landing.power_mW] = power_mW;
  r[Landing.time_s] = time_s;
  r[Landing.s] = s;
  r[Landing.warm] = warm;
  r[Landing.pace] = pace;
  if (r[Landing.count] === 0) return false;
  const fall_V = r[Landing.fall_V];
  const before_V = r[Landing.before_V];
  // A fall that is lost in the noise does not grow.
  const growth = before_V > READING_V ? Math.max(1, Math.min(MOST_GROWTH, fall_V / before_V)) : USUAL_GROWTH;
  const next_V = r[Landing.count] > 1 ? growth * Math.max(0, fall_V) : FIRST_FALL_V;
  r[Landing.expected_V] = r[Landing.end_V] - next_V;
  r[Landing.sigma_V] = READING_V + FALL_SIGMA * next_V;
  return true;
}

/** At the end of a landing that was flown. */
export function recordLanding(r: Float64Array, e: Estimator): void {
  const end_V = e.sum[Sum.lastV];
  r[Landing.before_V] = r[Landing.count] > 1 ? r[Landing.fall_V] : 0;
  r[Landing.fall_V] = r[Landing.count] > 0 ? r[Landing.end_V] - end_V : 0;
  r[Landing.end_V] = end_V;
  r[Landing.count]++;
}

/** Whether the coming landing ends above the cut-off: 1 surely, -1 surely not, 0 open (99 % one-sided). */
export function landingShown(r: Float64Array, e: Estimator): number {
  const room_V = r[Landing.expected_V] - e.dischargeTo_V;
  const bound_V = LANDING_SIGMAS * r[Landing.sigma_V];
  return room_V > bound_V ? 1 : room_V < -bound_V ? -1 : 0;
}
