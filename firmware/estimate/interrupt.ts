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
import { concentration_V, NEAR_END, saturation } from './polarization';
import { State } from './state';

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
  third_V,
  third_s,
  /** The model's concentration overpotential at the first and at the third. */
  firstModel_V,
  thirdModel_V,
  /** The saturations that the three show. */
  firstW,
  secondW,
  thirdW,
  /** The search for the exponent, and the turns left of it. */
  low,
  high,
  turns,
  /** The overpotentials at the interrupt that they lead back to. */
  foundConc_V,
  foundFast_V,
  /** What the model misses of the first, what kappa and h take of it, and what is left of h's variance. */
  missed_V,
  gainK,
  gainH,
  leftH,
  /** What the cathode's own lag gives back between the first and the third. */
  lag_V,
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
/** Turns of the search for the exponent. */
const TURNS = 8;
const TURNS_A_STAGE = 2;

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
 * A second without current, `since_s` after the interrupt; `etaConc_V` is the model's now, `kap` as in the model [V].
 * @returns true once, when the interrupt can teach something: `findExponent` and what follows it
 */
export function watchInterrupt(
  seen: Float64Array,
  since_s: number,
  voltage_V: number,
  etaConc_V: number,
  kap: number,
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
    seen[Seen.third_V] = voltage_V;
    seen[Seen.third_s] = since_s;
    seen[Seen.thirdModel_V] = etaConc_V;
    const straight_V = HALF_WAY * kap;
    const ocv_V = seen[Seen.ocv_V];
    seen[Seen.firstW] = saturation(ocv_V - seen[Seen.first_V], straight_V);
    seen[Seen.secondW] = saturation(ocv_V - seen[Seen.second_V], straight_V);
    seen[Seen.thirdW] = saturation(ocv_V - voltage_V, straight_V);
    seen[Seen.low] = 0.4;
    seen[Seen.high] = 1;
    seen[Seen.turns] = TURNS;
    return true;
  }
  return false;
}

/** The exponent at which the recovery's later part has its share of the whole: some turns of the search. @returns whether it is done */
export function findExponent(seen: Float64Array, x: Float64Array): boolean {
  const early = seen[Seen.firstW] - seen[Seen.secondW];
  if (!(early > SHAPE_LEAST)) return true;
  const late = seen[Seen.secondW] - seen[Seen.thirdW];
  for (let turn = 0; turn < TURNS_A_STAGE; turn++) {
    const p = 0.5 * (seen[Seen.low] + seen[Seen.high]);
    const middle = Math.pow(seen[Seen.second_s], p);
    const later = Math.pow(seen[Seen.third_s], p) - middle;
    if (later * early < late * (middle - Math.pow(seen[Seen.first_s], p))) seen[Seen.low] = p;
    else seen[Seen.high] = p;
  }
  seen[Seen.turns] -= TURNS_A_STAGE;
  if (seen[Seen.turns] > 0) return false;
  const gain = (0.5 * early * early) / (early * early + SHAPE_NOISE * SHAPE_NOISE);
  x[State.p] += gain * (0.5 * (seen[Seen.low] + seen[Seen.high]) - x[State.p]);
  return true;
}

/** Then the two overpotentials at the interrupt. @returns whether there was enough of them to learn from */
export function findOverpotentials(seen: Float64Array, x: Float64Array, kap: number): boolean {
  const first = seen[Seen.firstW];
  const z = Math.pow(seen[Seen.first_s], x[State.p]);
  const began = first + ((first - seen[Seen.thirdW]) * z) / (Math.pow(seen[Seen.third_s], x[State.p]) - z);
  const w = began < 0.99 ? began : 0.99;
  const etaConc_V = HALF_WAY * kap * Math.log((1 + w) / (1 - w));
  const fast_V = seen[Seen.ocv_V] - etaConc_V - seen[Seen.voltage_V];
  seen[Seen.foundConc_V] = etaConc_V;
  seen[Seen.foundFast_V] = fast_V;
  return etaConc_V > SMALLEST_V && fast_V > SMALLEST_V && seen[Seen.fast_V] > SMALLEST_V;
}

/**
 * Then divides what the model misses between 1 / i_L (h) and kappa (k), by how sure each is: at low rates only their product shows.
 * First how sure...
 */
export function weighScales(seen: Float64Array, x: Float64Array, kap: number): void {
  const etaConc_V = seen[Seen.foundConc_V];
  const was_V = seen[Seen.etaConc_V];
  const w = seen[Seen.w];
  const byH = (2 * kap * w) / (1 - w * w + 1e-3) / x[State.h];
  const byK = was_V / x[State.k];
  const sigma = CONC_SIGMA_V + CONC_SIGMA * etaConc_V + LAG_SIGMA * seen[Seen.slope_V] * seen[Seen.lag];
  const ofH = x[State.hh] * byH;
  const ofK = x[State.kk] * byK;
  const variance = ofH * byH + ofK * byK + sigma * sigma;
  seen[Seen.gainH] = ofH / variance;
  seen[Seen.gainK] = ofK / variance;
  seen[Seen.leftH] = 1 - (ofH * byH) / variance;
}

/** ...and moves h... */
export function scaleLimit(seen: Float64Array, x: Float64Array): void {
  const was_V = seen[Seen.etaConc_V];
  const h = x[State.h];
  const most_V = 0.3 * was_V;
  let missed_V = seen[Seen.foundConc_V] - was_V;
  missed_V = missed_V < -most_V ? -most_V : missed_V < most_V ? missed_V : most_V;
  let scaled = h + seen[Seen.gainH] * missed_V;
  scaled = scaled < 0.3 ? 0.3 : scaled < 3 ? scaled : 3;
  const scale = scaled / h;
  seen[Seen.missed_V] = missed_V;
  seen[Seen.w] *= scale;
  x[State.w1] *= scale;
  x[State.w2] *= scale;
  x[State.h] = scaled;
}

/** ...then kappa, and how sure both are now. @returns whether `avoidSaturation` is to follow */
export function scaleKappa(seen: Float64Array, x: Float64Array, m: Float64Array): boolean {
  const left = seen[Seen.leftH];
  const hh = x[State.hh] * left;
  x[State.hh] = hh > 1e-3 ? hh : 1e-3;
  x[State.bh] *= left;
  const k = x[State.k];
  const gain = seen[Seen.gainK];
  const moved = k + gain * seen[Seen.missed_V];
  x[State.k] = moved < 0.4 ? 0.4 : moved < 4 ? moved : 4;
  const kk = x[State.kk] * (1 - (gain * seen[Seen.etaConc_V]) / k);
  x[State.kk] = kk > 5e-4 ? kk : 5e-4;
  return seen[Seen.w] >= PLATEAU_SATURATION && x[State.A] > NEAR_END * m[M.ah];
}

/**
 * Far from the end of a discharge a saturation near 1 is more likely a kappa taken too small, and the model's answer to any
 * change would be too steep: moves a part of it from h to kappa, at equal overpotential.
 */
export function avoidSaturation(seen: Float64Array, x: Float64Array): void {
  const w = seen[Seen.w];
  const capped = Math.min(0.99, w);
  const lower = capped + SATURATION_GAIN * (PLATEAU_SATURATION - capped);
  x[State.h] *= lower / w;
  x[State.w1] *= lower / w;
  x[State.w2] *= lower / w;
  x[State.k] = Math.min(4, (x[State.k] * concentration_V(1, capped)) / concentration_V(1, lower));
}

/** Last, the fast part. */
export function scaleFast(seen: Float64Array, x: Float64Array): void {
  const fast_V = seen[Seen.foundFast_V];
  const model_V = seen[Seen.fast_V];
  const sigma = (FAST_SIGMA_V + FAST_SIGMA * fast_V) / model_V;
  const gain = x[State.rr] / (x[State.rr] + sigma * sigma);
  const rho = x[State.rho] + gain * (fast_V / model_V - x[State.rho]);
  x[State.rho] = rho < 0.3 ? 0.3 : rho < 4 ? rho : 4;
  x[State.rr] *= 1 - gain;
  x[State.br] *= 1 - gain;
  x[State.rh] = 0;
}

/** Before the scales, what the cathode's own lag gives back between the first and the third voltage. */
export function findLag(seen: Float64Array, m: Float64Array): void {
  const taus = m[M.taus];
  const gone = Math.exp(-seen[Seen.first_s] / taus) - Math.exp(-seen[Seen.third_s] / taus);
  seen[Seen.lag_V] = seen[Seen.slope_V] * seen[Seen.lag] * gone;
}

/** Then the electrolyte's pace: compares the share recovered between these two voltages with the model's, that lag aside. */
export function setPace(seen: Float64Array, x: Float64Array): void {
  const recovered_V = seen[Seen.third_V] - seen[Seen.first_V];
  const was_V = seen[Seen.etaConc_V];
  const expected_V = seen[Seen.firstModel_V] - seen[Seen.thirdModel_V];
  if (!(recovered_V > SMALLEST_V) || expected_V < 0.001 * was_V) return;
  const lag_V = seen[Seen.lag_V];
  let ratio = ((recovered_V / seen[Seen.foundConc_V]) * was_V - lag_V) / expected_V;
  ratio = ratio < 0.3 ? 0.3 : ratio < 3 ? ratio : 3;
  const noise_V = PACE_NOISE_V + 0.3 * lag_V;
  const signal = expected_V * expected_V;
  const gain = (PACE_GAIN * signal) / (signal + noise_V * noise_V);
  const pace = x[State.pace] * Math.pow(ratio, -gain);
  x[State.pace] = pace < 0.1 ? 0.1 : pace < 4 ? pace : 4;
}
