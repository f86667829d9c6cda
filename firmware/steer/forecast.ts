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
import { learnBurst, watchBurst } from './burst';
import { FIRST_SIGMA, Foreseen, LEAST_ACTIVE, Run, SEEN_SIGMA, type Forecast } from './foreseen';
import { Limit } from './limits';

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
/** The same of the estimator's own numbers, for a power outside bursts. */
const CRUISE_SIGMA = 0.2;
/** Share of each charge's lithium that may be lost unseen, until a whole discharge shows what there is. */
const UNSEEN_LOSS = 0.02;
/** A burst's saturation above which it tells more than the bursts before. */
const TELLING = 0.5;
/** Change of kappa's and the electrolyte's pace's scales together that makes another electrolyte of it. */
const ANOTHER = 0.08;
/** Above this saturation it is the electrolyte that has ended it. Nothing is promised beyond the second: the rest may go in a second. */
const SATURATED = 0.8;
const PROMISED_SATURATION = 0.975;
/** Voltages are told up to this saturation. */
const MOST_SATURATED = 0.995;

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
