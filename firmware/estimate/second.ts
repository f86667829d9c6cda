/**
 * A second's work, in stages (`Stage`), one a tick; the next second lasts until they are done. When the current changes meanwhile, the
 * second before the change waits.
 */
import { Parameter as M } from './cellModel';
import { changePhase, cycleStage, endStage, isLost } from './cycle';
import { Estimated, publish, refuse, Why } from './estimates';
import { MINUTE_S, Phase, Stage, Sum, type Estimator } from './estimator';
import {
  avoidSaturation,
  findExponent,
  findLag,
  findOverpotentials,
  scaleFast,
  scaleKappa,
  scaleLimit,
  setPace,
  watchInterrupt,
  weighScales,
} from './interrupt';
import {
  drift,
  KNEE_SATURATION,
  learn,
  NEAR_END,
  runModel,
  setRates,
  setStep,
  setWarmth,
  splitVoltage,
} from './polarization';
import { Factor, State } from './state';
import { agePools } from './pools';
import { addToRest } from './rest';
import { locate, located, settle, settled, SETTLE_S } from './trust';

/** Time for one stage; where samples are further apart than `MORE_S`, there is time for more of them. */
const STAGE_S = 0.1;
export const MORE_S = 0.15;
/** Below this part of 1C the cell rests. */
const REST_C = 0.02;
/** The voltage teaches while the current is as steady as this, of 1C. */
const STEADY_C = 0.05;
/** What a second that is worked on takes of `Sum`, and the one that waits. */
const SECOND_LENGTH = Sum.next_s - Sum.second_s;

/** All stages that are left, at once. */
export function finish(e: Estimator): void {
  while (e.sum[Sum.stage] !== Stage.Idle) work(e);
}

/** The stages for which there is time in `dt_s` besides the one that was run. */
export function workOn(e: Estimator, dt_s: number): void {
  for (let left_s = dt_s - MORE_S; left_s > 0 && e.sum[Sum.stage] !== Stage.Idle; left_s -= STAGE_S) work(e);
}

/** One stage of a second, or of what there was of it; each names the one that follows. */
export function work(e: Estimator): void {
  const sum = e.sum;
  const stage = sum[Sum.stage];
  // Those with most to do, and every second, are found first.
  if (stage === Stage.Learn) {
    sum[Sum.stage] = Stage.Idle;
    learn(e);
  } else if (stage === Stage.Begin) beginSecond(e);
  else if (stage === Stage.Model) modelSecond(e);
  else if (stage === Stage.Voltage) {
    splitVoltage(e);
    sum[Sum.stage] = e.phase === Phase.Rest ? Stage.Rest : Stage.Publish;
  } else if (stage === Stage.Publish) publishSecond(e);
  else if (stage === Stage.Rest) rest(e);
  else if (stage < Stage.FindEnd) minuteStage(e, stage);
  else if (stage < Stage.Cycle) endStage(e, stage);
  else if (stage < Stage.Exponent) cycleStage(e, stage);
  else learnStage(e, stage);
  if (sum[Sum.stage] === Stage.Idle && (sum[Sum.next_s] > 0 || e.closing)) goOn(e);
}

/** With what waits behind the last stage. */
function goOn(e: Estimator): void {
  const sum = e.sum;
  if (sum[Sum.next_s] > 0) {
    for (let k = Sum.second_s; k < Sum.next_s; k++) sum[k] = sum[k + SECOND_LENGTH];
    sum[Sum.next_s] = 0;
    sum[Sum.stage] = Stage.Begin;
  } else sum[Sum.stage] = Stage.Close;
}

/** What kind of time it was. */
function beginSecond(e: Estimator): void {
  const sum = e.sum;
  const nominal = e.m[M.Qn];
  const current = sum[Sum.secondI];
  const least = REST_C * nominal;
  const phase = current > least ? Phase.Discharge : current < -least ? Phase.Charge : Phase.Rest;
  const i = phase === Phase.Rest ? 0 : current;
  const moved = i - sum[Sum.meanI];
  const most = STEADY_C * nominal;
  sum[Sum.steady] = moved < most && moved > -most ? 1 : 0;
  sum[Sum.meanI] = i;
  sum[Sum.stage] = Stage.Charge;
  if (phase !== e.phase) {
    changePhase(e, phase);
    return;
  }
  countSecond(e);
}

function modelSecond(e: Estimator): void {
  const sum = e.sum;
  sum[Sum.stage] = Stage.Voltage;
  if (sum[Sum.second_s] !== e.f[Factor.dt]) setStep(e.f, sum[Sum.second_s]);
  runModel(e);
}

/** Its charge. */
function countSecond(e: Estimator): void {
  const sum = e.sum;
  const dt_s = sum[Sum.second_s];
  const dq = (sum[Sum.meanI] * dt_s) / 3600;
  sum[Sum.minuteCharge] += dq;
  sum[Sum.minute_s] += dt_s;
  if (dq > 0) {
    sum[Sum.discharged] += dq;
    sum[Sum.sinceTop] += dq;
  } else sum[Sum.charged] -= dq;
  if (dq !== 0) drift(e, dq);
  if (sum[Sum.distrust_s] === SETTLE_S) sum[Sum.wayV] = sum[Sum.secondV];
  sum[Sum.stage] = sum[Sum.minute_s] < MINUTE_S ? Stage.Model : Stage.Pools;
}

/** Nothing stands in the way of learning. */
function isTrusted(e: Estimator): boolean {
  const sum = e.sum;
  return sum[Sum.distrust_s] <= 0 && sum[Sum.wrongSigns] === 0 && !isLost(e);
}

function rest(e: Estimator): void {
  const sum = e.sum;
  const voltage_V = sum[Sum.secondV];
  // The cathode's own lag, of which the model knows enough, is taken out: one mode less to extrapolate.
  addToRest(e.rest, voltage_V + sum[Sum.lag_V], sum[Sum.second_s]);
  const since_s = e.rest.lasted_s - sum[Sum.age_s];
  if (
    e.before === Phase.Discharge &&
    !e.whole &&
    isTrusted(e) &&
    watchInterrupt(e.seen, since_s, voltage_V, e.polarization.etaConc_V, e.f[Factor.kap])
  )
    sum[Sum.stage] = Stage.Exponent;
  else publishSecond(e);
}

/** One stage of what an interrupt has taught. */
function learnStage(e: Estimator, stage: Stage): void {
  const sum = e.sum;
  const seen = e.seen;
  const x = e.x;
  sum[Sum.stage] = stage + 1;
  if (stage === Stage.Scale) scaleLimit(seen, x);
  else if (stage === Stage.Pace) setPace(seen, x);
  else if (stage === Stage.Gains) weighScales(seen, x, e.f[Factor.kap]);
  else if (stage === Stage.Lag) findLag(seen, e.m);
  else if (stage === Stage.Recovery) {
    if (!findOverpotentials(seen, x, e.f[Factor.kap])) sum[Sum.stage] = Stage.Publish;
  } else if (stage === Stage.Exponent) {
    if (!findExponent(seen, x)) sum[Sum.stage] = stage;
  } else if (stage === Stage.Kappa) {
    if (!scaleKappa(seen, x, e.m)) sum[Sum.stage] = Stage.Fast;
  } else if (stage === Stage.Saturation) avoidSaturation(seen, x);
  else {
    scaleFast(seen, x);
    sum[Sum.after] = Stage.Publish;
    sum[Sum.stage] = Stage.Rates;
  }
}

/** One stage of what is done once a minute, or of where the cell is after it was lost. */
function minuteStage(e: Estimator, stage: Stage): void {
  const sum = e.sum;
  const f = e.f;
  if (stage === Stage.Charge) countSecond(e);
  else if (stage === Stage.Pools) {
    // Without factors there is nothing to run yet.
    if (f[Factor.warm] > 0 && e.trouble !== Why.Sign) agePools(e.x, e.m, f, sum[Sum.minuteCharge], sum[Sum.minute_s]);
    sum[Sum.minuteCharge] = sum[Sum.minute_s] = 0;
    sum[Sum.stage] = Stage.Warmth;
  } else if (stage === Stage.Warmth) {
    setWarmth(f, e.m, e.x, sum[Sum.second_C]);
    sum[Sum.after] = Stage.Limit;
    sum[Sum.stage] = Stage.Rates;
  } else if (stage === Stage.Rates) {
    setRates(e);
    sum[Sum.stage] = sum[Sum.after];
  } else if (stage === Stage.Limit) {
    sum[Sum.stage] = Stage.Left;
    const limit_mA = e.area_cm2 / (f[Factor.n] * e.x[State.h]);
    publish(e.known, Estimated.LimitingCurrent_mA, limit_mA, limit_mA * Math.sqrt(e.x[State.hh]), sum[Sum.second_ms]);
  } else if (stage === Stage.Left) {
    sum[Sum.stage] = Stage.Model;
    if (sum[Sum.meanI] > 0 && e.trouble === Why.Valid) forecast(e);
    if (sum[Sum.distrust_s] > 0 && sum[Sum.steady] > 0 && isLost(e)) locate(e, Stage.Located);
  } else if (stage === Stage.Located) {
    sum[Sum.stage] = Stage.Model;
    located(e);
  } else {
    sum[Sum.stage] = Stage.Idle;
    settled(e);
  }
}

/** The last of a second, but for what it teaches. */
function publishSecond(e: Estimator): void {
  const sum = e.sum;
  sum[Sum.stage] = e.phase === Phase.Discharge && sum[Sum.steady] > 0 && isTrusted(e) ? Stage.Learn : Stage.Idle;
  if (sum[Sum.distrust_s] > 0) {
    settle(e);
    return;
  }
  const out = e.polarization;
  const known = e.known;
  const x = e.x;
  const at_ms = sum[Sum.second_ms];
  if (out.knee) {
    refuse(known, Estimated.EtaConc_mV, Why.Knee);
    refuse(known, Estimated.EtaFast_mV, Why.Knee);
    return;
  }
  const etaConc_V = out.etaConc_V;
  const lag_V = 0.6 * e.spread * sum[Sum.lag_V];
  const byActive_V = x[State.A] > 2 * NEAR_END * e.m[M.ah] ? 0 : activeError_V(e);
  const sigma_mV =
    1000 *
    Math.sqrt(x[State.bb] + x[State.kk] * etaConc_V * etaConc_V + lag_V * lag_V + byActive_V * byActive_V + 1e-7);
  publish(known, Estimated.EtaConc_mV, 1000 * etaConc_V, e.phase === Phase.Rest ? 0.5 * sigma_mV : sigma_mV, at_ms);
  publish(known, Estimated.EtaFast_mV, 1000 * out.etaFast_V, sigma_mV, at_ms);
}

/** What the uncertain active lithium makes of the concentration overpotential, near the end. */
function activeError_V(e: Estimator): number {
  const x = e.x;
  const A = x[State.A];
  const ah = e.m[M.ah];
  const w = x[State.w1] + x[State.w2];
  const slope_V = (2 * e.f[Factor.kap] * w) / (1 - w * w);
  return (slope_V * e.m[M.mA] * ah * Math.sqrt(x[State.AA])) / (A * (A + ah));
}

/** How much charge is left to the knee and to the end, at the present current. */
function forecast(e: Estimator): void {
  const A = e.x[State.A];
  const at_ms = e.sum[Sum.second_ms];
  const sigma = Math.sqrt(e.x[State.AA]);
  // The accessible area at which the electrolyte is saturated.
  const area = e.sum[Sum.meanI] * e.f[Factor.n] * e.x[State.h];
  const toKnee = A - activeFor(e, area / KNEE_SATURATION);
  const toEnd = Math.max(0, A - activeFor(e, area));
  const whole = toEnd + e.sum[Sum.sinceTop];
  publish(e.known, Estimated.ToKnee_mAh, Math.max(0, toKnee) * e.area_cm2, sigma * e.area_cm2, at_ms);
  publish(e.known, Estimated.StateOfCharge_pct, (100 * toEnd) / whole, (100 * sigma) / whole, at_ms);
}

/** The active lithium that gives this part of the area. */
function activeFor(e: Estimator, part: number): number {
  const at = Math.pow(part < 0.99 ? part : 0.99, 1 / e.m[M.mA]);
  return (e.m[M.ah] * at) / (1 - at);
}
