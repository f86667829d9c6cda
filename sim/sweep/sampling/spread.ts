/** How a sampled number is spread: from a coordinate of the unit cube to its value. */
export type Spread =
  { from: number; to: number; log?: boolean | undefined } | { mean: number; sd: number; log?: boolean | undefined };

/** Beyond so many standard deviations a normal value is cut off. */
const MOST_SD = 3.7;

/**
 * `from`, `to`: uniform between them, or uniform in its logarithm. `mean`, `sd`: normal; with `log`, log-normal with this median and
 * with `sd` as the standard deviation of the logarithm.
 * @param u within 0 to 1
 */
export function valueAt(spread: Spread, u: number): number {
  if ('from' in spread) {
    const { from, to, log } = spread;
    return log ? from * (to / from) ** u : from + (to - from) * u;
  }
  const { mean, sd, log } = spread;
  const z = Math.min(MOST_SD, Math.max(-MOST_SD, normalQuantile(u)));
  return log ? mean * Math.exp(sd * z) : mean + sd * z;
}

/** The least and largest value that can come. */
export const limitsOf = (spread: Spread): [number, number] => [valueAt(spread, 0), valueAt(spread, 1)];

/** Quantile of the normal distribution (Acklam's rational approximation, relative error below 1.2e-9). */
export function normalQuantile(p: number): number {
  if (p <= 0) return -Infinity;
  if (p >= 1) return Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return (
      polynomial(
        [
          -7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
          2.938163982698783,
        ],
        q,
      ) / polynomial([7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1], q)
    );
  }
  const q = p - 0.5;
  const r = q * q;
  return (
    (q *
      polynomial(
        [
          -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
          2.506628277459239,
        ],
        r,
      )) /
    polynomial([-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1], r)
  );
}

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
