/** What a burst under way shows of the stripping number, and what it teaches once it is over. */
import { Parameter as M } from '../estimate/cellModel';
import { Sum, type Estimator } from '../estimate/estimator';
import { Lithium } from '../estimate/inventory';
import { saturation } from '../estimate/polarization';
import { Factor, State } from '../estimate/state';
import { FIRST_SIGMA, Foreseen, LEAST_ACTIVE, Run, SEEN_SIGMA, type Forecast } from './foreseen';

/** What the log standard deviation of the scale grows by from burst to burst, and by each part that the saturation stayed below 1. */
const DRIFT_SIGMA = 0.03;
const UNSATURATED_SIGMA = 0.1;
/** A scale beyond this or its inverse is no scale. */
const LEAST_SCALE = 0.2;
/** A burst begun above this state of charge teaches nothing: there the estimator knows the resistance least. */
const FRESH = 0.85;

/**
 * In a burst, every other second: what the voltage says of the saturation over what the model makes of it, by the numbers known when
 * it began.
 */
export function watchBurst(f: Forecast, e: Estimator): void {
  const run = f.run;
  const x = e.x;
  const factors = e.f;
  const m = e.m;
  const cathode = e.v[Lithium.cathode] * e.v[Lithium.ratio];
  if (run[Run.h] === 0) {
    run[Run.h] = x[State.h];
    run[Run.rho] = x[State.rho];
    run[Run.began] = x[State.s];
    run[Run.seen] = run[Run.w] = run[Run.forced1] = run[Run.forced2] = 0;
    run[Run.offset] = x[State.A] - cathode * x[State.s];
    run[Run.free1] = x[State.w1];
    run[Run.free2] = x[State.w2];
    return;
  }
  // Not the estimator's own, which near the end of a discharge takes up what the scale is to learn.
  const A = Math.max(LEAST_ACTIVE, run[Run.offset] + cathode * x[State.s]);
  const N = (e.sum[Sum.meanI] * factors[Factor.n] * run[Run.h]) / Math.pow(A / (A + m[M.ah]), m[M.mA]);
  const slow = m[M.g1] * N;
  // Two seconds of each mode.
  let k = factors[Factor.k1] * (2 - factors[Factor.k1]);
  run[Run.free1] -= k * run[Run.free1];
  run[Run.forced1] += k * (slow - run[Run.forced1]);
  k = factors[Factor.k2] * (2 - factors[Factor.k2]);
  run[Run.free2] -= k * run[Run.free2];
  run[Run.forced2] += k * (N - slow - run[Run.forced2]);
  const out = e.polarization;
  const eta_V = out.etaConc_V + out.etaFast_V - out.innovation_V - run[Run.rho] * out.fast_V;
  const w = saturation(eta_V, factors[Factor.kap]);
  run[Run.w] = w;
  run[Run.seen] = (w - run[Run.free1] - run[Run.free2]) / (run[Run.forced1] + run[Run.forced2]);
}

/** After a burst: what it teaches. */
export function learnBurst(f: Forecast, e: Estimator): void {
  const run = f.run;
  const value = f.value;
  const h = run[Run.h];
  const seen = run[Run.seen];
  run[Run.h] = 0;
  if (run[Run.began] > FRESH || !(seen > LEAST_SCALE && seen < 1 / LEAST_SCALE)) return;
  // What a burst shows wrongly the next one does too: a better one replaces, no number of them averages. Bad news counts at once.
  const w = run[Run.w];
  const sigma = SEEN_SIGMA + UNSATURATED_SIGMA * (1 - w);
  const before = value[Foreseen.ScaleSigma] * value[Foreseen.ScaleSigma] + DRIFT_SIGMA * DRIFT_SIGMA;
  const after = Math.min(before, sigma * sigma);
  let gain = 1 - after / before;
  if (seen > value[Foreseen.Scale]) gain = Math.max(gain, w);
  value[Foreseen.Scale] *= Math.pow(seen / value[Foreseen.Scale], gain);
  value[Foreseen.ScaleSigma] = Math.min(FIRST_SIGMA, Math.sqrt(after));
  run[Run.learnedH] = h;
  run[Run.learnedOffset] = run[Run.offset];
  run[Run.learnedOf] = e.x[State.k] + e.x[State.pace];
}
