/**
 * Where the top of the volcano lies on this cell: blocks of cycles run in turn a little faster and slower than the target, and the
 * lithium that is lost in each is compared with that of the blocks before and after it. Lambda, all lithium outside the cathode, is
 * measured at rest in every cycle and repeats far better than it is known absolutely: differences are what is used.
 *
 * A block's first cycle is left out: with the rate, what a discharge leaves behind changes once.
 */
import { Parameter as M } from '../estimate/cellModel';
import { PRIOR_SIGMA, Reason, Recovery, Steer, type Steering } from './steering';

/** Discharges before the first block. */
export const SETTLING = 3;
const BLOCK = 3;
/** Length of a trial of recovery. */
const TRIAL_CYCLES = 7;
/** How far the trials go from the target. */
export const TRIAL_SHARE = 0.08;
/**
 * How much, in per cent, the loss of a cycle rises for one per cent of rate where the whole life is longest. It is not 0: what a
 * faster rate costs is lost at once, what it saves comes back over the next ten cycles. And by how much that rises for one unit of the
 * logarithm of the rate. Both found as the target was, on afl-l1 under R0 (docs/steering.md).
 */
const RISE_AT_TOP = 1.4;
const RISE_SLOPE = 7.8;
/** How well one comparison tells the top, apart from the scatter of lambda; when it is known so well, the trials end. */
const COMPARISON_SIGMA = 0.12;
const ENOUGH_SIGMA = 0.05;
/** The target stays within this (logarithm) of the model's. */
const MOST_SHIFT = 0.288;
/** The scatter of lambda is not believed to be less than this share of the nominal capacity. */
const LEAST_SCATTER = 1e-4;
const NEWEST_SCATTER = 0.2;

/** Trials are on until enough is known; not while lithium is won back, where the loss hardly depends on the rate. */
export function isLearning(s: Float64Array): boolean {
  return (
    s[Steer.planned] > SETTLING &&
    s[Steer.candidate] === Recovery.None &&
    s[Steer.taper] === 1 &&
    s[Steer.variance] > ENOUGH_SIGMA * ENOUGH_SIGMA
  );
}

/** What comes is not comparable with what was: the temperature or the protocol is another one, or nothing was measured. */
export function restartTrials(s: Float64Array): void {
  s[Steer.inBlock] = s[Steer.blocks] = 0;
  if (s[Steer.since] < TRIAL_CYCLES) s[Steer.since] = 0;
}

/** After a cycle that began and ended with a measured lambda. */
export function learnRate(steering: Steering, m: Float64Array, lambda: number): void {
  const s = steering.s;
  if (!isLearning(s)) return;
  if (steering.reason !== Reason.Faster && steering.reason !== Reason.Slower) {
    s[Steer.inBlock] = s[Steer.blocks] = 0;
    return;
  }
  s[Steer.inBlock]++;
  const change = lambda - s[Steer.lambda];
  if (s[Steer.inBlock] === 1) s[Steer.first] = lambda;
  // The change of a change has three times the variance of a change.
  else if (s[Steer.inBlock] > 2)
    s[Steer.scatter] += NEWEST_SCATTER * (Math.pow(change - s[Steer.change], 2) / 3 - s[Steer.scatter]);
  s[Steer.change] = change;
  if (s[Steer.inBlock] < BLOCK) return;
  const slope = (lambda - s[Steer.first]) / (BLOCK - 1);
  s[Steer.blocks]++;
  if (s[Steer.blocks] > 2) compare(s, m, (slope + s[Steer.slope2]) / 2);
  s[Steer.slope2] = s[Steer.slope1];
  s[Steer.slope1] = slope;
  s[Steer.sign] = -s[Steer.sign];
  s[Steer.inBlock] = 0;
}

/** The middle one of three blocks with those around it, whose mean loss is `around`. */
function compare(s: Float64Array, m: Float64Array, around: number): void {
  const middle = s[Steer.slope1];
  const loss = (middle + around) / 2;
  if (!(loss > 0)) return;
  const perShare = 1 / (2 * TRIAL_SHARE * loss);
  const rise = s[Steer.sign] * (around - middle) * perShare;
  const scatter = Math.max(Math.sqrt(s[Steer.scatter]), LEAST_SCATTER * m[M.Qn]);
  const blurred = ((1.2 * scatter) / (BLOCK - 1)) * (perShare / RISE_SLOPE);
  const gain = s[Steer.variance] / (s[Steer.variance] + COMPARISON_SIGMA * COMPARISON_SIGMA + blurred * blurred);
  const shift = s[Steer.shift] + (gain * (RISE_AT_TOP - rise)) / RISE_SLOPE;
  s[Steer.shift] = Math.max(-MOST_SHIFT, Math.min(MOST_SHIFT, shift));
  s[Steer.variance] *= 1 - gain;
}

/** Whether the target is the cell's own by now. */
export function isLearned(s: Float64Array): boolean {
  return s[Steer.variance] < PRIOR_SIGMA * PRIOR_SIGMA;
}
