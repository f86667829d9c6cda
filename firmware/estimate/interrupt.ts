/**
 * An interrupt of the discharge, ten seconds without current: tells ohmic and reaction overpotential, which vanish at once,
 * from concentration overpotential, which takes time (paper 000, Figure 4d).
 *
 * The saturation that the voltages show after the first two seconds is drawn back to the moment of the interrupt as a power of
 * time, a - b t^p. Charge transfer is over by then; diffusion begins with p = 1/2, a single slow mode goes with p = 1, and p
 * follows from how much of the recovery comes late. At a, concentration overpotential was all there was.
 */
import { Parameter as M } from './cellModel';
import { openCircuit_V, openCircuitSlope_V } from './openCircuit';
import { concentration_V, Factor, NEAR_END, saturation, State } from './polarization';

/** What was so at the interrupt, and the voltages seen since. */
export enum Seen {
  /** How many of the three voltages have been taken. */
  count,
  voltage_V,
  ocv_V,
  slope_V,
  lag,
  w,
  etaConc_V,
  /** Fast overpotential of the unscaled model. */
  fast_V,
  first_V,
  first_s,
  second_V,
  second_s,
  /** The model's concentration overpotential at the first. */
  firstModel_V,
  length,
}

/** When the three voltages are taken. */
const FIRST_S = 1.5;
const SECOND_S = 4.5;
const THIRD_S = 9;

/** How sure an interrupt is of the two parts: a part that does not depend on them and a share of them. */
const CONC_SIGMA_V = 0.003;
const CONC_SIGMA = 0.03;
/** How far the cathode's lag, which looks like it, may be off, as a share. */
const LAG_SIGMA = 0.12;
const FAST_SIGMA_V = 0.001;
const FAST_SIGMA = 0.03;
/** The logarithm between saturation and voltage is believed in part only: kappa is uncertain, and a larger one is a straighter law. */
const HALF_WAY = 2.5;
/** Recovery of the saturation that says as much of its shape as was known before; below the least, nothing. */
const SHAPE_NOISE = 0.05;
const SHAPE_LEAST = 0.003;
const SMALLEST_V = 0.001;
/** Highest saturation that is likely far from the end, and how much of what is beyond it one interrupt takes back. */
const PLATEAU_SATURATION = 0.9;
const SATURATION_GAIN = 0.3;
/** How much of what one interrupt says of the electrolyte's pace is believed. */
const PACE_GAIN = 0.7;
const PACE_NOISE_V = 0.0005;

/** To be called in the last second with current. `fast_V` is the unscaled model's. */
export function beginInterrupt(
  seen: Float64Array,
  x: Float64Array,
  ocv: Float64Array,
  voltage_V: number,
  etaConc_V: number,
  fast_V: number,
): void {
  seen[Seen.count] = 0;
  seen[Seen.voltage_V] = voltage_V;
  seen[Seen.ocv_V] = openCircuit_V(ocv, x[State.s] - x[State.dl]) + x[State.b];
  seen[Seen.slope_V] = openCircuitSlope_V(ocv, x[State.s]);
  seen[Seen.lag] = x[State.dl];
  seen[Seen.w] = x[State.w1] + x[State.w2];
  seen[Seen.etaConc_V] = etaConc_V;
  seen[Seen.fast_V] = fast_V;
}

/**
 * A second without current, `since_s` after the interrupt; `etaConc_V` is the model's now.
 * @returns true once, when the interrupt has taught something
 */
export function watchInterrupt(
  seen: Float64Array,
  x: Float64Array,
  m: Float64Array,
  f: Float64Array,
  since_s: number,
  voltage_V: number,
  etaConc_V: number,
): boolean {
  const count = seen[Seen.count];
  if (count === 0 && since_s >= FIRST_S) {
    // Sparse samples say nothing of the first seconds.
    seen[Seen.count] = since_s < SECOND_S ? 1 : 3;
    seen[Seen.first_V] = voltage_V;
    seen[Seen.first_s] = since_s;
    seen[Seen.firstModel_V] = etaConc_V;
  } else if (count === 1 && since_s >= SECOND_S) {
    seen[Seen.count] = since_s < THIRD_S ? 2 : 3;
    seen[Seen.second_V] = voltage_V;
    seen[Seen.second_s] = since_s;
  } else if (count === 2 && since_s >= THIRD_S) {
    seen[Seen.count] = 3;
    return learn(seen, x, m, f, since_s, voltage_V, etaConc_V);
  }
  return false;
}

function learn(
  seen: Float64Array,
  x: Float64Array,
  m: Float64Array,
  f: Float64Array,
  third_s: number,
  third_V: number,
  modelNow_V: number,
): boolean {
  const kap = HALF_WAY * f[Factor.kap];
  const ocv_V = seen[Seen.ocv_V];
  const first = saturation(ocv_V - seen[Seen.first_V], kap);
  const second = saturation(ocv_V - seen[Seen.second_V], kap);
  const third = saturation(ocv_V - third_V, kap);
  if (first - second > SHAPE_LEAST) updateExponent(seen, x, third_s, first - second, second - third);
  const z = Math.pow(seen[Seen.first_s], x[State.p]);
  const began = first + ((first - third) * z) / (Math.pow(third_s, x[State.p]) - z);
  const etaConc_V = concentration_V(kap, began < 0.99 ? began : 0.99);
  const fast_V = ocv_V - etaConc_V - seen[Seen.voltage_V];
  if (!(etaConc_V > SMALLEST_V && fast_V > SMALLEST_V && seen[Seen.fast_V] > SMALLEST_V)) return false;
  const recovered_V = third_V - seen[Seen.first_V];
  if (recovered_V > SMALLEST_V) setPace(seen, x, m, third_s, recovered_V / etaConc_V, modelNow_V);
  scaleConcentration(seen, x, m, f, etaConc_V);
  scaleFast(seen, x, fast_V);
  return true;
}

/** The exponent at which the recovery's later part has its share of the whole. */
function updateExponent(seen: Float64Array, x: Float64Array, third_s: number, early: number, late: number): void {
  let low = 0.4;
  let high = 1;
  for (let turn = 0; turn < 8; turn++) {
    const p = 0.5 * (low + high);
    const middle = Math.pow(seen[Seen.second_s], p);
    const ratio = (Math.pow(third_s, p) - middle) / (middle - Math.pow(seen[Seen.first_s], p));
    if (ratio * early < late) low = p;
    else high = p;
  }
  const gain = (0.5 * early * early) / (early * early + SHAPE_NOISE * SHAPE_NOISE);
  x[State.p] += gain * (0.5 * (low + high) - x[State.p]);
}

/** Divides what the model misses between 1 / i_L (h) and kappa (k), by how sure each is: at low rates only their product shows. */
function scaleConcentration(
  seen: Float64Array,
  x: Float64Array,
  m: Float64Array,
  f: Float64Array,
  etaConc_V: number,
): void {
  const was_V = seen[Seen.etaConc_V];
  const w = seen[Seen.w];
  const h = x[State.h];
  const byH = (2 * f[Factor.kap] * w) / (1 - w * w + 1e-3) / h;
  const byK = was_V / x[State.k];
  const sigma = CONC_SIGMA_V + CONC_SIGMA * etaConc_V + LAG_SIGMA * seen[Seen.slope_V] * seen[Seen.lag];
  const variance = x[State.hh] * byH * byH + x[State.kk] * byK * byK + sigma * sigma;
  const gainH = (x[State.hh] * byH) / variance;
  const gainK = (x[State.kk] * byK) / variance;
  const most = 0.3 * was_V;
  const missed = Math.max(-most, Math.min(most, etaConc_V - was_V));
  const scaled = Math.max(0.3, Math.min(3, h + gainH * missed));
  x[State.w1] *= scaled / h;
  x[State.w2] *= scaled / h;
  x[State.h] = scaled;
  x[State.k] = Math.max(0.4, Math.min(4, x[State.k] + gainK * missed));
  x[State.hh] = Math.max(1e-3, x[State.hh] * (1 - gainH * byH));
  x[State.kk] = Math.max(5e-4, x[State.kk] * (1 - gainK * byK));
  x[State.bh] *= 1 - gainH * byH;
  if (x[State.A] > NEAR_END * m[M.ah]) avoidSaturation(x, (w * scaled) / h);
}

/**
 * Far from the end of a discharge a saturation near 1 is more likely a kappa taken too small, and the model's answer to any
 * change would be too steep: moves a part of it from h to kappa, at equal overpotential.
 */
function avoidSaturation(x: Float64Array, w: number): void {
  if (w < PLATEAU_SATURATION) return;
  const capped = Math.min(0.99, w);
  const lower = capped + SATURATION_GAIN * (PLATEAU_SATURATION - capped);
  x[State.h] *= lower / w;
  x[State.w1] *= lower / w;
  x[State.w2] *= lower / w;
  x[State.k] = Math.min(4, (x[State.k] * concentration_V(1, capped)) / concentration_V(1, lower));
}

function scaleFast(seen: Float64Array, x: Float64Array, fast_V: number): void {
  const model_V = seen[Seen.fast_V];
  const sigma = (FAST_SIGMA_V + FAST_SIGMA * fast_V) / model_V;
  const gain = x[State.rr] / (x[State.rr] + sigma * sigma);
  x[State.rho] = Math.max(0.3, Math.min(4, x[State.rho] + gain * (fast_V / model_V - x[State.rho])));
  x[State.rr] *= 1 - gain;
  x[State.br] *= 1 - gain;
  x[State.rh] = 0;
}

/** Compares the share recovered between the first and the third voltage with the model's, the cathode's own lag aside. */
function setPace(
  seen: Float64Array,
  x: Float64Array,
  m: Float64Array,
  third_s: number,
  recovered: number,
  modelNow_V: number,
): void {
  const lag =
    seen[Seen.slope_V] * seen[Seen.lag] * (Math.exp(-seen[Seen.first_s] / m[M.taus]) - Math.exp(-third_s / m[M.taus]));
  const model = (seen[Seen.firstModel_V] - modelNow_V) / seen[Seen.etaConc_V];
  const share = recovered - lag / seen[Seen.etaConc_V];
  if (model < 0.001) return;
  const ratio = Math.max(0.3, Math.min(3, share / model));
  const expected_V = model * seen[Seen.etaConc_V];
  const noise_V = PACE_NOISE_V + 0.3 * lag;
  const gain = (PACE_GAIN * expected_V * expected_V) / (expected_V * expected_V + noise_V * noise_V);
  x[State.pace] = Math.max(0.1, Math.min(4, x[State.pace] * Math.pow(ratio, -gain)));
}
