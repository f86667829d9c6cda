/**
 * The estimator: from voltage, current and temperature to what the cell's lithium is doing.
 *
 *   10 Hz: addSample gathers means; leaves out what cannot be true (trust.ts)
 *    1 Hz: polarization, or the interrupt or rest that is under way
 *   1/min: factors of temperature and age, lithium pools
 *   cycle: anchors after the rests, inventory (cycle.ts)
 *
 * What kind of time it is (charge, discharge, rest) is told by the current alone, so the same code reads a recorded
 * measurement.
 */
import { Parameter as M } from './cellModel';
import { changePhase, isLost } from './cycle';
import { Estimated, publish, refuse, shiftTimes, Why } from './estimates';
import { MINUTE_S, Phase, Sum, type Estimator } from './estimator';
import { watchInterrupt } from './interrupt';
import { Lithium } from './inventory';
import { Factor, KNEE_SATURATION, NEAR_END, polarize, setFactors, State } from './polarization';
import { agePools } from './pools';
import { addToRest } from './rest';
import { checkSign, clearSecond, judge, locate, settle, SETTLE_S, startUnknown } from './trust';

const SECOND_S = 0.999;
/** Below this part of 1C the cell rests. */
const REST_C = 0.02;
/** A change of current by more than this, of 1C, is a step: no less than what parts rest from current. */
const STEP_C = 0.02;
/** The voltage teaches while the current is as steady as this, of 1C. */
const STEADY_C = 0.05;
/** A clock that stands still for more samples than this has failed. */
const MOST_REPEATS = 20;

/** One sample; to be called at every tick that has a fresh one. Current discharge positive, offset removed. */
export function addSample(
  e: Estimator,
  at_ms: number,
  voltage_mV: number,
  current_mA: number,
  temperature_C: number,
): void {
  const sum = e.sum;
  const last_ms = sum[Sum.at_ms];
  if (!isFinite(at_ms)) {
    startUnknown(e, Why.BadData, 0);
    return;
  }
  if (at_ms === last_ms) {
    sum[Sum.repeats]++;
    if (sum[Sum.repeats] > MOST_REPEATS) startUnknown(e, Why.Gap, 0);
    return;
  }
  sum[Sum.repeats] = 0;
  const dt_s = (at_ms - last_ms) / 1000;
  // A clock that was set back: what is known is no younger for it.
  if (dt_s < 0) shiftTimes(e.known, at_ms - last_ms);
  sum[Sum.at_ms] = at_ms;
  const voltage_V = voltage_mV / 1000;
  const i = current_mA / e.area_cm2;
  const trouble = judge(e, last_ms, dt_s, voltage_V, current_mA, temperature_C);
  if (trouble !== Why.Valid) {
    if (last_ms >= 0) startUnknown(e, trouble, dt_s > 0 ? dt_s : Infinity);
    return;
  }
  // A second does not straddle a change of the current.
  const step = Math.abs(i - sum[Sum.lastI]) > STEP_C * e.m[M.Qn];
  if (step) {
    if (sum[Sum.lastV] > 0) checkSign(e, sum[Sum.lastI], i, voltage_V - sum[Sum.lastV]);
    if (sum[Sum.time] > 0) endSecond(e, last_ms);
    sum[Sum.stepV] = sum[Sum.lastV];
  }
  sum[Sum.lastI] = i;
  sum[Sum.lastV] = voltage_V;
  sum[Sum.voltage] += voltage_V * dt_s;
  sum[Sum.current] += i * dt_s;
  sum[Sum.temperature] += temperature_C * dt_s;
  sum[Sum.time] += dt_s;
  sum[Sum.count]++;
  if (sum[Sum.time] > SECOND_S) endSecond(e, at_ms);
}

/** A tick without a fresh sample: after too many of them nothing that is said of the present holds any more. */
export function missSample(e: Estimator, now_ms: number): void {
  const waited_s = (now_ms - e.sum[Sum.at_ms]) / 1000;
  if (waited_s > e.longestGap_s && e.sum[Sum.at_ms] >= 0 && e.trouble === Why.Valid) startUnknown(e, Why.Gap, 0);
}

function endSecond(e: Estimator, at_ms: number): void {
  const sum = e.sum;
  const dt_s = sum[Sum.time];
  const voltage_V = sum[Sum.voltage] / dt_s;
  const i = sum[Sum.current] / dt_s;
  const temperature_C = sum[Sum.temperature] / dt_s;
  // A mean stands for the middle of its samples.
  const age_s = 0.5 * (dt_s - dt_s / sum[Sum.count]);
  clearSecond(sum);
  second(e, at_ms, dt_s, age_s, voltage_V, i, temperature_C);
}

/** One second, or what there was of it: means of voltage, current density [mA/cm2] and temperature, `age_s` old. */
function second(
  e: Estimator,
  at_ms: number,
  dt_s: number,
  age_s: number,
  voltage_V: number,
  current: number,
  temperature_C: number,
): void {
  const m = e.m;
  const x = e.x;
  const f = e.f;
  const sum = e.sum;
  const least = REST_C * m[M.Qn];
  const phase = current > least ? Phase.Discharge : current < -least ? Phase.Charge : Phase.Rest;
  const i = phase === Phase.Rest ? 0 : current;
  const steady = Math.abs(i - sum[Sum.meanI]) < STEADY_C * m[M.Qn];
  if (phase !== e.phase) changePhase(e, phase, at_ms);
  const dq = (i * dt_s) / 3600;
  sum[Sum.meanI] = i;
  sum[Sum.minuteCharge] += dq;
  sum[Sum.minute_s] += dt_s;
  if (sum[Sum.minute_s] >= MINUTE_S) everyMinute(e, at_ms, temperature_C, dt_s, i);
  else if (dt_s !== f[Factor.dt])
    setFactors(f, m, x, temperature_C, dt_s, e.ocv, e.v[Lithium.cathode] * e.v[Lithium.ratio]);
  if (dq > 0) {
    sum[Sum.discharged] += dq;
    sum[Sum.sinceTop] += dq;
  } else sum[Sum.charged] -= dq;
  const out = e.polarization;
  const lost = isLost(e);
  if (sum[Sum.distrust_s] === SETTLE_S) sum[Sum.wayV] = voltage_V;
  if (lost && sum[Sum.distrust_s] > 0 && sum[Sum.minute_s] === 0 && steady) locate(e, voltage_V);
  const trusted = !lost && sum[Sum.distrust_s] <= 0 && sum[Sum.wrongSigns] === 0;
  const learn = trusted && steady && phase === Phase.Discharge;
  polarize(out, x, m, f, e.ocv, e.v[Lithium.cathode] * e.v[Lithium.ratio], i, voltage_V, e.curve_V * e.curve_V, learn);
  if (phase === Phase.Rest) {
    // The cathode's own lag, of which the model knows enough, is taken out: one mode less to extrapolate.
    addToRest(e.rest, voltage_V + f[Factor.slope] * x[State.dl], dt_s);
    if (e.before === Phase.Discharge && !e.whole && trusted) {
      if (watchInterrupt(e.seen, x, m, f, e.rest.lasted_s - age_s, voltage_V, out.etaConc_V)) f[Factor.dt] = 0;
    }
  }
  if (sum[Sum.distrust_s] > 0) settle(e, dt_s, voltage_V);
  else publishSecond(e, at_ms, phase);
}

function publishSecond(e: Estimator, at_ms: number, phase: Phase): void {
  const out = e.polarization;
  const known = e.known;
  const x = e.x;
  if (out.knee) {
    refuse(known, Estimated.EtaConc_mV, Why.Knee);
    refuse(known, Estimated.EtaFast_mV, Why.Knee);
    return;
  }
  const lag_V = 0.6 * e.spread * e.f[Factor.slope] * x[State.dl];
  const byActive_V = activeError_V(e);
  const sigma_mV =
    1000 *
    Math.sqrt(
      x[State.bb] + x[State.kk] * out.etaConc_V * out.etaConc_V + lag_V * lag_V + byActive_V * byActive_V + 1e-7,
    );
  publish(known, Estimated.EtaConc_mV, 1000 * out.etaConc_V, phase === Phase.Rest ? 0.5 * sigma_mV : sigma_mV, at_ms);
  publish(known, Estimated.EtaFast_mV, 1000 * out.etaFast_V, sigma_mV, at_ms);
}

/** What the uncertain active lithium makes of the concentration overpotential: near the end only. */
function activeError_V(e: Estimator): number {
  const x = e.x;
  const A = x[State.A];
  const ah = e.m[M.ah];
  if (A > 2 * NEAR_END * ah) return 0;
  const w = x[State.w1] + x[State.w2];
  const slope_V = (2 * e.f[Factor.kap] * w) / (1 - w * w);
  return (slope_V * e.m[M.mA] * ah * Math.sqrt(x[State.AA])) / (A * (A + ah));
}

function everyMinute(e: Estimator, at_ms: number, temperature_C: number, dt_s: number, i: number): void {
  const m = e.m;
  const x = e.x;
  const f = e.f;
  const sum = e.sum;
  if (f[Factor.dt] > 0 && e.trouble !== Why.Sign)
    agePools(x, m, f, temperature_C, sum[Sum.minuteCharge], sum[Sum.minute_s]);
  sum[Sum.minuteCharge] = 0;
  sum[Sum.minute_s] = 0;
  setFactors(f, m, x, temperature_C, dt_s, e.ocv, e.v[Lithium.cathode] * e.v[Lithium.ratio]);
  const limit = 1 / (f[Factor.n] * x[State.h]);
  publish(
    e.known,
    Estimated.LimitingCurrent_mA,
    limit * e.area_cm2,
    limit * e.area_cm2 * Math.sqrt(x[State.hh]),
    at_ms,
  );
  if (i > 0 && e.trouble === Why.Valid) forecast(e, i, limit, at_ms);
}

/** How much charge is left to the knee and to the end, at the present current. */
function forecast(e: Estimator, i: number, limit: number, at_ms: number): void {
  const m = e.m;
  const A = e.x[State.A];
  const sigma = Math.sqrt(e.x[State.AA]) * e.area_cm2;
  const atKnee = Math.pow(Math.min(0.99, i / limit / KNEE_SATURATION), 1 / m[M.mA]);
  const toKnee = A - (m[M.ah] * atKnee) / (1 - atKnee);
  const atEnd = Math.pow(Math.min(0.99, i / limit), 1 / m[M.mA]);
  const toEnd = Math.max(0, A - (m[M.ah] * atEnd) / (1 - atEnd));
  const done = e.sum[Sum.sinceTop];
  publish(e.known, Estimated.ToKnee_mAh, Math.max(0, toKnee) * e.area_cm2, sigma, at_ms);
  const soc_pct = (100 * toEnd) / (toEnd + done);
  publish(e.known, Estimated.StateOfCharge_pct, soc_pct, (100 * sigma) / e.area_cm2 / (toEnd + done), at_ms);
}
