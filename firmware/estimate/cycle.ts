/**
 * The course of a cycle as the current tells it: what begins and ends, the rests that anchor the state of charge, and the inventory
 * at the end.
 */
import { Parameter as M } from './cellModel';
import { Estimated, publish, refuse, Why } from './estimates';
import { Phase, Stage, Sum, type Estimator } from './estimator';
import { beginInterrupt } from './interrupt';
import {
  anchorLambda,
  chargeSigma,
  Lithium,
  measureCathode,
  moveLithium,
  narrowLithium,
  weighLithium,
} from './inventory';
import { beginCharge, searchCharge } from './openCircuit';
import { saturation } from './polarization';
import { Factor, State } from './state';
import { beginRest, endOfRest_V, restSigma_V, Search, searchEnd_V } from './rest';

/** A rest this long anchors the state of charge... */
export const ANCHOR_S = 120;
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

/** The current begins, ends or turns round. The end of a long rest, and of a cycle, is work of its own. */
export function changePhase(e: Estimator, phase: Phase): void {
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
  if (e.before === Phase.Discharge && e.whole && phase === Phase.Discharge && sum[Sum.stripped] === 0)
    sum[Sum.stripped] = sum[Sum.sinceTop];
  endRest(e);
}

/**
 * The protocol's cycle is over, in the rest after its discharge: the inventory is to be done without waiting for the next charge, in
 * stages, when what is under way is done. `closing` until it is.
 */
export function closeCycle(e: Estimator): void {
  e.closing = true;
  if (e.sum[Sum.stage] === Stage.Idle) e.sum[Sum.stage] = Stage.Close;
}

/** One stage of the end of a rest, or the first of `closeCycle`. */
export function endStage(e: Estimator, stage: Stage): void {
  const sum = e.sum;
  if (stage === Stage.FindEnd) {
    const end_V = searchEnd_V(e.search, e.f[Factor.kap]);
    if (end_V !== 0) foundEnd(e, end_V);
  } else if (stage === Stage.FindCharge) {
    if (!searchCharge(e.search, e.ocv)) return;
    sum[Sum.foundS] = 0.5 * (e.search[Search.low] + e.search[Search.high]);
    sum[Sum.stage] = sum[Sum.after];
  } else if (stage === Stage.Sharpness) {
    const left_V = sum[Sum.foundSigma];
    const lag = e.spread * e.x[State.dl];
    const sigma = chargeSigma(e.ocv, sum[Sum.foundS], Math.sqrt(e.curve_V * e.curve_V + left_V * left_V));
    // What is left of the cathode's own lag cannot be told from the end of the rest when it is slow.
    sum[Sum.foundSigma] = sigma + (lag < 0 ? -lag : lag);
    sum[Sum.stage] = Stage.Anchor;
  } else if (stage === Stage.Anchor) anchor(e);
  else if (e.phase === Phase.Rest && e.before === Phase.Discharge && e.whole) endRest(e);
  else {
    // There is nothing to close.
    e.closing = false;
    sum[Sum.stage] = Stage.Idle;
  }
}

/** One stage of the inventory. */
export function cycleStage(e: Estimator, stage: Stage): void {
  const sum = e.sum;
  const v = e.v;
  sum[Sum.stage] = stage + 1;
  // Those with most to do are found first.
  if (stage === Stage.NextCycle) nextCycle(e);
  else if (stage === Stage.Sigmas) narrowLithium(v, e.search);
  else if (stage === Stage.PublishSums) publishSums(e);
  else if (stage === Stage.PublishShares) publishShares(e);
  else if (stage === Stage.Shares) moveLithium(v, e.x, e.search);
  else if (stage === Stage.Lambda) {
    anchorLambda(v, e.m, sum[Sum.foundS], sum[Sum.foundSigma], sum[Sum.sinceTop], e.spread);
    // What a slow strip has taken out was outside the cathode after the main discharge.
    if (sum[Sum.stripped] > 0) v[Lithium.lambda] += sum[Sum.sinceTop] - sum[Sum.stripped];
  } else if (stage === Stage.Weigh) weighLithium(v, e.x, e.m, e.spread, e.search);
  else if (stage === Stage.Cathode) {
    if (!measureCathode(v, e.m, sum[Sum.foundS], sum[Sum.foundSigma], sum[Sum.sinceTop], e.spread))
      refuseInventory(e, Why.Contradiction);
  } else if (stage === Stage.Cycle) nameCapacity(e);
  else if (stage === Stage.Efficiency) balance(e);
  else {
    const why = unknown(e);
    if (why !== Why.Valid) refuseInventory(e, why);
  }
}

/** A rest that was long enough shows the cathode's state of charge. */
function endRest(e: Estimator): void {
  foundEnd(e, e.rest.lasted_s < ANCHOR_S ? NaN : endOfRest_V(e.rest, e.f[Factor.kap], e.search));
}

/** `end_V` is where the rest ends; 0: that is still to be found; not a number: nothing shows it. */
function foundEnd(e: Estimator, end_V: number): void {
  const sum = e.sum;
  if (end_V === 0) sum[Sum.stage] = Stage.FindEnd;
  else if (end_V > 0) {
    sum[Sum.foundSigma] = restSigma_V(e.rest, end_V);
    findCharge(e, end_V, Stage.Sharpness);
  } else if (endsCycle(e)) {
    sum[Sum.foundS] = -1;
    sum[Sum.stage] = Stage.Cycle;
  } else leave(e);
}

/** Looks for the state of charge at `voltage_V`; then comes the stage `after`. */
export function findCharge(e: Estimator, voltage_V: number, after: Stage): void {
  beginCharge(e.search, voltage_V);
  e.sum[Sum.stage] = Stage.FindCharge;
  e.sum[Sum.after] = after;
}

function endsCycle(e: Estimator): boolean {
  return e.before === Phase.Discharge && e.whole && e.phase !== Phase.Discharge;
}

/** A state of charge was found: what is known of it anew. */
function anchor(e: Estimator): void {
  const x = e.x;
  const v = e.v;
  const sum = e.sum;
  const s = sum[Sum.foundS];
  const sigma = sum[Sum.foundSigma];
  if (sigma < ANCHOR_SIGMA) {
    x[State.s] = s;
    x[State.b] = x[State.br] = x[State.bh] = 0;
    x[State.bb] = e.curve_V * e.curve_V;
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
    leave(e);
  } else if (endsCycle(e)) sum[Sum.stage] = Stage.Cycle;
  else leave(e);
}

/** Goes on with the second in which the current began; after `closeCycle` a new rest begins instead. */
function leave(e: Estimator): void {
  if (e.phase !== Phase.Rest) e.sum[Sum.stage] = Stage.Charge;
  else {
    e.whole = false;
    beginRest(e.rest);
    e.closing = false;
    e.sum[Sum.stage] = Stage.Idle;
  }
}

/** Why nothing can be said of the inventory. `foundS` < 0: no rest has shown the state of charge. */
function unknown(e: Estimator): Why {
  if (!e.counted) return Why.Incomplete;
  return e.sum[Sum.foundS] < 0 || e.sum[Sum.foundSigma] > ANCHOR_SIGMA || e.v[Lithium.top] < 0
    ? Why.NoAnchor
    : Why.Valid;
}

function nameCapacity(e: Estimator): void {
  const sum = e.sum;
  if (e.counted) {
    // Slow strips aside.
    const main_mAh = (sum[Sum.stripped] > 0 ? sum[Sum.stripped] : sum[Sum.sinceTop]) * e.area_cm2;
    publish(e.known, Estimated.Capacity_mAh, main_mAh, CHARGE_SIGMA * main_mAh, sum[Sum.second_ms]);
    findActive(e);
  } else {
    refuse(e.known, Estimated.Capacity_mAh, Why.Incomplete);
    // A whole discharge leaves about as much as the one before.
    if (e.v[Lithium.active] > 0) e.x[State.A] = e.v[Lithium.active];
  }
}

/** What the cycle's charges say, and what has changed since the one before. */
function balance(e: Estimator): void {
  const sum = e.sum;
  const v = e.v;
  const known = e.known;
  const charged = sum[Sum.charged];
  const discharged = sum[Sum.discharged];
  const balanced = e.counted && e.balanced;
  if (!balanced) refuse(known, Estimated.CoulombicEfficiency_pct, Why.Incomplete);
  else if (charged > 0.5 * discharged)
    publish(
      known,
      Estimated.CoulombicEfficiency_pct,
      (100 * discharged) / charged,
      EFFICIENCY_SIGMA,
      sum[Sum.second_ms],
    );
  v[Lithium.chargesKnown] = balanced ? 1 : 0;
  v[Lithium.cycleCharged] = charged;
  v[Lithium.cycleDischarged] = discharged;
  sum[Sum.charged] = sum[Sum.discharged] = 0;
  const s = sum[Sum.foundS];
  const lag = e.x[State.dl];
  // A cathode still far from rest differs from cycle to cycle by how it was discharged.
  const rested = s >= 0 && sum[Sum.foundSigma] <= ANCHOR_SIGMA && lag < RESTED && lag > -RESTED;
  v[Lithium.changeKnown] = rested && v[Lithium.bottom] >= 0 ? 1 : 0;
  v[Lithium.cycleChange] = v[Lithium.cathode] * (s - v[Lithium.bottom]);
  v[Lithium.bottom] = rested ? s : -1;
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

function publishSums(e: Estimator): void {
  const v = e.v;
  const known = e.known;
  const area = e.area_cm2;
  const at_ms = e.sum[Sum.second_ms];
  // A discharge that the electrolyte has ended leaves all of it behind; one that the cathode has ended, what was saturated.
  const w = v[Lithium.saturation];
  const left = w > ENDED_BY_TRANSPORT ? 1 : w * w;
  publish(known, Estimated.Lambda_mAh, v[Lithium.lambda] * area, v[Lithium.lambdaSigma] * area, at_ms);
  publish(known, Estimated.Cathode_mAh, v[Lithium.cathode] * area, CATHODE_SIGMA * v[Lithium.cathode] * area, at_ms);
  publish(known, Estimated.Active_mAh, v[Lithium.active] * area, v[Lithium.activeSigma] * area, at_ms);
  publish(known, Estimated.Residual_mAh, v[Lithium.active] * left * area, v[Lithium.activeSigma] * area, at_ms);
}

function publishShares(e: Estimator): void {
  const v = e.v;
  const known = e.known;
  const area = e.area_cm2;
  const at_ms = e.sum[Sum.second_ms];
  publish(known, Estimated.Isolated_mAh, v[Lithium.isolated] * area, v[Lithium.isolatedSigma] * area, at_ms);
  publish(known, Estimated.Dead_mAh, v[Lithium.dead] * area, v[Lithium.deadSigma] * area, at_ms);
  if (e.sum[Sum.stripped] === 0)
    e.x[State.A] = Math.max(0.001, e.x[State.A] + v[Lithium.active] - e.sum[Sum.kneeActive]);
  publish(known, Estimated.Sei_mAh, v[Lithium.sei] * area, v[Lithium.seiSigma] * area, at_ms);
}

function refuseInventory(e: Estimator, why: Why): void {
  for (let what = Estimated.Lambda_mAh; what <= Estimated.Sei_mAh; what++) refuse(e.known, what, why);
  e.sum[Sum.stage] = Stage.NextCycle;
}

/** The next cycle begins. */
function nextCycle(e: Estimator): void {
  const sum = e.sum;
  if (e.x[State.R] > e.x[State.A]) e.x[State.R] = e.x[State.A];
  sum[Sum.stripped] = sum[Sum.sinceTop] = sum[Sum.lost] = 0;
  e.v[Lithium.top] = -1;
  e.counted = e.balanced = e.trouble === Why.Valid;
  e.cycles++;
  leave(e);
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
