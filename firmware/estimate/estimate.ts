/**
 * The estimator: from voltage, current and temperature to what the cell's lithium is doing.
 *
 *   10 Hz: addSample gathers means; refuses what cannot be true (guard)
 *    1 Hz: polarization, or the interrupt or rest that is under way
 *   1/min: factors of temperature and age, lithium pools
 *   cycle: anchors after the rests, inventory
 *
 * What kind of time it is (charge, discharge, rest) is told by the current alone, so the same code reads a recorded
 * measurement.
 */
import { Parameter as M, type CellModel } from './cellModel';
import { createEstimates, Estimated, publish, refuse, shiftTimes, Why, type Estimates } from './estimates';
import { beginInterrupt, Seen, watchInterrupt } from './interrupt';
import { anchorLambda, chargeSigma, createInventory, Lithium, splitLithium } from './inventory';
import { stateOfCharge } from './openCircuit';
import {
  createPolarization,
  Factor,
  KNEE_SATURATION,
  NEAR_END,
  polarize,
  saturation,
  setFactors,
  State,
  type Polarization,
} from './polarization';
import { agePools } from './pools';
import { addToRest, beginRest, createRest, endOfRest_V, restSigma_V, type Rest } from './rest';

/** What the current says is going on. */
export enum Phase {
  Rest,
  Charge,
  Discharge,
}

/** Running sums and marks, in one array. Charges in mAh/cm2. */
export enum Sum {
  /** Of the present second: V s, mA/cm2 s, degC s, s, samples. */
  voltage,
  current,
  temperature,
  time,
  count,
  /** Time of the last sample [ms]; -1: none. Its current density and voltage; 0 V: none that may be compared with. */
  at_ms,
  lastI,
  lastV,
  /** Voltage before the last step of the current; mean current density of the last second. */
  stepV,
  meanI,
  /** Of the present minute. */
  minuteCharge,
  minute_s,
  /** Charged and discharged since the last bottom anchor; stripped slowly after the main discharge; discharged since the top. */
  charged,
  discharged,
  stripped,
  sinceTop,
  /** Active lithium the knee left at the end of the main discharge, and the saturation there. */
  kneeActive,
  kneeSaturation,
  /** Seconds until the voltage may be trusted again after bad data. */
  distrust_s,
  /** Evidence for a swapped sign: changes of current answered the wrong way. */
  wrongSigns,
  /** Samples in a row with the same time; charge that may have passed unseen, and the voltage since it passes the same way. */
  repeats,
  lost,
  wayV,
  length,
}

export interface Estimator {
  known: Estimates;
  m: Float64Array;
  ocv: Float64Array;
  x: Float64Array;
  f: Float64Array;
  v: Float64Array;
  sum: Float64Array;
  seen: Float64Array;
  rest: Rest;
  polarization: Polarization;
  phase: Phase;
  /** The phase before the present rest, and whether it went to its cut-off. */
  before: Phase;
  whole: boolean;
  /** Every sample since the top anchor was good, so the discharge is known; since the bottom anchor, so the charge is too. */
  counted: boolean;
  balanced: boolean;
  /** Why the present data cannot be used; Valid when they can. */
  trouble: Why;
  /** Whole cycles finished. */
  cycles: number;
  area_cm2: number;
  chargeTo_V: number;
  dischargeTo_V: number;
  spread: number;
  curve_V: number;
  longestGap_s: number;
  mostCurrent_mA: number;
}

const SECOND_S = 0.999;
const MINUTE_S = 60;
/** Below this part of 1C the cell rests. */
const REST_C = 0.02;
/** A change of current by more than this, of 1C, is a step: no less than what parts rest from current. */
const STEP_C = 0.02;
/** A rest this long anchors the state of charge. */
const ANCHOR_S = 120;
/** How near to its cut-off a charge or discharge must have come to count as whole [V]: the last moment is steep. */
const WHOLE_CHARGE_V = 0.01;
const WHOLE_DISCHARGE_V = 0.15;
/** Voltages of any cell that this is for. */
const LEAST_V = 0.5;
const MOST_V = 6;
/** After a gap the electrolyte's state is unknown for this long. */
const SETTLE_S = 600;
/** Wrong answers to changes of current until the sign is in doubt. */
const WRONG_SIGNS = 2;
/** One is enough when it is more than noise, and more than half of what the ohmic resistance alone gives. */
const NOISE_V = 0.002;
const CLEAR_V = 0.005;
/** A reversal of the current that the voltage answers with less than this part of that is none. */
const NO_ANSWER = 0.4;
/** A clock that stands still for more samples than this has failed. */
const MOST_REPEATS = 20;
/** Current that may flow while nobody looks, of 1C, and the part of the nominal capacity that may be lost unnoticed. */
const UNSEEN_C = 3;
const UNNOTICED = 0.01;
/** Share of the overpotentials that the model may miss, and variance of what the pools say of the active lithium. */
const OVERPOTENTIAL_SHARE = 0.2;
const POOLS_VARIANCE = 4e-4;

/** @param mostCurrent_mA beyond this the current monitor is saturated; @param longestGap_s between two samples */
export function createEstimator(cell: CellModel, mostCurrent_mA: number, longestGap_s: number): Estimator {
  const m = new Float64Array(cell.parameters);
  const x = new Float64Array(State.length);
  x[State.A] = m[M.Ainit];
  x[State.rho] = 1;
  x[State.h] = 1;
  x[State.pace] = 1;
  x[State.k] = 1;
  x[State.p] = 0.7;
  const curve_V = cell.ocvError_mV / 1000;
  const variance = cell.spread * cell.spread;
  x[State.bb] = curve_V * curve_V;
  x[State.rr] = variance;
  x[State.hh] = variance;
  x[State.kk] = variance;
  x[State.AA] = 0.0036;
  const sum = new Float64Array(Sum.length);
  sum[Sum.at_ms] = -1;
  sum[Sum.minute_s] = MINUTE_S;
  return {
    known: createEstimates(),
    m: m,
    ocv: new Float64Array(cell.ocv),
    x: x,
    f: new Float64Array(Factor.length),
    v: createInventory(m),
    sum: sum,
    seen: new Float64Array(Seen.length),
    rest: createRest(),
    polarization: createPolarization(),
    phase: Phase.Rest,
    before: Phase.Rest,
    whole: false,
    counted: true,
    balanced: true,
    trouble: Why.Valid,
    cycles: 0,
    area_cm2: cell.area_cm2,
    chargeTo_V: cell.chargeTo_V,
    dischargeTo_V: cell.dischargeTo_V,
    spread: cell.spread,
    curve_V: curve_V,
    longestGap_s: longestGap_s,
    mostCurrent_mA: mostCurrent_mA,
  };
}

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

function clearSecond(sum: Float64Array): void {
  sum[Sum.voltage] = sum[Sum.current] = sum[Sum.temperature] = sum[Sum.time] = sum[Sum.count] = 0;
}

function judge(
  e: Estimator,
  last_ms: number,
  dt_s: number,
  voltage_V: number,
  current_mA: number,
  temperature_C: number,
): Why {
  if (!(voltage_V > LEAST_V && voltage_V < MOST_V && temperature_C > -60 && temperature_C < 200)) return Why.BadData;
  if (!(current_mA < e.mostCurrent_mA && current_mA > -e.mostCurrent_mA)) return Why.BadData;
  if (last_ms < 0 || !(dt_s > 0 && dt_s <= e.longestGap_s)) return Why.Gap;
  return Why.Valid;
}

/**
 * What cannot be used is left out; the charge of this cycle is then not known. A doubt about the sign stays until a step of
 * current has cleared it. @param lost_s over which any current may have flowed
 */
export function startUnknown(e: Estimator, trouble: Why, lost_s: number): void {
  const sum = e.sum;
  const x = e.x;
  const nominal = e.m[M.Qn];
  if (e.phase === Phase.Rest && e.before === Phase.Discharge && e.whole) endCycle(e, sum[Sum.at_ms], -1, 0);
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
function checkSign(e: Estimator, from: number, to: number, answer_V: number): void {
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
  const steady = Math.abs(i - sum[Sum.meanI]) < 0.05 * m[M.Qn];
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

/**
 * Time heals what a gap has done to the electrolyte. A voltage that has gone the wrong way meanwhile puts the sign in doubt; it is
 * trusted again when a step of current has shown it.
 */
function settle(e: Estimator, dt_s: number, voltage_V: number): void {
  const sum = e.sum;
  if (e.trouble === Why.Sign) return;
  sum[Sum.distrust_s] -= dt_s;
  if (sum[Sum.distrust_s] > 0) return;
  const rise_V = e.phase === Phase.Charge ? voltage_V - sum[Sum.wayV] : sum[Sum.wayV] - voltage_V;
  if (sum[Sum.wayV] > 0 && e.phase !== Phase.Rest && rise_V < -NOISE_V) {
    startUnknown(e, Why.Sign, Infinity);
    return;
  }
  if (isLost(e)) {
    // Near the end of a discharge the model's overpotential says nothing.
    if (e.polarization.knee) {
      sum[Sum.distrust_s] = dt_s;
      return;
    }
    const x = e.x;
    const out = e.polarization;
    const missed_V = OVERPOTENTIAL_SHARE * (out.etaConc_V + out.etaFast_V);
    locate(e, voltage_V);
    x[State.b] = 0;
    x[State.bb] = e.curve_V * e.curve_V + missed_V * missed_V;
    x[State.br] = x[State.bh] = 0;
    const sigma = e.v[Lithium.cathode] * chargeSigma(e.ocv, x[State.s], Math.sqrt(x[State.bb]));
    x[State.AA] = Math.min(x[State.AA], sigma * sigma + POOLS_VARIANCE);
  }
  e.trouble = Why.Valid;
}

/** So much charge may have passed unseen that nothing can be learned before a rest has shown the state of charge. */
function isLost(e: Estimator): boolean {
  return e.sum[Sum.lost] > UNNOTICED * e.m[M.Qn];
}

/** The voltage, with the model's overpotentials added, says where the cell is: once a minute until the electrolyte has settled. */
function locate(e: Estimator, voltage_V: number): void {
  const x = e.x;
  const out = e.polarization;
  x[State.s] = stateOfCharge(e.ocv, voltage_V + out.etaConc_V + out.etaFast_V) + x[State.dl];
  x[State.A] = activeAt(e, x[State.s]);
}

/** Lithium is only ever moved: what is neither in the cathode nor inactive is active. */
function activeAt(e: Estimator, s: number): number {
  const x = e.x;
  const v = e.v;
  const outside = v[Lithium.newCathode] + e.m[M.Ainit] - v[Lithium.cathode] * (1 - s);
  return Math.max(0.001, outside - x[State.I] - x[State.D] - x[State.S]);
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

function changePhase(e: Estimator, phase: Phase, at_ms: number): void {
  const was = e.phase;
  const sum = e.sum;
  e.phase = phase;
  if (phase === Phase.Rest) {
    beginRest(e.rest);
    const again = was === Phase.Discharge && e.whole && e.before === Phase.Discharge;
    e.before = was;
    const last_V = sum[Sum.stepV];
    e.whole =
      was === Phase.Charge ? last_V > e.chargeTo_V - WHOLE_CHARGE_V : last_V < e.dischargeTo_V + WHOLE_DISCHARGE_V;
    const out = e.polarization;
    beginInterrupt(e.seen, e.x, e.ocv, last_V, out.etaConc_V, out.fast_V);
    if (was === Phase.Discharge && e.whole && !again) {
      sum[Sum.kneeActive] = e.x[State.A];
      // What the voltage says of the saturation, which the model reaches a little early or late.
      sum[Sum.kneeSaturation] = saturation(out.etaConc_V - out.innovation_V, e.f[Factor.kap]);
    }
    return;
  }
  if (was !== Phase.Rest) {
    e.whole = false;
    return;
  }
  if (e.rest.lasted_s >= ANCHOR_S) endRest(e, phase, at_ms);
  else if (phase === Phase.Charge && e.before === Phase.Discharge && e.whole) endCycle(e, at_ms, -1, 0);
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
  if (!(end_V > LEAST_V)) {
    if (next === Phase.Charge && e.before === Phase.Discharge && e.whole) endCycle(e, at_ms, -1, 0);
    return;
  }
  const s = stateOfCharge(e.ocv, end_V);
  const left_V = restSigma_V(e.rest, end_V);
  // What is left of the cathode's own lag cannot be told from the end of the rest when it is slow.
  const lag = e.spread * x[State.dl];
  const sigma = chargeSigma(e.ocv, s, Math.sqrt(e.curve_V * e.curve_V + left_V * left_V)) + (lag < 0 ? -lag : lag);
  if (sigma < 0.05) {
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
    v[Lithium.top] = sigma < 0.05 ? s : -1;
    v[Lithium.topSigma] = sigma;
    x[State.AA] += 0.0036;
    sum[Sum.sinceTop] = sum[Sum.stripped] = 0;
    e.counted = e.trouble === Why.Valid;
  } else if (e.before === Phase.Discharge && e.whole && next === Phase.Charge) endCycle(e, at_ms, s, sigma);
  else if (e.before === Phase.Discharge && e.whole && sum[Sum.stripped] === 0) sum[Sum.stripped] = sum[Sum.sinceTop];
}

/** The cycle is over: inventory. `s` < 0: no rest has shown the state of charge. */
function endCycle(e: Estimator, at_ms: number, s: number, sigma: number): void {
  const v = e.v;
  const x = e.x;
  const m = e.m;
  const sum = e.sum;
  const known = e.known;
  const area = e.area_cm2;
  e.cycles++;
  const main = sum[Sum.stripped] > 0 ? sum[Sum.stripped] : sum[Sum.sinceTop];
  const why = !e.counted ? Why.Incomplete : s < 0 || sigma > 0.05 || v[Lithium.top] < 0 ? Why.NoAnchor : Why.Valid;
  if (e.counted) {
    publish(known, Estimated.Capacity_mAh, main * area, 0.0015 * main * area, at_ms);
    findActive(e);
  } else {
    refuse(known, Estimated.Capacity_mAh, Why.Incomplete);
    // A whole discharge leaves about as much as the one before.
    if (v[Lithium.active] > 0) x[State.A] = v[Lithium.active];
  }
  const ce_pct = (100 * sum[Sum.discharged]) / sum[Sum.charged];
  if (!(e.counted && e.balanced)) refuse(known, Estimated.CoulombicEfficiency_pct, Why.Incomplete);
  else if (sum[Sum.charged] > 0.5 * sum[Sum.discharged])
    publish(known, Estimated.CoulombicEfficiency_pct, ce_pct, 0.02, at_ms);
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
  x[State.R] = x[State.A] * sum[Sum.kneeSaturation] * sum[Sum.kneeSaturation];
  sum[Sum.charged] = sum[Sum.discharged] = sum[Sum.stripped] = sum[Sum.sinceTop] = sum[Sum.lost] = 0;
  v[Lithium.top] = -1;
  e.counted = e.balanced = e.trouble === Why.Valid;
}

/** Active lithium after the main discharge: by a slow strip where there was one, else by the knee as strips have corrected it. */
function findActive(e: Estimator): void {
  const v = e.v;
  const sum = e.sum;
  const byKnee = sum[Sum.kneeActive];
  if (sum[Sum.stripped] > 0) {
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
  const w = v[Lithium.saturation];
  publish(known, Estimated.Lambda_mAh, v[Lithium.lambda] * area, v[Lithium.lambdaSigma] * area, at_ms);
  publish(known, Estimated.Cathode_mAh, v[Lithium.cathode] * area, 0.01 * v[Lithium.cathode] * area, at_ms);
  publish(known, Estimated.Active_mAh, v[Lithium.active] * area, v[Lithium.activeSigma] * area, at_ms);
  publish(known, Estimated.Residual_mAh, v[Lithium.active] * w * w * area, v[Lithium.activeSigma] * area, at_ms);
  publish(known, Estimated.Isolated_mAh, v[Lithium.isolated] * area, v[Lithium.isolatedSigma] * area, at_ms);
  publish(known, Estimated.Dead_mAh, v[Lithium.dead] * area, v[Lithium.deadSigma] * area, at_ms);
  publish(known, Estimated.Sei_mAh, v[Lithium.sei] * area, v[Lithium.seiSigma] * area, at_ms);
}

function refuseInventory(known: Estimates, why: Why): void {
  for (let what = Estimated.Lambda_mAh; what <= Estimated.Sei_mAh; what++) refuse(known, what, why);
}
