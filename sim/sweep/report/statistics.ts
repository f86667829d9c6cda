/** What the report computes itself: confidence intervals, survival, regression on ranks, variance shares. */
import { normalQuantile } from '../sampling/spread';

/** Two-sided 95 %. */
const LEVEL = 0.975;

/** Quantile of Student's t at 97.5 % (Cornish and Fisher's expansion; within 0.5 % from 4 degrees of freedom on). */
export function t95(freedom: number): number {
  const z = normalQuantile(LEVEL);
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}

/** Half the width of the 95 % interval of a mean; null for fewer than five values. */
export const interval95 = (sd: number | null, n: number): number | null =>
  n < 5 || sd === null ? null : (t95(n - 1) * sd) / Math.sqrt(n);

/** Lives that ended (`died`) and lives that were still going on (`left`) at the same time, in order of time. */
export interface Deaths {
  time: number;
  died: number;
  left: number;
}

/** Kaplan and Meier's estimate of the share that lives longer than each time: those who left alive count until then. */
export function survival(deaths: readonly Deaths[]): { time: number; share: number }[] {
  let atRisk = deaths.reduce((sum, { died, left }) => sum + died + left, 0);
  let share = 1;
  const curve = [{ time: 0, share }];
  for (const { time, died, left } of deaths) {
    if (died > 0) {
      share *= 1 - died / atRisk;
      curve.push({ time, share });
    } else if (left > 0) curve.push({ time, share });
    atRisk -= died + left;
  }
  return curve;
}

/** The time that this share outlives; null where the curve ends above it. */
export const timeAt = (curve: readonly { time: number; share: number }[], share: number): number | null =>
  curve.find((point) => point.share <= share)?.time ?? null;

/**
 * Standardised regression coefficients from correlations: of the answer with each input (`withAnswer`) and of inputs among themselves.
 * @returns null where the inputs cannot be told apart; `r2`: share of the variance that they explain
 */
export function regression(
  among: readonly (readonly number[])[],
  withAnswer: readonly number[],
): { coefficients: number[]; r2: number } | null {
  const coefficients = solve(among, withAnswer);
  if (coefficients === null) return null;
  return { coefficients, r2: coefficients.reduce((sum, value, k) => sum + value * withAnswer[k]!, 0) };
}

/** Gauss with pivoting; null for a singular matrix. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const a = matrix.map((row, k) => [...row, right[k]!]);
  const n = a.length;
  for (let k = 0; k < n; k++) {
    const pivot = a.slice(k).reduce((best, row, at) => (Math.abs(row[k]!) > Math.abs(a[best]![k]!) ? at + k : best), k);
    [a[k], a[pivot]] = [a[pivot]!, a[k]!];
    if (!(Math.abs(a[k]![k]!) > 1e-12)) return null;
    for (let row = k + 1; row < n; row++) {
      const factor = a[row]![k]! / a[k]![k]!;
      for (let c = k; c <= n; c++) a[row]![c]! -= factor * a[k]![c]!;
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let k = n - 1; k >= 0; k--)
    x[k] = (a[k]![n]! - x.reduce((sum, value, c) => (c > k ? sum + value * a[k]![c]! : sum), 0)) / a[k]![k]!;
  return x;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function sdOf(values: readonly number[]): number {
  const m = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - m) ** 2, 0) / (values.length - 1));
}
