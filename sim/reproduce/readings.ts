/** How the papers' numbers are read from an experiment. */
import { lifeAt } from '../campaign/summary';
import type { Cycling } from './lab';

/** Cycles, interpolated, until the discharge is below `share` of the first one at 0.2C; NaN when not within the test. */
export const lifespan_cycles = (test: Cycling, share = 0.8): number =>
  lifeAt(test.discharge_mAh_cm2, share * test.reference_mAh_cm2) ?? NaN;

/** Discharge of cycle `n` over that of the first cycle at the same rate [%]; NaN when the test ended before. */
export const retention_pct = (test: Cycling, n: number): number =>
  (100 * (test.discharge_mAh_cm2[n - 1] ?? NaN)) / test.discharge_mAh_cm2[0]!;

/** Mean coulombic efficiency of the first `n` cycles [%]. */
export const meanCe_pct = (test: Cycling, n: number): number =>
  mean(test.discharge_mAh_cm2.slice(0, n).map((discharge, k) => (100 * discharge) / test.charge_mAh_cm2[k]!));

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** That of `settings` for which `measure` is largest. */
export function best(settings: readonly number[], measure: (setting: number) => number): number {
  const values = settings.map(measure);
  return settings[values.indexOf(Math.max(...values))]!;
}
