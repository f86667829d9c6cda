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
import { openCircuit_V, openCircuitSlope_V } from './openCircuit';

/** The running state, in one array: an index costs the interpreter less than a name. Capacities in mAh/cm2. */
export enum State {
  /** Cathode state of charge; active lithium; electrolyte saturation, slow and fast mode; cathode lag. */
  s,
  A,
  w1,
  w2,
  dl,
  /** The three adapted numbers and their covariance (upper triangle). */
  b,
  rho,
  h,
  bb,
  br,
  bh,
  rr,
  rh,
  hh,
  /** Variance of the active lithium. */
  AA,
  /** Overlap, roughness, and the pools of lithium outside the cathode; residue left by the last discharge. */
  O,
  P,
  I,
  D,
  S,
  R,
  /** How far the first SEI has formed, 0 to 1. */
  formed,
  /** Learned from interrupts: scale of the electrolyte's time constants, of kappa with its variance, exponent of the recovery. */
  pace,
  k,
  kk,
  p,
  length,
}

/** What follows from temperature and inactive lithium; renewed once a minute. */
export enum Factor {
  /** Stripping number per current density, without h [cm2/mA]. */
  n,
  /** How much faster the electrolyte is than at 25 degC. */
  warm,
  /** Relaxation of the lagged states in `dt`. */
  k1,
  k2,
  kdl,
  dt,
  /** Cathode lag per current density. */
  lag,
  /** Ohmic [V cm2/mA], 2RT/F [V], twice the exchange current densities [mA/cm2], kappa [V]. */
  ohm,
  rt2F,
  anode,
  cathode,
  kap,
  /** Slope of the open-circuit voltage where the cathode is [V]. */
  slope,
  length,
}

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

/** Renews the factors for this temperature, time step, cathode capacity and state. */
export function setFactors(
  f: Float64Array,
  m: Float64Array,
  x: Float64Array,
  temperature_C: number,
  dt_s: number,
  ocv: Float64Array,
  cathode_mAh_cm2: number,
): void {
  const kelvin = temperature_C + 273.15;
  const e = (1 / 298.15 - 1 / kelvin) / GAS_J_MOL_K;
  const fD = Math.exp(m[M.EaD] * e);
  const fi0 = Math.exp(m[M.Eai0] * e);
  const fSol = Math.exp(m[M.EaSol] * e);
  const layer = Math.max(0, Math.min(1.6, inactive(m, x)));
  const tortuosity = 1 + m[M.chi] * layer;
  f[Factor.n] = tortuosity / (m[M.ilim] * fD);
  f[Factor.warm] = fD;
  f[Factor.dt] = dt_s;
  const fP = fD / x[State.pace];
  f[Factor.k1] = 1 - Math.exp((-dt_s * fP) / (m[M.tau1] * tortuosity));
  f[Factor.k2] = 1 - Math.exp((-dt_s * fP) / m[M.tau2]);
  f[Factor.kdl] = 1 - Math.exp((-dt_s * fSol) / m[M.taus]);
  f[Factor.lag] = m[M.taud] / (3600 * cathode_mAh_cm2 * fSol);
  f[Factor.ohm] = (m[M.Rs] + m[M.kR] * layer) / 1000 / Math.sqrt(fD);
  f[Factor.rt2F] = (2 * GAS_J_MOL_K * kelvin) / 96485;
  f[Factor.anode] = 2 * m[M.i0a] * fi0 * (m[M.sig0] + (1 - m[M.sig0]) * x[State.O]);
  f[Factor.cathode] = 2 * m[M.i0c] * fi0;
  f[Factor.slope] = openCircuitSlope_V(ocv, x[State.s]);
  f[Factor.kap] = (x[State.k] * m[M.kap] * kelvin) / 298.15;
}

/** Inactive lithium gathered since formation. */
export function inactive(m: Float64Array, x: Float64Array): number {
  return x[State.I] + x[State.D] + x[State.S] - m[M.Sform] * x[State.formed];
}

export function concentration_V(kap: number, w: number): number {
  return kap * Math.log((1 + w) / (1 - w));
}

/** The saturation at which the concentration overpotential is `eta_V`. */
export function saturation(eta_V: number, kap: number): number {
  const z = Math.exp(eta_V / kap);
  return (z - 1) / (z + 1);
}

function asinh(z: number): number {
  return z < 0 ? -Math.log(Math.sqrt(z * z + 1) - z) : Math.log(z + Math.sqrt(z * z + 1));
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

export function createPolarization(): Polarization {
  return { etaConc_V: 0, fast_V: 0, etaFast_V: 0, innovation_V: 0, knee: false };
}

/**
 * One step of `f[Factor.dt]` seconds at current density `i` [mA/cm2, discharge positive] and `voltage_V`.
 * @param curve variance of the open-circuit curve [V2]
 * @param learn whether the voltage may correct anything: in a steady discharge
 */
export function polarize(
  out: Polarization,
  x: Float64Array,
  m: Float64Array,
  f: Float64Array,
  ocv: Float64Array,
  cathode_mAh_cm2: number,
  i: number,
  voltage_V: number,
  curve: number,
  learn: boolean,
): void {
  const dq = (i * f[Factor.dt]) / 3600;
  const A = Math.max(0.001, x[State.A] - dq);
  const ah = m[M.ah];
  const alpha = i > 0 ? Math.pow(A / (A + ah), m[M.mA]) : 1;
  const N = (i * x[State.h] * f[Factor.n]) / alpha;
  const g1 = m[M.g1];
  let w1 = x[State.w1];
  let w2 = x[State.w2];
  w1 += (g1 * N - w1) * f[Factor.k1];
  w2 += (N - g1 * N - w2) * f[Factor.k2];
  let w = w1 + w2;
  if (w > SATURATED || w < -SATURATED) {
    const scale = SATURATED / Math.abs(w);
    w1 *= scale;
    w2 *= scale;
    w = w1 + w2;
  }
  const s = x[State.s] - dq / cathode_mAh_cm2;
  const dl = x[State.dl] + (i * f[Factor.lag] - x[State.dl]) * f[Factor.kdl];
  x[State.A] = A;
  x[State.s] = s;
  x[State.dl] = dl;
  x[State.w1] = w1;
  x[State.w2] = w2;
  let fast_V = 0;
  if (i !== 0)
    fast_V = i * f[Factor.ohm] + f[Factor.rt2F] * (asinh(i / (f[Factor.anode] * alpha)) + asinh(i / f[Factor.cathode]));
  const etaConc_V = concentration_V(f[Factor.kap], w);
  const etaFast_V = x[State.rho] * fast_V;
  const innovation_V = voltage_V - (openCircuit_V(ocv, s - dl) + x[State.b] - etaConc_V - etaFast_V);
  out.etaConc_V = etaConc_V;
  out.fast_V = fast_V;
  out.etaFast_V = etaFast_V;
  out.innovation_V = innovation_V;
  // By the model, or by the voltage itself.
  out.knee = w > KNEE_SATURATION || etaConc_V - innovation_V > KNEE_KAPPAS * f[Factor.kap];
  if (dq !== 0) drift(x, (dq < 0 ? -dq : dq) / m[M.Qn], curve);
  if (!learn) return;
  const slope_V = (2 * f[Factor.kap] * w) / (1 - w * w + 1e-3);
  const lag_V = f[Factor.slope] * dl;
  if (A < NEAR_END * ah) {
    const off_V = END_CHARGE_SIGMA * openCircuitSlope_V(ocv, s - dl);
    correctActive(x, m, f[Factor.dt], slope_V, innovation_V, off_V * off_V + 0.01 * lag_V * lag_V);
  } else if (w < KNEE_SATURATION)
    correctScales(
      x,
      fast_V,
      slope_V,
      innovation_V,
      s > 1 - EDGE || s < EDGE ? EDGE_NOISE : PLATEAU_NOISE + LAG_NOISE * lag_V * lag_V,
    );
}

/** What is known grows old with the charge `u` [nominal capacities] that has passed. */
function drift(x: Float64Array, u: number, curve: number): void {
  const keep = u < CURVE_LENGTH ? 1 - u / CURVE_LENGTH : 0;
  x[State.b] *= keep;
  x[State.bb] = x[State.bb] * keep * keep + (2 * curve * u) / CURVE_LENGTH;
  x[State.br] *= keep;
  x[State.bh] *= keep;
  x[State.rr] = Math.min(MOST_VARIANCE, x[State.rr] + DRIFT_RHO * u);
  x[State.hh] = Math.min(MOST_VARIANCE, x[State.hh] + DRIFT_H * u);
  x[State.kk] = Math.min(MOST_VARIANCE, x[State.kk] + DRIFT_K * u);
}

/** On the plateau: the Kalman filter for b, rho and h. */
function correctScales(x: Float64Array, fast_V: number, slope_V: number, innovation_V: number, noise: number): void {
  const h = x[State.h];
  const a = -fast_V;
  const c = (-slope_V * (x[State.w1] + x[State.w2])) / h;
  const bb = x[State.bb];
  const br = x[State.br];
  const bh = x[State.bh];
  const rr = x[State.rr];
  const rh = x[State.rh];
  const hh = x[State.hh];
  const gb = bb + a * br + c * bh;
  const gr = br + a * rr + c * rh;
  const gh = bh + a * rh + c * hh;
  const variance = gb + a * gr + c * gh + noise;
  const bound = 4 * Math.sqrt(variance);
  const e = (innovation_V > bound ? bound : innovation_V < -bound ? -bound : innovation_V) / variance;
  x[State.b] += gb * e;
  x[State.rho] = Math.min(4, Math.max(0.3, x[State.rho] + RHO_GAIN * gr * e));
  const scaled = Math.min(3, Math.max(0.3, h + gh * e));
  x[State.w1] *= scaled / h;
  x[State.w2] *= scaled / h;
  x[State.h] = scaled;
  x[State.bb] = Math.max(1e-8, bb - (gb * gb) / variance);
  x[State.rr] = Math.max(1e-5, rr - (RHO_GAIN * (gr * gr)) / variance);
  x[State.hh] = Math.max(1e-5, hh - (gh * gh) / variance);
  x[State.br] = br - (gb * gr) / variance;
  x[State.bh] = bh - (gb * gh) / variance;
  x[State.rh] = rh - (gr * gh) / variance;
}

/** Near the end, where the accessible area falls and the voltage with it: a filter for the active lithium alone. */
function correctActive(
  x: Float64Array,
  m: Float64Array,
  dt_s: number,
  slope_V: number,
  innovation_V: number,
  noise: number,
): void {
  const A = x[State.A];
  const ah = m[M.ah];
  const AA = x[State.AA] + DRIFT_A * dt_s;
  const slope = (slope_V * (x[State.w1] + x[State.w2]) * m[M.mA] * ah) / (A * (A + ah));
  const variance = slope * slope * AA + END_NOISE + noise;
  const bound = 3 * Math.sqrt(variance);
  const e = innovation_V > bound ? bound : innovation_V < -bound ? -bound : innovation_V;
  const gain = (slope * AA) / variance;
  const most = 0.02 * dt_s;
  x[State.A] = Math.max(0.001, A + Math.max(-most, Math.min(most, gain * e)));
  x[State.AA] = AA * (1 - gain * slope);
}
