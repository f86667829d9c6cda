/** Running sums of an estimate's errors, which add up over runs. */

export interface ErrorSums {
  /** Weight: seconds or cycles in which there was an estimate. */
  n: number;
  error: number;
  square: number;
  /** In which the truth lay in the stated 95 % interval. */
  covered: number;
  /** In which there was none, though there should have been. */
  refused: number;
  /** Of the truth, over all of them. */
  truth: number;
}

/** 95 % of a normal distribution lie within these many standard deviations. */
const INTERVAL_SIGMAS = 1.96;

export const noErrors = (): ErrorSums => ({ n: 0, error: 0, square: 0, covered: 0, refused: 0, truth: 0 });

export function addError(sums: ErrorSums, estimate: number, sigma: number, truth: number, weight = 1): void {
  const error = estimate - truth;
  sums.n += weight;
  sums.error += weight * error;
  sums.square += weight * error * error;
  if (Math.abs(error) <= INTERVAL_SIGMAS * sigma) sums.covered += weight;
  sums.truth += weight * truth;
}

export function addRefusal(sums: ErrorSums, truth: number, weight = 1): void {
  sums.refused += weight;
  sums.truth += weight * truth;
}

export function total(parts: readonly ErrorSums[]): ErrorSums {
  const all = noErrors();
  for (const part of parts) for (const key of Object.keys(all) as (keyof ErrorSums)[]) all[key] += part[key];
  return all;
}

/** NaN where there was no estimate. */
export const rms = ({ n, square }: ErrorSums): number => Math.sqrt(square / n);
export const bias = ({ n, error }: ErrorSums): number => error / n;
export const coverage_pct = ({ n, covered }: ErrorSums): number => (100 * covered) / n;
export const refused_pct = ({ n, refused }: ErrorSums): number => (100 * refused) / (n + refused);
export const meanTruth = ({ n, refused, truth }: ErrorSums): number => truth / (n + refused);
