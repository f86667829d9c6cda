/**
 * What the estimator must not forget over a reset: what it has learned of the cell, the inventory and the published estimates.
 * The cycle under way is lost: its charge is not known any more, and nothing is said until a rest has shown the state of charge.
 */
import { Estimated, Why } from './estimates';
import { type Estimator } from './estimator';
import { startUnknown } from './trust';
import { Lithium } from './inventory';
import { State } from './state';

const FORM = 2;
/** Where each part stands: form, cell, cycles; state, inventory; values, sigmas, times, reasons; the time of all this. */
const STATE_AT = 3;
const INVENTORY_AT = STATE_AT + State.length;
const VALUES_AT = INVENTORY_AT + Lithium.length;
const SIGMAS_AT = VALUES_AT + Estimated.length;
const TIMES_AT = SIGMAS_AT + Estimated.length;
const REASONS_AT = TIMES_AT + Estimated.length;
const NOW_AT = REASONS_AT + Estimated.length;
const LENGTH = NOW_AT + 1;

/** All of it as numbers. */
export function rememberEstimator(e: Estimator, now_ms: number): Float64Array {
  const kept = new Float64Array(LENGTH);
  const known = e.known;
  kept[0] = FORM;
  kept[1] = e.signature;
  kept[2] = e.cycles;
  kept.set(e.x, STATE_AT);
  kept.set(e.v, INVENTORY_AT);
  kept.set(known.value, VALUES_AT);
  kept.set(known.sigma, SIGMAS_AT);
  kept.set(known.at_ms, TIMES_AT);
  kept.set(known.why, REASONS_AT);
  kept[NOW_AT] = now_ms;
  return kept;
}

/**
 * Takes it over; ages go on, for clocks start anew.
 * @returns false, changing nothing, when it is another form or another cell's, or holds what is no number
 */
export function recallEstimator(e: Estimator, kept: Float64Array, now_ms: number): boolean {
  if (kept.length !== LENGTH || kept[0] !== FORM || kept[1] !== e.signature) return false;
  for (let k = 0; k < LENGTH; k++) if (!isFinite(kept[k])) return false;
  e.cycles = kept[2];
  for (let k = 0; k < State.length; k++) e.x[k] = kept[STATE_AT + k];
  for (let k = 0; k < Lithium.length; k++) e.v[k] = kept[INVENTORY_AT + k];
  const known = e.known;
  for (let what = 0; what < Estimated.length; what++) {
    known.value[what] = kept[VALUES_AT + what];
    known.sigma[what] = kept[SIGMAS_AT + what];
    known.at_ms[what] = now_ms - (kept[NOW_AT] - kept[TIMES_AT + what]);
    known.why[what] = kept[REASONS_AT + what];
  }
  // What was under way is not of the recalled cell.
  e.whole = false;
  startUnknown(e, Why.Gap, Infinity);
  return true;
}
