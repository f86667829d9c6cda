/**
 * What the steering keeps: its settings, what it has learned of this cell, and the set-point of the cycle with its reason.
 *
 *   rate.ts     the discharge rate: the stripping number held at its target
 *   learn.ts    where the top of the volcano lies on this cell, from the lithium it loses
 *   recover.ts  whether a tail or a rest after the discharge pays on this cell
 *   steer.ts    the order of these in a cycle
 */

/** What the user allows. Currents per cell, magnitudes. */
export interface SteerSettings {
  /** The rate where nothing better is known [mA]. */
  default_mA: number;
  /** The load's slowest and the safe fastest rate [mA]. */
  slowest_mA: number;
  fastest_mA: number;
  /** The longest that recovery may make a cycle [min]; below `LEAST_RECOVERY_MIN`: no recovery. */
  recovery_min: number;
  /** Slows down at the end of life: longer above 80 % of the first capacity, less power, lithium burnt faster. */
  taper: boolean;
}

/** Why the rate is what it is; each with a text in explain.ts. */
export enum Reason {
  None,
  /** The target is the model's, for this cell has shown nothing better yet. */
  Prior,
  /** The target is the cell's own, by the lithium that it lost at rates a little faster and slower. */
  Learned,
  /** A little faster or slower than the target, to learn from the difference. */
  Faster,
  Slower,
  /** The end of life is near and is put off. */
  Tapered,
  /** Clipped at the user's limits. */
  Slowest,
  Fastest,
  /** The estimator cannot say: the last rate, and after some cycles the default. */
  Held,
  Default,
}

/** What follows the main discharge to win lithium back. */
export enum Recovery {
  None,
  Tail,
  Rest,
}

/** The numbers, in one array that can be remembered over a reset. Lambda and its changes in mAh/cm2. */
export enum Steer {
  /** Limiting stripping current at 25 degC with the learned kappa [mA/cm2], smoothed; 0: not yet. */
  limit,
  /** Discharges planned; those in a row for which the estimator could not say. */
  planned,
  unknown,
  /** The last rate that an estimate stood behind [mA], and how much faster than at 25 degC the electrolyte was. */
  rate_mA,
  warm,
  /** Logarithm of the learned target over the model's, and its variance. */
  shift,
  variance,
  /** Trials: faster (1) or slower (-1), cycles done in the block, whole blocks in a row. */
  sign,
  inBlock,
  blocks,
  /** Lambda after the block's first cycle; its slopes in the last two blocks; after the last cycle, its last change, its scatter. */
  first,
  slope1,
  slope2,
  lambda,
  change,
  scatter,
  /** Recovery: what is tried or used, whether it is in use, cycles since it was, and lambda at the corners of the trial. */
  candidate,
  inUse,
  since,
  corner1,
  corner2,
  corner3,
  /** What it gave back when last tried, of what a cycle loses. */
  gain,
  /** When the last cycle ended, and how long it took [ms]. */
  at_ms,
  cycle_ms,
  /** First capacity at a slow rate [mAh] and the factor of the taper. */
  first_mAh,
  taper,
  length,
}

/** The state of the steering of one cell. `s` is indexed by `Steer`. */
export interface Steering {
  settings: SteerSettings;
  s: Float64Array;
  /** The set-point of the cycle under way. */
  rate_mA: number;
  reason: Reason;
  recovery: Recovery;
}

/** A priori the top is known so well (standard deviation of the logarithm of the target). */
export const PRIOR_SIGMA = 0.15;
/** In less time nothing is won back. */
const LEAST_RECOVERY_MIN = 5;
/** How near to the limit of the protection a rate may come. */
const SAFE_SHARE = 0.9;

/**
 * Begins at the default rate, with nothing learned. Rates of `settings` that come too near to the protection are lowered there.
 * @param most_mA beyond this the protection opens the switches: safety limits win over the settings
 */
export function createSteering(settings: SteerSettings, most_mA: number): Steering {
  settings.fastest_mA = Math.min(settings.fastest_mA, SAFE_SHARE * most_mA);
  settings.slowest_mA = Math.min(settings.slowest_mA, settings.fastest_mA);
  const s = new Float64Array(Steer.length);
  s[Steer.variance] = PRIOR_SIGMA * PRIOR_SIGMA;
  s[Steer.sign] = 1;
  s[Steer.taper] = 1;
  s[Steer.candidate] = settings.recovery_min < LEAST_RECOVERY_MIN ? Recovery.None : Recovery.Tail;
  return { settings: settings, s: s, rate_mA: settings.default_mA, reason: Reason.None, recovery: Recovery.None };
}
