/**
 * Polarization, once a second: how much of the voltage is concentration overpotential, how much ohmic and reaction, and how
 * much lithium is still active.
 *
 * The model's equations for electrolyte, charge transfer and cathode run along with the measured current (docs/model.md). What
 * the voltage says beyond them corrects, by a Kalman filter, an offset b of the open-circuit voltage, a scale rho of the fast
 * (ohmic and reaction) overpotentials and a scale h of 1 / i_L; near the end of a discharge it corrects the active lithium
 * instead. Current alone cannot tell fast from slow: interrupts do (interrupt.ts).
 */
import { Parameter as M } from './cellModel';
import { Sum, type Estimator } from './estimator';
import { Lithium } from './inventory';
import { openCircuit_V, openCircuitSlope_V } from './openCircuit';
import { Factor, State } from './state';

/** The least active lithium [mAh/cm2]. */
const LEAST_ACTIVE = 0.001;
/** Saturation is kept off 1, where the logarithm ends. */
const SATURATED = 0.9999;
/** Above this saturation the end of the discharge has begun: the logarithm makes any error of the model large. */
export const KNEE_SATURATION = 0.8;
/** The concentration overpotential there, in units of kappa: ln((1 + w) / (1 - w)). */
const KNEE_KAPPAS = 2.2;
/** Below this active lithium, in units of the access constant, the voltage says more of it than of anything else. */
export const NEAR_END = 2.86;

/**
 * Variance of a second's voltage around the model [V2]: errors of the model last for minutes, so each second counts little. The
 * cathode's lag is one of them: in time it looks like concentration, so an error of it must not be learned as such.
 */
const PLATEAU_NOISE = 3e-4;
const LAG_NOISE = 1;
/** The same where the cathode is nearly full or empty and its kinetics are uncertain. */
const EDGE_NOISE = 3e-3;
const EDGE = 0.05;
const END_NOISE = 1e-4;
/** How far the cathode's state of charge may be off at the end of a discharge, where its voltage may be steep. */
const END_CHARGE_SIGMA = 0.004;
/** An error of the open-circuit curve stays alike over this part of the cathode's range, and then is another one. */
const CURVE_LENGTH = 0.15;
/** Growth of variances: of the scales with each nominal capacity moved, of the active lithium a second. */
const DRIFT_RHO = 0.02;
const DRIFT_H = 0.01;
const DRIFT_K = 0.001;
const DRIFT_A = 1e-7;
/** The fast part is best told by interrupts: what the plateau says of it counts for less. */
const RHO_GAIN = 0.35;
const MOST_VARIANCE = 0.25;

const GAS_J_MOL_K = 8.314;
/** 2RT/F at 25 degC. */
const RT2F_25C_V = (2 * GAS_J_MOL_K * 298.15) / 96485;
/** A thicker layer of inactive lithium counts as this one [mAh/cm2]. */
const THICKEST = 1.6;

/** Renews what follows from the temperature and the inactive lithium. */
export function setWarmth(f: Float64Array, m: Float64Array, x: Float64Array, temperature_C: number): void {
  const kelvin = temperature_C + 273.15;
  const e = (1 / 298.15 - 1 / kelvin) / GAS_J_MOL_K;
  const fD = Math.exp(m[M.EaD] * e);
  const fi0 = Math.exp(m[M.Eai0] * e);
  const layer = inactive(m, x);
  f[Factor.layer] = layer < 0 ? 0 : layer < THICKEST ? layer : THICKEST;
  f[Factor.warm] = fD;
  f[Factor.warmSei] = Math.exp(m[M.EaS] * e);
  f[Factor.warmIsolation] = Math.exp(m[M.EaI] * e);
  f[Factor.rateLag] = Math.exp(m[M.EaSol] * e) / m[M.taus];
  f[Factor.rt2F] = (2 * GAS_J_MOL_K * kelvin) / 96485;
  f[Factor.ohm] = (m[M.Rs] + m[M.kR] * f[Factor.layer]) / 1000 / Math.sqrt(fD);
  f[Factor.anode] = 2 * m[M.i0a] * fi0 * (m[M.sig0] + (1 - m[M.sig0]) * x[State.O]);
  f[Factor.cathode] = 2 * m[M.i0c] * fi0;
}

/** Renews what follows from these and from what was learned. */
export function setRates(e: Pick<Estimator, 'f' | 'm' | 'x' | 'v' | 'ocv'>): void {
  const f = e.f;
  const m = e.m;
  const x = e.x;
  const fD = f[Factor.warm];
  const tortuosity = 1 + m[M.chi] * f[Factor.layer];
  f[Factor.n] = tortuosity / (m[M.ilim] * fD);
  const fP = fD / x[State.pace];
  f[Factor.rate1] = fP / (m[M.tau1] * tortuosity);
  f[Factor.rate2] = fP / m[M.tau2];
  f[Factor.lag] = m[M.taud] / (3600 * e.v[Lithium.cathode] * e.v[Lithium.ratio] * m[M.taus] * f[Factor.rateLag]);
  f[Factor.slope] = openCircuitSlope_V(e.ocv, x[State.s]);
  f[Factor.kap] = (x[State.k] * m[M.kap] * f[Factor.rt2F]) / RT2F_25C_V;
  // The relaxations have to be made anew.
  f[Factor.dt] = 0;
}

/** What happens of the relaxations in `dt_s`. */
export function setStep(f: Float64Array, dt_s: number): void {
  f[Factor.dt] = dt_s;
  f[Factor.k1] = 1 - Math.exp(-dt_s * f[Factor.rate1]);
  f[Factor.k2] = 1 - Math.exp(-dt_s * f[Factor.rate2]);
  f[Factor.kdl] = 1 - Math.exp(-dt_s * f[Factor.rateLag]);
}

/** Inactive lithium gathered since formation. */
export function inactive(m: Float64Array, x: Float64Array): number {
  return x[State.I] + x[State.D] + x[State.S] - m[M.Sform] * x[State.formed];
}

/** Concentration overpotential at saturation `w`, between -1 and 1; positive in discharge. @param kap kappa of the model [V] */
export function concentration_V(kap: number, w: number): number {
  return kap * Math.log((1 + w) / (1 - w));
}

/** The saturation at which the concentration overpotential is `eta_V`. */
export function saturation(eta_V: number, kap: number): number {
  const z = Math.exp(eta_V / kap);
  return (z - 1) / (z + 1);
}

/** What one second has shown. */
export interface Polarization {
  etaConc_V: number;
  /** Ohmic and reaction, both electrodes: of the unscaled model, and as it was found. */
  fast_V: number;
  etaFast_V: number;
  /** Measured less modelled voltage. */
  innovation_V: number;
  knee: boolean;
}

/** Nothing has been shown yet: all of it is 0. */
export function createPolarization(): Polarization {
  return { etaConc_V: 0, fast_V: 0, etaFast_V: 0, innovation_V: 0, knee: false };
}

/** The cell runs on by the second that has ended: active lithium, electrolyte, cathode. */
export function runModel(e: Estimator): void {
  const x = e.x;
  const m = e.m;
  const f = e.f;
  const sum = e.sum;
  const i = sum[Sum.meanI];
  const dq = (i * sum[Sum.second_s]) / 3600;
  let A = x[State.A] - dq;
  if (A < LEAST_ACTIVE) A = LEAST_ACTIVE;
  const alpha = i > 0 ? Math.pow(A / (A + m[M.ah]), m[M.mA]) : 1;
  const N = (i * x[State.h] * f[Factor.n]) / alpha;
  const N1 = m[M.g1] * N;
  let w1 = x[State.w1];
  let w2 = x[State.w2];
  w1 += (N1 - w1) * f[Factor.k1];
  w2 += (N - N1 - w2) * f[Factor.k2];
  const w = w1 + w2;
  if (w > SATURATED || w < -SATURATED) {
    const scale = SATURATED / Math.abs(w);
    w1 *= scale;
    w2 *= scale;
  }
  let dl = x[State.dl];
  dl += (i * f[Factor.lag] - dl) * f[Factor.kdl];
  x[State.A] = A;
  x[State.s] -= dq / (e.v[Lithium.cathode] * e.v[Lithium.ratio]);
  x[State.dl] = dl;
  x[State.w1] = w1;
  x[State.w2] = w2;
  sum[Sum.alpha] = alpha;
  sum[Sum.lag_V] = f[Factor.slope] * dl;
}

/** What voltage the model has for it, and what of that is overpotential of which kind. */
export function splitVoltage(e: Estimator): void {
  const x = e.x;
  const f = e.f;
  const i = e.sum[Sum.meanI];
  let fast_V = 0;
  if (i !== 0) {
    const magnitude = i < 0 ? -i : i;
    const a = magnitude / (f[Factor.anode] * e.sum[Sum.alpha]);
    const c = magnitude / f[Factor.cathode];
    // The sum of two inverse hyperbolic sines.
    const both = Math.log((a + Math.sqrt(a * a + 1)) * (c + Math.sqrt(c * c + 1)));
    fast_V = i * f[Factor.ohm] + (i < 0 ? -both : both) * f[Factor.rt2F];
  }
  const w = x[State.w1] + x[State.w2];
  const kap = f[Factor.kap];
  const etaConc_V = kap * Math.log((1 + w) / (1 - w));
  const etaFast_V = x[State.rho] * fast_V;
  const innovation_V =
    e.sum[Sum.secondV] - openCircuit_V(e.ocv, x[State.s] - x[State.dl]) - x[State.b] + etaConc_V + etaFast_V;
  const out = e.polarization;
  out.etaConc_V = etaConc_V;
  out.fast_V = fast_V;
  out.etaFast_V = etaFast_V;
  out.innovation_V = innovation_V;
  // By the model, or by the voltage itself.
  out.knee = w > KNEE_SATURATION || etaConc_V - innovation_V > KNEE_KAPPAS * kap;
}

/** What is known grows old with the charge `dq` that has passed [mAh/cm2]. */
export function drift(e: Estimator, dq: number): void {
  const x = e.x;
  const curve_V = e.curve_V;
  // In nominal capacities.
  const u = (dq < 0 ? -dq : dq) / e.m[M.Qn];
  const keep = u < CURVE_LENGTH ? 1 - u / CURVE_LENGTH : 0;
  x[State.b] *= keep;
  x[State.bb] = x[State.bb] * keep * keep + (2 * curve_V * curve_V * u) / CURVE_LENGTH;
  x[State.br] *= keep;
  x[State.bh] *= keep;
  const rr = x[State.rr] + DRIFT_RHO * u;
  x[State.rr] = rr < MOST_VARIANCE ? rr : MOST_VARIANCE;
  const hh = x[State.hh] + DRIFT_H * u;
  x[State.hh] = hh < MOST_VARIANCE ? hh : MOST_VARIANCE;
  const kk = x[State.kk] + DRIFT_K * u;
  x[State.kk] = kk < MOST_VARIANCE ? kk : MOST_VARIANCE;
}

/** What the voltage of a steady discharge corrects: on the plateau, by a Kalman filter, b, rho and h. */
export function learn(e: Estimator): void {
  const x = e.x;
  const out = e.polarization;
  const s = x[State.s];
  const w = x[State.w1] + x[State.w2];
  const slope_V = (2 * e.f[Factor.kap] * w) / (1 - w * w + 1e-3);
  const lag_V = e.sum[Sum.lag_V];
  if (x[State.A] < NEAR_END * e.m[M.ah]) {
    const off_V = END_CHARGE_SIGMA * openCircuitSlope_V(e.ocv, s - x[State.dl]);
    correctActive(e, slope_V, off_V * off_V + 0.01 * lag_V * lag_V);
    return;
  }
  if (w >= KNEE_SATURATION) return;
  const h = x[State.h];
  const a = -out.fast_V;
  const c = (-slope_V * w) / h;
  const br = x[State.br];
  const bh = x[State.bh];
  const rh = x[State.rh];
  const rr = x[State.rr];
  const hh = x[State.hh];
  const gb = x[State.bb] + a * br + c * bh;
  const gr = br + a * rr + c * rh;
  const gh = bh + a * rh + c * hh;
  const noise = s > 1 - EDGE || s < EDGE ? EDGE_NOISE : PLATEAU_NOISE + LAG_NOISE * lag_V * lag_V;
  const variance = gb + a * gr + c * gh + noise;
  const off_V = out.innovation_V;
  let by = off_V / variance;
  // Four standard deviations are the most that one second says.
  if (off_V * off_V > 16 * variance) by = (off_V < 0 ? -4 : 4) / Math.sqrt(variance);
  x[State.b] += gb * by;
  const rho = x[State.rho] + RHO_GAIN * gr * by;
  x[State.rho] = rho < 0.3 ? 0.3 : rho < 4 ? rho : 4;
  let scale = h + gh * by;
  scale = (scale < 0.3 ? 0.3 : scale < 3 ? scale : 3) / h;
  x[State.w1] *= scale;
  x[State.w2] *= scale;
  x[State.h] = h * scale;
  const kb = gb / variance;
  const bb = x[State.bb] - gb * kb;
  x[State.bb] = bb > 1e-8 ? bb : 1e-8;
  x[State.br] = br - gr * kb;
  x[State.bh] = bh - gh * kb;
  const kr = gr / variance;
  const rrLeft = rr - RHO_GAIN * gr * kr;
  x[State.rr] = rrLeft > 1e-5 ? rrLeft : 1e-5;
  x[State.rh] = rh - gh * kr;
  const hhLeft = hh - (gh * gh) / variance;
  x[State.hh] = hhLeft > 1e-5 ? hhLeft : 1e-5;
}

/** Near the end, where the accessible area falls and the voltage with it: a filter for the active lithium alone. */
function correctActive(e: Estimator, slope_V: number, noise: number): void {
  const x = e.x;
  const A = x[State.A];
  const ah = e.m[M.ah];
  const dt_s = e.sum[Sum.second_s];
  const AA = x[State.AA] + DRIFT_A * dt_s;
  const slope = (slope_V * (x[State.w1] + x[State.w2]) * e.m[M.mA] * ah) / (A * (A + ah));
  const variance = slope * slope * AA + END_NOISE + noise;
  const gain = (slope * AA) / variance;
  const bound = 3 * Math.sqrt(variance);
  const most = 0.02 * dt_s;
  const found = A + within(-most, gain * within(-bound, e.polarization.innovation_V, bound), most);
  x[State.A] = found > LEAST_ACTIVE ? found : LEAST_ACTIVE;
  x[State.AA] = AA * (1 - gain * slope);
}

function within(least: number, value: number, most: number): number {
  return value < least ? least : value < most ? value : most;
}
