/**
 * Forecast for a cell of which power is demanded, not chosen: how long the present power can go on, and whether a burst of known
 * power and duration (a landing) is still affordable.
 *
 * The estimator's model is run ahead at constant power in a few long steps, one a second, from the state it is in: both modes of the
 * electrolyte, the accessible area that shrinks with the active lithium, the cathode and its lag. The end is where the saturation
 * reaches what the voltage above the cut-off leaves room for.
 *
 * The estimator learns at cruise, and near the limiting current a kappa off by a fifth is a fifth of the stripping number. So each
 * burst begun on a part-empty cell, thus each landing, teaches a scale of that number, the surer the nearer to saturation it came.
 * Before the first one, and after an interrupt that has changed the estimator's electrolyte, the interval is wide.
 */
import { Parameter as M } from '../estimate/cellModel';
import { isLost } from '../estimate/cycle';
import { Why } from '../estimate/estimates';
import { Sum, type Estimator } from '../estimate/estimator';
import { Lithium } from '../estimate/inventory';
import { openCircuit_V } from '../estimate/openCircuit';
import { concentration_V, saturation } from '../estimate/polarization';
import { Factor, State } from '../estimate/state';
import { Limit } from './limits';

/** What is foreseen. A time of 0 whose run began at 0 ms: nothing yet, or nothing any more. */
export enum Foreseen {
  /** Until a limit at the present power [s], one standard deviation, and which `Limit`; counted from `at_ms`. */
  SecondsLeft_s,
  SecondsLeftSigma_s,
  LimitedBy,
  /** The same for the burst if it began at `burstAt_ms`; no more than 1.4 times what was asked, with Limit.None. */
  BurstLasts_s,
  BurstLastsSigma_s,
  BurstLimitedBy,
  /** When the two runs began [ms]: at most half a minute ago. */
  at_ms,
  burstAt_ms,
  /** Stripping number found in bursts over the estimator's, and the standard deviation of its logarithm. */
  Scale,
  ScaleSigma,
  length,
}

/** The run ahead that is under way. Per cm2; the limits are those it runs into. */
enum Run {
  burst,
  power,
  steps,
  time_s,
  longest_s,
  least_V,
  began_ms,
  w1,
  w2,
  /** What is left of the saturation that it began with. */
  free,
  lag,
  A,
  s,
  voltage_V,
  fall_V,
  /** Fast overpotential per current density [V cm2/mA]. */
  fast,
  /** Stripping number per current density with the whole area accessible. Share by which less is promised, standard deviation of the active lithium. */
  demand,
  doubt,
  sigmaA,
  /** Longest step; the cathode's capacity, time constants of the electrolyte. */
  most_s,
  cathode,
  tau1,
  tau2,
  /** How much saturation was left before the last step; the least, and when that came to its end (-1: not yet). */
  room,
  leastRoom,
  least_s,
  /** The burst asked for: power [mW/cm2] and duration. */
  asked,
  asked_s,
  /** Power of now that the forecast is for. */
  present,
  /** Whether this second was for watching. */
  watch,
  /** Of the burst under way, 0: none: the estimator's h, rho, state of charge and active less the cathode's lithium at its beginning. */
  h,
  rho,
  began,
  offset,
  /** Both modes of the saturation: what is left of the beginning's, and what the burst has made by the model. */
  free1,
  free2,
  forced1,
  forced2,
  /** The saturation by the voltage; what it makes of the scale. */
  w,
  seen,
  /** What the scale was learned with: h, the same lithium, and kappa's scale and the pace together; 0: not learned. */
  learnedH,
  learnedOffset,
  learnedOf,
  length,
}

/** A forecast: `value` is indexed by `Foreseen`, `run` is the run ahead under way. `why`: whether it may be used, or why not. */
export interface Forecast {
  value: Float64Array;
  run: Float64Array;
  why: Why;
}

/** Standard deviations between what is expected and what is promised: 99 % and a margin for a tail longer than the normal one. */
export const PROMISE_SIGMAS = 2.6;
/** A burst is run ahead for this many times its duration; anything else for two hours. */
const HORIZON = 1.4;
const LONGEST_S = 7200;
const MOST_STEPS = 12;
/** A step takes this share of the lithium that is left, in a burst no more than this part of it; and at least so long. */
const SHARE_OF_LITHIUM = 0.25;
const PART_OF_BURST = 0.2;
const LEAST_S = 1;
/** Any power above this part of the burst's is a burst; another power is one that differs by this part. */
const BURST_PART = 0.5;
const OTHER_PART = 0.2;
/** Log standard deviation of the scale before any burst; what it grows by from burst to burst. */
const FIRST_SIGMA = 0.23;
const DRIFT_SIGMA = 0.03;
/** How well a burst shows it: at saturation, and more for each part that the saturation stayed below. */
const SEEN_SIGMA = 0.035;
const UNSATURATED_SIGMA = 0.1;
/** The same of the estimator's own numbers, for a power outside bursts. */
const CRUISE_SIGMA = 0.2;
/** Share of each charge's lithium that may be lost unseen, until a whole discharge shows what there is. */
const UNSEEN_LOSS = 0.02;
/** A scale beyond this or its inverse is no scale. */
const LEAST_SCALE = 0.2;
/** A burst begun above this state of charge teaches nothing: there the estimator knows the resistance least. */
const FRESH = 0.85;
/** A burst's saturation above which it tells more than the bursts before. */
const TELLING = 0.5;
/** Change of kappa's and the electrolyte's pace's scales together that makes another electrolyte of it. */
const ANOTHER = 0.08;
/** Above this saturation it is the electrolyte that has ended it. Nothing is promised beyond the second: the rest may go in a second. */
const SATURATED = 0.8;
const PROMISED_SATURATION = 0.975;
/** Voltages are told up to this saturation. */
const MOST_SATURATED = 0.995;
const LEAST_ACTIVE = 0.001;

/** Nothing is foreseen yet, and no burst has taught anything. */
export function createForecast(): Forecast {
  const value = new Float64Array(Foreseen.length);
  value[Foreseen.Scale] = 1;
  value[Foreseen.ScaleSigma] = FIRST_SIGMA;
  return { value: value, run: new Float64Array(Run.length), why: Why.NotYet };
}

/** The burst that has to stay affordable: power of the cell [mW] and duration [s]; 0 or less: none. */
export function setBurst(f: Forecast, e: Estimator, power_mW: number, time_s: number): void {
  f.run[Run.asked] = power_mW / e.area_cm2;
  f.run[Run.asked_s] = time_s;
  f.run[Run.steps] = 0;
  f.value[Foreseen.BurstLasts_s] = 0;
}

/** Whether the burst, begun now, would last as long as was asked, with 99 % confidence. Never where the estimator is not to be trusted. */
export function burstAffordable(f: Forecast): boolean {
  const value = f.value;
  const asked_s = f.run[Run.asked_s];
  return (
    f.why === Why.Valid &&
    asked_s > 0 &&
    value[Foreseen.BurstLasts_s] - PROMISE_SIGMAS * value[Foreseen.BurstLastsSigma_s] >= asked_s
  );
}

/**
 * To be called once a second, after the estimator.
 * @param power_mW that the cell gives now; charging counts as none @param most_mA limit of the current, more than 0
 */
export function foresee(f: Forecast, e: Estimator, power_mW: number, most_mA: number, now_ms: number): void {
  const run = f.run;
  const value = f.value;
  f.why =
    e.f[Factor.kap] === 0 ? Why.NotYet : e.trouble !== Why.Valid ? e.trouble : isLost(e) ? Why.NoAnchor : Why.Valid;
  if (f.why !== Why.Valid) {
    value.fill(0, 0, Foreseen.Scale);
    run[Run.steps] = run[Run.h] = 0;
    return;
  }
  const power = power_mW > 0 ? power_mW / e.area_cm2 : 0;
  // Another power: what was foreseen for the one before holds no more.
  if (Math.abs(power - run[Run.present]) > OTHER_PART * run[Run.present]) {
    run[Run.present] = power;
    value.fill(0, 0, Foreseen.BurstLasts_s);
    run[Run.steps] = value[Foreseen.at_ms] = 0;
    run[Run.burst] = 1;
  }
  // In a burst, a second is for watching it or for looking ahead.
  const burst = run[Run.asked] > 0 && power > BURST_PART * run[Run.asked];
  run[Run.watch] = burst && (run[Run.h] === 0 || run[Run.watch] === 0) ? 1 : 0;
  if (run[Run.watch] > 0) watchBurst(f, e);
  else if (run[Run.h] > 0 && !burst) learnBurst(f, e);
  else if (run[Run.steps] > 0) step(f, e);
  else begin(f, e, power, most_mA, now_ms);
}

/**
 * In a burst, every other second: what the voltage says of the saturation over what the model makes of it, by the numbers known when
 * it began.
 */
function watchBurst(f: Forecast, e: Estimator): void {
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
function learnBurst(f: Forecast, e: Estimator): void {
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

/** Begins a run from the present state: the burst's and the present power's take turns. */
function begin(f: Forecast, e: Estimator, power: number, most_mA: number, now_ms: number): void {
  const run = f.run;
  const x = e.x;
  const factors = e.f;
  const burst = run[Run.burst] === 0 && run[Run.asked] > 0;
  let A = x[State.A];
  let w = x[State.w1] + x[State.w2];
  run[Run.w1] = x[State.w1];
  run[Run.w2] = x[State.w2];
  run[Run.burst] = burst ? 1 : 0;
  run[Run.longest_s] = burst ? HORIZON * run[Run.asked_s] : LONGEST_S;
  run[Run.most_s] = burst || run[Run.h] > 0 ? PART_OF_BURST * run[Run.asked_s] : LONGEST_S;
  const cathode = e.v[Lithium.cathode] * e.v[Lithium.ratio];
  let sigma = 0;
  if (burst) power = run[Run.asked];
  if (burst || run[Run.h] > 0) {
    const value = f.value;
    // An interrupt that has taught the estimator another electrolyte makes what bursts have shown a tale of the old one.
    if (Math.abs(x[State.k] + x[State.pace] - run[Run.learnedOf]) > ANOTHER) {
      value[Foreseen.Scale] = Math.max(1, value[Foreseen.Scale]);
      value[Foreseen.ScaleSigma] = FIRST_SIGMA;
      run[Run.learnedOf] = 0;
    }
    let scale = value[Foreseen.Scale];
    let h = x[State.h];
    if (run[Run.h] > 0) {
      h = run[Run.h];
      A = run[Run.offset] + cathode * x[State.s];
      if (run[Run.w] > TELLING && run[Run.seen] > scale) scale = run[Run.seen];
      run[Run.w1] = run[Run.free1] + scale * run[Run.forced1];
      run[Run.w2] = run[Run.free2] + scale * run[Run.forced2];
      w = Math.min(MOST_SATURATED, run[Run.w1] + run[Run.w2]);
    }
    // Ageing takes lithium and adds resistance: the state that was learned from bounds what is believed now.
    if (burst && run[Run.learnedOf] > 0) {
      if (run[Run.learnedH] > h) h = run[Run.learnedH];
      A = Math.min(A, run[Run.learnedOffset] + cathode * x[State.s]);
    }
    A = Math.max(LEAST_ACTIVE, A);
    run[Run.demand] = scale * h * factors[Factor.n];
    sigma = run[Run.h] > 0 ? FIRST_SIGMA : value[Foreseen.ScaleSigma];
    const byA = (e.m[M.mA] * e.m[M.ah]) / (A * (A + e.m[M.ah]));
    sigma = Math.sqrt(sigma * sigma + byA * byA * x[State.AA]);
    run[Run.sigmaA] = 0;
  } else {
    run[Run.demand] = x[State.h] * factors[Factor.n];
    sigma = SEEN_SIGMA + CRUISE_SIGMA * (1 - w);
    // Lithium that cycles have cost since a discharge has last shown how much there is.
    run[Run.sigmaA] = Math.sqrt(x[State.AA]) + UNSEEN_LOSS * Math.max(0, e.sum[Sum.charged] - e.m[M.Qn]);
  }
  run[Run.free] = w;
  run[Run.doubt] = PROMISE_SIGMAS * sigma;
  run[Run.cathode] = cathode;
  run[Run.tau1] = e.m[M.tau1] * x[State.pace] * e.m[M.ilim] * factors[Factor.n];
  run[Run.tau2] = (e.m[M.tau2] * x[State.pace]) / factors[Factor.warm];
  run[Run.power] = power;
  if (!(power > 0)) return;
  run[Run.began_ms] = now_ms;
  run[Run.time_s] = run[Run.fall_V] = 0;
  run[Run.least_s] = -1;
  const least_V = Math.max(e.dischargeTo_V, (power * e.area_cm2) / most_mA);
  run[Run.lag] = x[State.dl];
  run[Run.A] = A;
  run[Run.s] = x[State.s];
  // As one resistance: the reaction's share falls a little as the current rises.
  const open_V = openCircuit_V(e.ocv, x[State.s] - x[State.dl]) + x[State.b];
  const i = power / open_V;
  const y = i / (factors[Factor.anode] * Math.pow(A / (A + e.m[M.ah]), e.m[M.mA]));
  const z = i / factors[Factor.cathode];
  const reaction_V = factors[Factor.rt2F] * Math.log((y + Math.sqrt(y * y + 1)) * (z + Math.sqrt(z * z + 1)));
  run[Run.fast] = x[State.rho] * (factors[Factor.ohm] + reaction_V / i);
  run[Run.voltage_V] = open_V - i * run[Run.fast] - concentration_V(factors[Factor.kap], w);
  // At its end no more than the cut-off and what the fast overpotential takes is left of the voltage.
  run[Run.least_V] = least_V;
  const end = saturation(open_V - least_V - (run[Run.fast] * power) / least_V, factors[Factor.kap]);
  run[Run.room] = Math.max(0, end - w);
  run[Run.leastRoom] = Math.max(0, Math.min(end, PROMISED_SATURATION) - w);
  run[Run.steps] = 1;
}

/** One step of the run; at its end the result is published. */
function step(f: Forecast, e: Estimator): void {
  const run = f.run;
  const m = e.m;
  const kap = e.f[Factor.kap];
  const cathode = run[Run.cathode];
  const power = run[Run.power];
  const least_V = run[Run.least_V];
  let A = run[Run.A];
  let s = run[Run.s];
  const left = A < s * cathode ? A : s * cathode;
  let voltage_V = run[Run.voltage_V] + 0.5 * run[Run.fall_V];
  const i = power / (voltage_V > least_V ? voltage_V : least_V);
  let dt_s = (SHARE_OF_LITHIUM * 3600 * left) / i;
  if (dt_s > run[Run.most_s]) dt_s = run[Run.most_s];
  if (!(dt_s > LEAST_S)) dt_s = LEAST_S;
  const dq = (i * dt_s) / 3600;
  // The area in the middle of the step.
  A -= 0.5 * dq;
  if (!(A > LEAST_ACTIVE)) A = LEAST_ACTIVE;
  const N = (i * run[Run.demand]) / Math.pow(A / (A + m[M.ah]), m[M.mA]);
  A -= 0.5 * dq;
  s -= dq / cathode;
  const keep = Math.exp(-dt_s / run[Run.tau1]);
  const slow = m[M.g1] * N;
  const fast = N - slow;
  const w1 = slow + (run[Run.w1] - slow) * keep;
  const w2 = fast + (run[Run.w2] - fast) * Math.exp(-dt_s / run[Run.tau2]);
  const lag = run[Run.lag] + ((i * e.f[Factor.lag] - run[Run.lag]) * dt_s) / (dt_s + m[M.taus]);
  const free = run[Run.free] * keep;
  run[Run.A] = A;
  run[Run.s] = s;
  run[Run.w1] = w1;
  run[Run.w2] = w2;
  run[Run.lag] = lag;
  run[Run.free] = free;
  let w = w1 + w2;
  const open_V = openCircuit_V(e.ocv, s - lag) + e.x[State.b];
  const z = Math.exp((open_V - least_V - (run[Run.fast] * power) / least_V) / kap);
  const end = (z - 1) / (z + 1);
  const room = end - w;
  const leastRoom = (end < PROMISED_SATURATION ? end : PROMISED_SATURATION) - w - (w - free) * run[Run.doubt];
  const time_s = run[Run.time_s] + dt_s;
  run[Run.time_s] = time_s;
  if (leastRoom <= 0 && run[Run.least_s] < 0)
    run[Run.least_s] = time_s + (dt_s * leastRoom) / (run[Run.leastRoom] - leastRoom);
  if (room <= 0 || time_s >= run[Run.longest_s] || run[Run.steps] >= MOST_STEPS) {
    const lasts_s = room <= 0 ? time_s + (dt_s * room) / (run[Run.room] - room) : time_s;
    const what = run[Run.burst] > 0 ? Foreseen.BurstLasts_s : Foreseen.SecondsLeft_s;
    const byPower_s = run[Run.least_s] < 0 ? 0 : (lasts_s - run[Run.least_s]) / PROMISE_SIGMAS;
    const byLithium_s = (3600 * run[Run.sigmaA]) / i;
    f.value[what] = lasts_s;
    f.value[what + 1] = Math.sqrt(byPower_s * byPower_s + byLithium_s * byLithium_s);
    f.value[what + 2] =
      room > 0
        ? Limit.None
        : least_V > e.dischargeTo_V
          ? Limit.Configured
          : end > SATURATED
            ? Limit.Saturation
            : Limit.Voltage;
    f.value[Foreseen.at_ms + run[Run.burst]] = run[Run.began_ms];
    run[Run.steps] = 0;
    return;
  }
  run[Run.room] = room;
  run[Run.leastRoom] = leastRoom;
  run[Run.steps]++;
  if (w > MOST_SATURATED) w = MOST_SATURATED;
  voltage_V = open_V - i * run[Run.fast] - kap * Math.log((1 + w) / (1 - w));
  run[Run.fall_V] = voltage_V - run[Run.voltage_V];
  run[Run.voltage_V] = voltage_V;
}
