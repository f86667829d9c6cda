/**
 * The current monitor's zero: what it reads while both switches are open and no current can flow. A milliampere of it would be a
 * tenth of a cycle's lost lithium, so it is measured again in every rest.
 */
export interface CurrentZero {
  /** Subtracted from every reading [mA], discharge positive, and its standard deviation. */
  zero_mA: number;
  sigma_mA: number;
  /** When it was found; -1: never. */
  at_ms: number;
  sum_mA: number;
  squares_mA2: number;
  count: number;
  beganAt_ms: number;
}

/** A mean over at least this long... */
const SPAN_MS = 60000;
/** ...and of at least this many readings, whatever the clock says... */
const LEAST_COUNT = 10;
/** ...beginning this long after the switches opened. */
const SETTLE_MS = 2000;
/** A larger offset than this share of the monitor's range is a fault, not an offset. */
export const LARGEST_SHARE = 0.002;

/** Nothing measured yet: a zero of 0 mA. */
export function createCurrentZero(): CurrentZero {
  return { zero_mA: 0, sigma_mA: 0, at_ms: -1, sum_mA: 0, squares_mA2: 0, count: 0, beganAt_ms: -1 };
}

/** One fresh reading. @param openSince_ms when the switches opened; -1 while one is closed */
export function watchZero(
  zero: CurrentZero,
  reading_mA: number,
  openSince_ms: number,
  range_mA: number,
  now_ms: number,
): void {
  if (openSince_ms < 0 || now_ms - openSince_ms < SETTLE_MS) {
    zero.count = 0;
    return;
  }
  if (!(reading_mA < LARGEST_SHARE * range_mA && reading_mA > -LARGEST_SHARE * range_mA)) {
    zero.count = 0;
    return;
  }
  if (zero.count === 0 || now_ms < zero.beganAt_ms) {
    zero.count = 0;
    zero.sum_mA = 0;
    zero.squares_mA2 = 0;
    zero.beganAt_ms = now_ms;
  }
  zero.count++;
  zero.sum_mA += reading_mA;
  zero.squares_mA2 += reading_mA * reading_mA;
  if (now_ms - zero.beganAt_ms < SPAN_MS || zero.count < LEAST_COUNT) return;
  const mean_mA = zero.sum_mA / zero.count;
  const variance = Math.max(0, zero.squares_mA2 / zero.count - mean_mA * mean_mA);
  zero.zero_mA = mean_mA;
  zero.sigma_mA = Math.sqrt(variance / zero.count);
  zero.at_ms = now_ms;
  zero.count = 0;
}
