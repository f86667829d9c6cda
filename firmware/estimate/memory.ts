/**
 * What the estimator must not forget over a reset: what it has learned of the cell, the inventory and the published estimates.
 * The cycle under way is lost: its charge is not known any more, and nothing is said until a rest has shown the state of charge.
 */
import { Estimated, Why } from './estimates';
import { type Estimator } from './estimator';
import { startUnknown } from './trust';
import { Lithium } from './inventory';
import { State } from './polarization';

const FORM = 1;
const HEAD = 3;
const LENGTH = HEAD + State.length + Lithium.length + 4 * Estimated.length;

/** All of it as numbers. Times are kept as ages: clocks start anew. */
export function rememberEstimator(e: Estimator, now_ms: number): Float64Array {
  const kept = new Float64Array(LENGTH);
  kept[0] = FORM;
  kept[1] = signature(e);
  kept[2] = e.cycles;
  let at = HEAD;
  kept.set(e.x, at);
  at += State.length;
  kept.set(e.v, at);
  at += Lithium.length;
  const known = e.known;
  for (let what = 0; what < Estimated.length; what++) {
    kept[at++] = known.value[what];
    kept[at++] = known.sigma[what];
    kept[at++] = now_ms - known.at_ms[what];
    kept[at++] = known.why[what];
  }
  return kept;
}

/** Takes it over. @returns false, changing nothing, when it is another form or another cell's, or holds what is no number */
export function recallEstimator(e: Estimator, kept: Float64Array, now_ms: number): boolean {
  if (kept.length !== LENGTH || kept[0] !== FORM || kept[1] !== signature(e)) return false;
  for (let k = 0; k < LENGTH; k++) if (!isFinite(kept[k])) return false;
  e.cycles = kept[2];
  let at = HEAD;
  for (let k = 0; k < State.length; k++) e.x[k] = kept[at++];
  for (let k = 0; k < Lithium.length; k++) e.v[k] = kept[at++];
  const known = e.known;
  for (let what = 0; what < Estimated.length; what++) {
    known.value[what] = kept[at++];
    known.sigma[what] = kept[at++];
    known.at_ms[what] = now_ms - kept[at++];
    known.why[what] = kept[at++];
  }
  // What was under way is not of the recalled cell.
  e.whole = false;
  startUnknown(e, Why.Gap, Infinity);
  return true;
}

/** Tells one cell model from another. */
function signature(e: Estimator): number {
  let sum = 0;
  for (let k = 0; k < e.m.length; k++) sum += e.m[k] * (k + 1);
  for (let k = 0; k < e.ocv.length; k++) sum += e.ocv[k] * (k + 50);
  return sum;
}
