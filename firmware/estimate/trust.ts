/**
 * What may be believed: samples that cannot be true, gaps, a current of the wrong sign; and how trust returns. What cannot be used is
 * left out, never replaced.
 */
import { Parameter as M } from './cellModel';
import { activeAt, findCharge, isLost, POOLS_VARIANCE } from './cycle';
import { finish } from './second';
import { Estimated, refuse, Why } from './estimates';
import { Phase, Stage, Sum, type Estimator } from './estimator';
import { chargeSigma, Lithium } from './inventory';
import { Factor, State } from './state';
import { beginRest } from './rest';

/** After a gap the electrolyte's state is unknown for this long. */
export const SETTLE_S = 600;
/** Wrong answers to changes of current until the sign is in doubt. */
const WRONG_SIGNS = 2;
/** One is enough when it is more than noise, and more than half of what the ohmic resistance alone gives. */
const NOISE_V = 0.002;
const CLEAR_V = 0.005;
/** A reversal of the current that the voltage answers with less than this part of that is none. */
const NO_ANSWER = 0.4;
/** Current that may flow while nobody looks, of 1C. */
const UNSEEN_C = 3;
/** Share of the overpotentials that the model may miss. */
const OVERPOTENTIAL_SHARE = 0.2;

/**
 * What cannot be used is left out; the charge of this cycle is then not known. A doubt about the sign stays until a step of
 * current has cleared it. @param lost_s over which any current may have flowed
 */
export function startUnknown(e: Estimator, trouble: Why, lost_s: number): void {
  const sum = e.sum;
  const x = e.x;
  const nominal = e.m[M.Qn];
  // What came before can be used.
  finish(e);
  if (e.phase === Phase.Rest && e.before === Phase.Discharge && e.whole) {
    sum[Sum.foundS] = -1;
    sum[Sum.stage] = Stage.Cycle;
    finish(e);
  }
  clearSecond(sum);
  if (e.trouble !== Why.Sign) e.trouble = trouble;
  e.counted = false;
  e.balanced = false;
  e.v[Lithium.top] = -1;
  e.whole = false;
  e.phase = Phase.Rest;
  e.before = Phase.Rest;
  beginRest(e.rest);
  sum[Sum.lastV] = 0;
  sum[Sum.distrust_s] = SETTLE_S;
  sum[Sum.lost] = Math.min(nominal, sum[Sum.lost] + (UNSEEN_C * nominal * lost_s) / 3600);
  x[State.AA] = Math.max(x[State.AA], sum[Sum.lost] * sum[Sum.lost]);
  refuse(e.known, Estimated.EtaConc_mV, e.trouble);
  refuse(e.known, Estimated.EtaFast_mV, e.trouble);
  refuse(e.known, Estimated.StateOfCharge_pct, e.trouble);
  refuse(e.known, Estimated.ToKnee_mAh, e.trouble);
}

/**
 * A step of current of the one sign moves the voltage the other way, or the sign is wrong; so it is when the current reverses and
 * the voltage does not care.
 */
export function checkSign(e: Estimator, from: number, to: number, answer_V: number): void {
  const sum = e.sum;
  const least_V = Math.abs(to - from) * e.f[Factor.ohm];
  sum[Sum.wayV] = 0;
  const right_V = to > from ? -answer_V : answer_V;
  const reversed = from * to < 0 && least_V > CLEAR_V && right_V < NO_ANSWER * least_V;
  if (reversed || right_V < -Math.max(CLEAR_V, 0.5 * least_V)) sum[Sum.wrongSigns] = WRONG_SIGNS;
  else if (Math.abs(answer_V) < NOISE_V) return;
  else if (right_V < 0) sum[Sum.wrongSigns]++;
  else {
    if (e.trouble === Why.Sign) e.trouble = Why.Gap;
    sum[Sum.wrongSigns] = 0;
  }
  if (sum[Sum.wrongSigns] >= WRONG_SIGNS) startUnknown(e, Why.Sign, Infinity);
}

/**
 * Last of a second's stages: time heals what a gap has done to the electrolyte. A voltage that has gone the wrong way meanwhile puts the sign in doubt; it is
 * trusted again when a step of current has shown it.
 */
export function settle(e: Estimator): void {
  const sum = e.sum;
  const voltage_V = sum[Sum.secondV];
  if (e.trouble === Why.Sign) return;
  sum[Sum.distrust_s] -= sum[Sum.second_s];
  if (sum[Sum.distrust_s] > 0) return;
  const rise_V = e.phase === Phase.Charge ? voltage_V - sum[Sum.wayV] : sum[Sum.wayV] - voltage_V;
  if (sum[Sum.wayV] > 0 && e.phase !== Phase.Rest && rise_V < -NOISE_V) {
    startUnknown(e, Why.Sign, Infinity);
    return;
  }
  if (!isLost(e)) e.trouble = Why.Valid;
  // Near the end of a discharge the model's overpotential says nothing.
  else if (e.polarization.knee) sum[Sum.distrust_s] = sum[Sum.second_s];
  else locate(e, Stage.Settled);
}

/**
 * The voltage, with the model's overpotentials added, says where the cell is: once a minute until the electrolyte has settled.
 * @param after the stage in which `located` is to be called
 */
export function locate(e: Estimator, after: Stage): void {
  const out = e.polarization;
  findCharge(e, e.sum[Sum.secondV] + out.etaConc_V + out.etaFast_V, after);
}

/** The search of `locate` is done: takes over the state of charge that it found, and the active lithium that goes with it. */
export function located(e: Estimator): void {
  const x = e.x;
  x[State.s] = e.sum[Sum.foundS] + x[State.dl];
  x[State.A] = activeAt(e, x[State.s]);
}

/** Where the cell is has been found after the electrolyte had settled. */
export function settled(e: Estimator): void {
  const x = e.x;
  const out = e.polarization;
  const missed_V = OVERPOTENTIAL_SHARE * (out.etaConc_V + out.etaFast_V);
  located(e);
  x[State.b] = x[State.br] = x[State.bh] = 0;
  x[State.bb] = e.curve_V * e.curve_V + missed_V * missed_V;
  const sigma = e.v[Lithium.cathode] * chargeSigma(e.ocv, x[State.s], Math.sqrt(x[State.bb]));
  x[State.AA] = Math.min(x[State.AA], sigma * sigma + POOLS_VARIANCE);
  e.trouble = Why.Valid;
}

/** Forgets the second under way. */
export function clearSecond(sum: Float64Array): void {
  sum[Sum.voltage] = sum[Sum.current] = sum[Sum.temperature] = sum[Sum.time] = sum[Sum.count] = 0;
}
