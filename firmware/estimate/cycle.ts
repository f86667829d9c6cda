/**
 * The course of a cycle as the current tells it: what begins and ends, the rests that anchor the state of charge, and the inventory
 * at the end.
 */
import { Parameter as M } from './cellModel';
import { Estimated, publish, refuse, Why, type Estimates } from './estimates';
import { Phase, Sum, type Estimator } from './estimator';
import { beginInterrupt } from './interrupt';
import { anchorLambda, chargeSigma, Lithium, splitLithium } from './inventory';
import { stateOfCharge } from './openCircuit';
import { Factor, saturation, State } from './polarization';
import { beginRest, endOfRest_V, restSigma_V } from './rest';

/** A rest this long anchors the state of charge... */
const ANCHOR_S = 120;
/** ...when it shows it as well as this. */
const ANCHOR_SIGMA = 0.05;
/** The cathode's lag below which it counts as rested: for comparing one cycle with the next. */
const RESTED = 0.01;
/** How near to its cut-off a charge or discharge must have come to count as whole [V]: the last moment is steep. */
const WHOLE_CHARGE_V = 0.01;
const WHOLE_DISCHARGE_V = 0.15;
/** Part of the nominal capacity that may have passed unseen before the state of charge counts as lost. */
const UNNOTICED = 0.01;
/** Variance of what the pools say of the active lithium; what a charge adds to it. */
export const POOLS_VARIANCE = 4e-4;
const CHARGE_VARIANCE = 0.0036;
/** Saturation at the end of a discharge above which the electrolyte has ended it. */
const ENDED_BY_TRANSPORT = 0.6;
/** Share of error in a charge and in a coulombic efficiency (in points). */
const CHARGE_SIGMA = 0.0015;
const EFFICIENCY_SIGMA = 0.02;
const CATHODE_SIGMA = 0.01;

/** The current begins, ends or turns round. */
export function changePhase(e: Estimator, phase: Phase, at_ms: number): void {
  const was = e.phase;
  const sum = e.sum;
  e.phase = phase;
  if (phase === Phase.Rest) {
    beginRest(e.rest);
    const again = was === Phase.Discharge && e.whole && e.before === Phase.Discharge;
    e.before = was;
    const last_V = sum[Sum.stepV];
    e.wholeStrip = last_V < e.dischargeTo_V + WHOLE_DISCHARGE_V;
    // A strip may end by time: the discharge before it was whole all the same.
    e.whole = was === Phase.Charge ? last_V > e.chargeTo_V - WHOLE_CHARGE_V : e.wholeStrip || again;
    const out = e.polarization;
    beginInterrupt(e.seen, e.x, e.ocv, last_V, out.etaConc_V, out.fast_V);
    if (was === Phase.Discharge && e.whole && !again) {
      sum[Sum.kneeActive] = e.x[State.A];
      // What the voltage says of the saturation, which the model reaches a little early or late.
      const w = saturation(out.etaConc_V - out.innovation_V, e.f[Factor.kap]);
      sum[Sum.kneeSaturation] = w;
      e.x[State.R] = e.x[State.A] * w * w;
    }
    return;
  }
  if (was !== Phase.Rest) {
    e.whole = false;
    return;
  }
  const emptied = e.before === Phase.Discharge && e.whole;
  if (emptied && phase === Phase.Discharge && sum[Sum.stripped] === 0) sum[Sum.stripped] = sum[Sum.sinceTop];
  if (e.rest.lasted_s >= ANCHOR_S) endRest(e, phase, at_ms);
  else if (emptied && phase === Phase.Charge) endCycle(e, at_ms, -1, 0);
}

/** The protocol's cycle is over, in the rest after its discharge: does the inventory without waiting for the next charge. */
export function closeCycle(e: Estimator, at_ms: number): void {
  if (e.phase !== Phase.Rest || e.before !== Phase.Discharge || !e.whole) return;
  if (e.rest.lasted_s >= ANCHOR_S) endRest(e, Phase.Charge, at_ms);
  else endCycle(e, at_ms, -1, 0);
  e.whole = false;
  beginRest(e.rest);
}

/** A rest that was long enough: the cathode's state of charge is known again. */
function endRest(e: Estimator, next: Phase, at_ms: number): void {
  const x = e.x;
  const v = e.v;
  const sum = e.sum;
  const end_V = endOfRest_V(e.rest, e.f[Factor.kap]);
  if (!(end_V > 0)) {
    if (next === Phase.Charge && e.before === Phase.Discharge && e.whole) endCycle(e, at_ms, -1, 0);
    return;
  }
  const s = stateOfCharge(e.ocv, end_V);
  const left_V = restSigma_V(e.rest, end_V);
  // What is left of the cathode's own lag cannot be told from the end of the rest when it is slow.
  const lag = e.spread * x[State.dl];
  const sigma = chargeSigma(e.ocv, s, Math.sqrt(e.curve_V * e.curve_V + left_V * left_V)) + (lag < 0 ? -lag : lag);
  if (sigma < ANCHOR_SIGMA) {
    x[State.s] = s;
    x[State.b] = 0;
    x[State.bb] = e.curve_V * e.curve_V;
    x[State.br] = x[State.bh] = 0;
    if (isLost(e)) {
      x[State.A] = activeAt(e, s);
      x[State.AA] = POOLS_VARIANCE + Math.pow(v[Lithium.cathode] * sigma, 2);
    }
    sum[Sum.lost] = 0;
    if (sum[Sum.distrust_s] > 0 && e.trouble !== Why.Sign) {
      sum[Sum.distrust_s] = 0;
      e.trouble = Why.Valid;
    }
  }
  if (e.before === Phase.Charge && e.whole) {
    v[Lithium.top] = sigma < ANCHOR_SIGMA ? s : -1;
    v[Lithium.topSigma] = sigma;
    x[State.AA] += CHARGE_VARIANCE;
    sum[Sum.sinceTop] = sum[Sum.stripped] = 0;
    e.counted = e.trouble === Why.Valid;
  } else if (e.before === Phase.Discharge && e.whole && next === Phase.Charge) endCycle(e, at_ms, s, sigma);
}

/** The cycle is over: inventory. `s` < 0: no rest has shown the state of charge. */
export function endCycle(e: Estimator, at_ms: number, s: number, sigma: number): void {
  const v = e.v;
  const x = e.x;
  const m = e.m;
  const sum = e.sum;
  const known = e.known;
  const area = e.area_cm2;
  e.cycles++;
  const main = sum[Sum.stripped] > 0 ? sum[Sum.stripped] : sum[Sum.sinceTop];
  const why = !e.counted
    ? Why.Incomplete
    : s < 0 || sigma > ANCHOR_SIGMA || v[Lithium.top] < 0
      ? Why.NoAnchor
      : Why.Valid;
  if (e.counted) {
    publish(known, Estimated.Capacity_mAh, main * area, CHARGE_SIGMA * main * area, at_ms);
    findActive(e);
  } else {
    refuse(known, Estimated.Capacity_mAh, Why.Incomplete);
    // A whole discharge leaves about as much as the one before.
    if (v[Lithium.active] > 0) x[State.A] = v[Lithium.active];
  }
  const ce_pct = (100 * sum[Sum.discharged]) / sum[Sum.charged];
  if (!(e.counted && e.balanced)) refuse(known, Estimated.CoulombicEfficiency_pct, Why.Incomplete);
  else if (sum[Sum.charged] > 0.5 * sum[Sum.discharged])
    publish(known, Estimated.CoulombicEfficiency_pct, ce_pct, EFFICIENCY_SIGMA, at_ms);
  v[Lithium.chargesKnown] = e.counted && e.balanced ? 1 : 0;
  v[Lithium.cycleCharged] = sum[Sum.charged];
  v[Lithium.cycleDischarged] = sum[Sum.discharged];
  const anchored = s >= 0 && sigma <= ANCHOR_SIGMA;
  // A cathode still far from rest differs from cycle to cycle by how it was discharged.
  const rested = Math.abs(x[State.dl]) < RESTED;
  v[Lithium.changeKnown] = anchored && rested && v[Lithium.bottom] >= 0 ? 1 : 0;
  v[Lithium.cycleChange] = v[Lithium.cathode] * (s - v[Lithium.bottom]);
  v[Lithium.bottom] = anchored && rested ? s : -1;
  if (why !== Why.Valid) refuseInventory(known, why);
  else if (!anchorLambda(v, m, s, sigma, sum[Sum.sinceTop], e.spread)) refuseInventory(known, Why.Contradiction);
  else {
    // What a slow strip has taken out was outside the cathode after the main discharge.
    v[Lithium.lambda] += sum[Sum.sinceTop] - main;
    const byKnee = sum[Sum.kneeActive];
    splitLithium(v, x, m, e.spread);
    if (sum[Sum.stripped] === 0) x[State.A] = Math.max(0.001, x[State.A] + v[Lithium.active] - byKnee);
    publishInventory(e, at_ms);
  }
  x[State.R] = Math.min(x[State.R], x[State.A]);
  sum[Sum.charged] = sum[Sum.discharged] = sum[Sum.stripped] = sum[Sum.sinceTop] = sum[Sum.lost] = 0;
  v[Lithium.top] = -1;
  e.counted = e.balanced = e.trouble === Why.Valid;
}

/** Active lithium after the main discharge: by a slow strip where there was one, else by the knee as strips have corrected it. */
function findActive(e: Estimator): void {
  const v = e.v;
  const sum = e.sum;
  const byKnee = sum[Sum.kneeActive];
  if (sum[Sum.stripped] > 0 && e.wholeStrip) {
    const found = e.x[State.A] + sum[Sum.sinceTop] - sum[Sum.stripped];
    const ratio = Math.max(0.3, Math.min(3, found / byKnee));
    v[Lithium.strips]++;
    v[Lithium.strip] += (v[Lithium.strips] > 1 ? 0.6 : 1) * (ratio - v[Lithium.strip]);
    v[Lithium.active] = found;
    v[Lithium.activeSigma] = 0.02;
  } else {
    v[Lithium.active] = byKnee * v[Lithium.strip];
    v[Lithium.activeSigma] = 0.02 + (v[Lithium.strips] > 0 ? 0.1 : 0.3) * v[Lithium.active];
  }
  v[Lithium.saturation] = sum[Sum.kneeSaturation];
}

function publishInventory(e: Estimator, at_ms: number): void {
  const v = e.v;
  const known = e.known;
  const area = e.area_cm2;
  // A discharge that the electrolyte has ended leaves all of it behind; one that the cathode has ended, what was saturated.
  const w = v[Lithium.saturation];
  const left = w > ENDED_BY_TRANSPORT ? 1 : w * w;
  publish(known, Estimated.Lambda_mAh, v[Lithium.lambda] * area, v[Lithium.lambdaSigma] * area, at_ms);
  publish(known, Estimated.Cathode_mAh, v[Lithium.cathode] * area, CATHODE_SIGMA * v[Lithium.cathode] * area, at_ms);
  publish(known, Estimated.Active_mAh, v[Lithium.active] * area, v[Lithium.activeSigma] * area, at_ms);
  publish(known, Estimated.Residual_mAh, v[Lithium.active] * left * area, v[Lithium.activeSigma] * area, at_ms);
  publish(known, Estimated.Isolated_mAh, v[Lithium.isolated] * area, v[Lithium.isolatedSigma] * area, at_ms);
  publish(known, Estimated.Dead_mAh, v[Lithium.dead] * area, v[Lithium.deadSigma] * area, at_ms);
  publish(known, Estimated.Sei_mAh, v[Lithium.sei] * area, v[Lithium.seiSigma] * area, at_ms);
}

function refuseInventory(known: Estimates, why: Why): void {
  for (let what = Estimated.Lambda_mAh; what <= Estimated.Sei_mAh; what++) refuse(known, what, why);
}

/** So much charge may have passed unseen that nothing can be learned before a rest has shown the state of charge. */
export function isLost(e: Estimator): boolean {
  return e.sum[Sum.lost] > UNNOTICED * e.m[M.Qn];
}

/** Lithium is only ever moved: what is neither in the cathode nor inactive is active. */
export function activeAt(e: Estimator, s: number): number {
  const x = e.x;
  const v = e.v;
  const outside = v[Lithium.newCathode] + e.m[M.Ainit] - v[Lithium.cathode] * (1 - s);
  return Math.max(0.001, outside - x[State.I] - x[State.D] - x[State.S]);
}
