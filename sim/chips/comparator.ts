/**
 * A window comparator behind a noisy converter that repeats: when does the first conversion lie outside?
 *
 * Conversions are independent, so under constant input the number up to the first one outside is geometric: one random draw
 * tells what otherwise thousands of conversions would have to be drawn for.
 */
import type { Random } from '../random';

/** Noise beyond this many sigma is left out: 6e-16 of all conversions. */
const REACH_SIGMAS = 8;
/** A conversion nearer than this to its end has ended [s]. */
const ENDED_S = 1e-12;

export class Comparator {
  /** One conversion's length, and its end in the round of conversions that repeats [s]; length 0: off. */
  length_s = 0;
  end_s = 0;
  /** What lies below or above asserts; in the unit of the values, as is the noise of one conversion. */
  low = -Infinity;
  high = Infinity;
  sigma = 0;

  /** Between these, noise included, nothing asserts. */
  get calmLow(): number {
    return this.low + REACH_SIGMAS * this.sigma;
  }
  get calmHigh(): number {
    return this.high - REACH_SIGMAS * this.sigma;
  }

  /**
   * Time until the end of the first conversion outside, or Infinity when none is within `span_s` [s].
   * @param phase_s how far the round has come, of `round_s`
   * @param before the input before now, which a conversion under way has seen until now; `value` the input from now on
   */
  crossing_s(span_s: number, phase_s: number, round_s: number, before: number, value: number, random: Random): number {
    let first_s = this.ends_s(phase_s, round_s);
    if (first_s > span_s) return Infinity;
    const gathered = Math.max(0, 1 - first_s / this.length_s);
    if (gathered > 0) {
      if (random.uniform() < this.chance(before * gathered + value * (1 - gathered))) return first_s;
      first_s += round_s;
    }
    const crossing_s = first_s + round_s * (conversionsUntil(this.chance(value), random) - 1);
    return crossing_s > span_s ? Infinity : crossing_s;
  }

  /** Whether it was the upper limit that was crossed by one of these inputs. */
  isOver(before: number, value: number): boolean {
    const middle = (this.low + this.high) / 2;
    return (Math.abs(before - middle) > Math.abs(value - middle) ? before : value) > middle;
  }

  /** Time until the end of the next conversion; Infinity when the comparator is off. */
  ends_s(phase_s: number, round_s: number): number {
    if (this.length_s === 0) return Infinity;
    const ahead_s = this.end_s - phase_s;
    return ahead_s > ENDED_S ? ahead_s : ahead_s + round_s;
  }

  /** Chance that one conversion of this value lies outside. */
  private chance(value: number): number {
    return Math.min(1, chanceBelow(this.low, value, this.sigma) + chanceBelow(-this.high, -value, this.sigma));
  }
}

/** Chance that `value` with normal noise of `sigma` lies below `limit`. */
function chanceBelow(limit: number, value: number, sigma: number): number {
  const distance = value - limit;
  if (sigma === 0 || Math.abs(distance) > REACH_SIGMAS * sigma) return distance < 0 ? 1 : 0;
  return normalTail(distance / sigma);
}

/** Number of conversions up to and including the first outside, when each is with this chance; Infinity for 0. */
function conversionsUntil(chance: number, random: Random): number {
  if (chance <= 0) return Infinity;
  if (chance >= 1) return 1;
  const uniform = random.uniform() + 2 ** -33; // above 0, below 1
  return Math.ceil(Math.log(uniform) / Math.log1p(-chance));
}

/** Chance of a standard normal deviate above z, to 1.2e-7 of itself (Press et al., Numerical Recipes, section 6.2: erfcc). */
function normalTail(z: number): number {
  const x = Math.abs(z) * Math.SQRT1_2;
  const t = 1 / (1 + 0.5 * x);
  const series = SERIES.reduce((sum, factor) => sum * t + factor);
  const tail = 0.5 * t * Math.exp(series - x * x);
  return z > 0 ? tail : 1 - tail;
}
const SERIES = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
  -1.26551223,
];
