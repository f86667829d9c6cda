/**
 * The discharge rate of a cycle: the stripping number N = i / i_L is held at its target, so the rate follows the electrolyte, the
 * temperature and the age of the cell. No sweep of rates is needed to begin with.
 *
 * Voltage cannot tell i_L from kappa, the scale of the concentration overpotential; their product it can. So the target means N with
 * the learned kappa in the place of the model's: in other words a concentration overpotential.
 */
import { Parameter as M } from '../estimate/cellModel';
import { Why } from '../estimate/estimates';
import type { Estimator } from '../estimate/estimator';
import { inactive } from '../estimate/polarization';
import { Factor, State } from '../estimate/state';
import { isLearned, isLearning, restartTrials, TRIAL_SHARE } from './learn';
import { Reason, Steer, type Steering } from './steering';

/**
 * The stripping number at which a new cell loses least lithium, and the share by which it falls until a fifth of the nominal
 * capacity is inactive. Found on random cells of afl-l1 and afl-l2 under residue rule R0 (docs/steering.md).
 */
export const TARGET_N = 0.3;
const TARGET_FALL = 0.15;
/** What counts with a taper is what is discharged at the cell's own rate: its top lies a little lower. */
const TAPER_TARGET = 0.95;
const OLD_SHARE = 0.2;
/** Losses are compared while the electrolyte is as fast as before, within this share (some 4 K). */
const SAME_WARM = 0.1;
/** Share of the newest limiting current in the smoothed one. */
const NEWEST = 0.3;
/** Cycles for which the last rate is held when the estimator cannot say, before the default takes over. */
const HOLD_CYCLES = 5;
/** Standard deviation of the logarithm of i_L above which it does not count as known. */
const MOST_SIGMA = 0.35;

/** Rate and reason of the discharge that begins: first the limiting current. @returns false when it is not known: then both are set */
export function knowLimit(steering: Steering, e: Estimator): boolean {
  const s = steering.s;
  const x = e.x;
  const f = e.f;
  const limit = 1 / (f[Factor.n] * x[State.h] * x[State.k] * f[Factor.warm]);
  s[Steer.planned]++;
  if (e.trouble !== Why.Valid || !(limit > 0) || !isFinite(limit) || x[State.hh] > MOST_SIGMA * MOST_SIGMA) {
    s[Steer.unknown]++;
    restartTrials(s);
    const held = s[Steer.rate_mA] > 0 && s[Steer.unknown] <= HOLD_CYCLES;
    clip(steering, held ? s[Steer.rate_mA] : steering.settings.default_mA, held ? Reason.Held : Reason.Default);
    return false;
  }
  s[Steer.unknown] = 0;
  // The first discharge at a real rate tells most of it: what was known before does not count.
  const newest = s[Steer.planned] < 3 ? 1 : NEWEST;
  const warmer = f[Factor.warm] / s[Steer.warm];
  // Losses at another temperature cannot be compared.
  if (!(warmer > 1 - SAME_WARM && warmer < 1 + SAME_WARM)) restartTrials(s);
  s[Steer.warm] = f[Factor.warm];
  s[Steer.limit] += newest * (limit - s[Steer.limit]);
  return true;
}

/** Then the rate by the target... */
export function chooseRate(steering: Steering, e: Estimator): void {
  const s = steering.s;
  let old = inactive(e.m, e.x) / (OLD_SHARE * e.m[M.Qn]);
  old = old < 0 ? 0 : old < 1 ? old : 1;
  const target = TARGET_N * Math.exp(s[Steer.shift]) * (1 - TARGET_FALL * old) * s[Steer.taper];
  steering.rate_mA = target * s[Steer.limit] * s[Steer.warm] * e.area_cm2;
}

/** ...and a little faster or slower on trial, within what the user allows; and why. */
export function settleRate(steering: Steering): void {
  const s = steering.s;
  let wish_mA = steering.rate_mA;
  let reason = isLearned(s) ? Reason.Learned : Reason.Prior;
  if (steering.settings.taper) wish_mA *= TAPER_TARGET;
  if (s[Steer.taper] < 1) reason = Reason.Tapered;
  else if (isLearning(s)) {
    wish_mA *= 1 + s[Steer.sign] * TRIAL_SHARE;
    reason = s[Steer.sign] > 0 ? Reason.Faster : Reason.Slower;
  }
  clip(steering, wish_mA, reason);
  s[Steer.rate_mA] = steering.rate_mA;
}

function clip(steering: Steering, wish_mA: number, reason: Reason): void {
  const settings = steering.settings;
  steering.rate_mA = Math.max(settings.slowest_mA, Math.min(settings.fastest_mA, wish_mA));
  steering.reason =
    wish_mA > settings.fastest_mA ? Reason.Fastest : wish_mA < settings.slowest_mA ? Reason.Slowest : reason;
}
