/**
 * Where the lithium is, once a cycle.
 *
 * Two rests anchor it: the open-circuit voltage after a whole charge and after a whole discharge gives the cathode's state of
 * charge, and the charge between them the cathode's capacity. All lithium that is not in the cathode (lambda) follows from
 * these alone, without any sum over cycles. What of it is still active is known from the knee, or measured by a slow strip. The
 * rest is split into isolated, dead and SEI by the model: voltage, current and temperature cannot tell them apart, and the
 * intervals say so.
 *
 * Amounts in mAh/cm2.
 */
import { Parameter as M } from './cellModel';
import { openCircuitSlope_V } from './openCircuit';
import { State } from './state';
import { Search } from './rest';

/** Numbers of the inventory, the array `v` of the estimator. Sigmas are one standard deviation. */
export enum Lithium {
  /** State of charge at the last top anchor and its sigma; -1: none since the last discharge. */
  top,
  topSigma,
  /** Cathode: capacity when new, capacity now, and what measuring it gives over what it is (errors of the curve last). */
  newCathode,
  cathode,
  ratio,
  /** How often the cathode's capacity was measured. */
  measured,
  lambda,
  lambdaSigma,
  /** The last cycle, from one bottom anchor to the next: state of charge at its end, -1: not known. */
  bottom,
  /** What was charged and discharged in it, and by how much lambda has changed with the cathode as it is now; whether each is known. */
  cycleCharged,
  cycleDischarged,
  cycleChange,
  chargesKnown,
  changeKnown,
  /** Active lithium after the main discharge, its sigma, and the saturation there. */
  active,
  activeSigma,
  saturation,
  /** Active lithium that slow strips have found over what the knee said, and how many they were. */
  strip,
  strips,
  /** The rest of lambda, split. */
  isolated,
  dead,
  sei,
  isolatedSigma,
  deadSigma,
  seiSigma,
  /** Anchors refused in a row because they contradict the rest. */
  refused,
  length,
}

/** A cathode's capacity is known beforehand better than the other parameters: by weighing. */
const CATHODE_SPREAD = 0.06;
/** Share of error in a charge measured over hours: gain of the current monitor. */
const CHARGE_SIGMA = 0.0015;
/** The first measurements of the cathode set the reference; later ones move it slowly. */
const REFERENCE_CYCLES = 3;
const CATHODE_GAIN = 0.2;
/** A shorter span of the cathode's range says little of its capacity. */
const SHORTEST_SPAN = 0.3;
/**
 * Relative uncertainty of the pools as run forward, for a unit spread of the parameters: SEI grown by cycling and formed at first
 * (its interval is nine tenths of the spread, which is a uniform one), and metal.
 */
const SEI_SPREAD = 0.6;
const FIRST_SPREAD = 0.35;
const METAL_SPREAD = 1.4;
const LEAST_SIGMA = 0.005;
const FOLLOW = 0.15;
/** Beyond these many sigmas two findings contradict each other; after three in a row the new one counts. */
const CONTRADICTION = 3;
const PATIENCE = 3;

/** The numbers at the start of life. */
export function createInventory(m: Float64Array): Float64Array {
  const v = new Float64Array(Lithium.length);
  v[Lithium.top] = -1;
  v[Lithium.bottom] = -1;
  v[Lithium.newCathode] = m[M.Qcat];
  v[Lithium.cathode] = m[M.Qcat];
  v[Lithium.ratio] = 1;
  v[Lithium.lambda] = m[M.Ainit];
  v[Lithium.lambdaSigma] = 1;
  v[Lithium.strip] = 1;
  return v;
}

/** Sigma of a state of charge found at `s` from a voltage with this sigma. */
export function chargeSigma(ocv: Float64Array, s: number, sigma_V: number): number {
  return sigma_V / openCircuitSlope_V(ocv, s);
}

/**
 * The bottom anchor: after a whole discharge of `passed` since the top anchor, the cathode rests at state of charge `s`; first, what
 * that says of its capacity. Errors of the curve repeat in every cycle: what changes from the first measurements on is the cathode.
 * @returns false when it contradicts what is known (then nothing has changed)
 */
export function measureCathode(
  v: Float64Array,
  m: Float64Array,
  s: number,
  sigma: number,
  passed: number,
  spread: number,
): boolean {
  const span = v[Lithium.top] - s;
  const relative = Math.sqrt(sigma * sigma + v[Lithium.topSigma] * v[Lithium.topSigma]) / span + CHARGE_SIGMA;
  if (!(span > SHORTEST_SPAN && relative < 0.05)) return true;
  const seen = passed / span;
  const count = v[Lithium.measured];
  if (count > 0) {
    const off = Math.abs(seen / (v[Lithium.cathode] * v[Lithium.ratio]) - 1);
    if (off > 0.01 + CONTRADICTION * relative && v[Lithium.refused] < PATIENCE) {
      v[Lithium.refused]++;
      return false;
    }
  }
  v[Lithium.refused] = 0;
  v[Lithium.measured] = count + 1;
  if (count < REFERENCE_CYCLES) {
    const nominal = m[M.Qcat];
    const mean = (v[Lithium.ratio] * v[Lithium.cathode] * count + seen) / (count + 1);
    const prior = CATHODE_SPREAD * spread;
    const gain = (prior * prior) / (prior * prior + relative * relative);
    v[Lithium.newCathode] = nominal + gain * (mean - nominal);
    v[Lithium.cathode] = v[Lithium.newCathode];
    v[Lithium.ratio] = mean / v[Lithium.cathode];
  } else v[Lithium.cathode] += CATHODE_GAIN * (seen / v[Lithium.ratio] - v[Lithium.cathode]);
  return true;
}

/** Then, with that capacity, lambda. */
export function anchorLambda(
  v: Float64Array,
  m: Float64Array,
  s: number,
  sigma: number,
  passed: number,
  spread: number,
): void {
  const cathode = v[Lithium.cathode];
  const all = v[Lithium.newCathode] + m[M.Ainit];
  const low = all - cathode * (1 - s);
  const lowSigma = cathode * sigma;
  const high = all - cathode * (1 - v[Lithium.top]) - passed;
  const highSigma = cathode * v[Lithium.topSigma] + CHARGE_SIGMA * passed;
  const highVariance = highSigma * highSigma;
  const weight = highVariance / (highVariance + lowSigma * lowSigma);
  const lambda = weight * low + (1 - weight) * high;
  // The curve's errors at both ends hang together.
  const own = 2 * Math.sqrt(weight) * lowSigma;
  v[Lithium.lambda] = lambda > 0 ? lambda : 0;
  // The cathode's own uncertainty comes in with what of it is in use.
  const ofCathode = CATHODE_SPREAD * spread * 0.7 * Math.abs(lambda - m[M.Ainit]);
  v[Lithium.lambdaSigma] = Math.sqrt(own * own + ofCathode * ofCathode + 1e-5);
}

/**
 * Divides lambda among active, isolated and dead lithium and SEI: each moves from where the knee or the model has put it by its
 * share of the uncertainty. First, how uncertain each of them is, and what they leave unexplained.
 */
export function weighLithium(
  v: Float64Array,
  x: Float64Array,
  m: Float64Array,
  spread: number,
  search: Float64Array,
): void {
  const first = m[M.Sform] * x[State.formed];
  const grown = SEI_SPREAD * spread * (x[State.S] - first);
  const formed = FIRST_SPREAD * spread * first;
  const sei = Math.sqrt(grown * grown + formed * formed) + 0.001;
  const isolated = METAL_SPREAD * spread * x[State.I] + LEAST_SIGMA;
  const dead = METAL_SPREAD * spread * x[State.D] + LEAST_SIGMA;
  const active = v[Lithium.activeSigma];
  v[Lithium.seiSigma] = sei;
  v[Lithium.isolatedSigma] = isolated;
  v[Lithium.deadSigma] = dead;
  search[Search.total] =
    sei * sei + isolated * isolated + dead * dead + active * active + v[Lithium.lambdaSigma] * v[Lithium.lambdaSigma];
  search[Search.gap] = v[Lithium.lambda] - v[Lithium.active] - x[State.I] - x[State.D] - x[State.S];
}

/** Then moves each. */
export function moveLithium(v: Float64Array, x: Float64Array, search: Float64Array): void {
  const share = search[Search.gap] / search[Search.total];
  v[Lithium.active] = Math.max(0.001, v[Lithium.active] + share * v[Lithium.activeSigma] * v[Lithium.activeSigma]);
  v[Lithium.sei] = Math.max(0, x[State.S] + share * v[Lithium.seiSigma] * v[Lithium.seiSigma]);
  v[Lithium.isolated] = Math.max(0, x[State.I] + share * v[Lithium.isolatedSigma] * v[Lithium.isolatedSigma]);
  v[Lithium.dead] = Math.max(0, x[State.D] + share * v[Lithium.deadSigma] * v[Lithium.deadSigma]);
  follow(x, v[Lithium.isolated] + v[Lithium.dead]);
}

/** Then says how sure each is now: a gap wider than all of them allow makes all of them less sure. */
export function narrowLithium(v: Float64Array, search: Float64Array): void {
  const total = search[Search.total];
  const surprise = Math.max(1, Math.abs(search[Search.gap]) / Math.sqrt(total));
  narrow(v, Lithium.activeSigma, surprise, total);
  narrow(v, Lithium.seiSigma, surprise, total);
  narrow(v, Lithium.isolatedSigma, surprise, total);
  narrow(v, Lithium.deadSigma, surprise, total);
}

function narrow(v: Float64Array, which: Lithium, surprise: number, total: number): void {
  const sigma = v[which];
  v[which] = surprise * sigma * Math.sqrt(1 - (sigma * sigma) / total);
}

/** Lets the metal that the model runs forward drift after what was found, both pools alike. */
function follow(x: Float64Array, metal: number): void {
  const model = x[State.I] + x[State.D];
  if (model < 0.001 || metal < 0.001) return;
  const scale = Math.pow(metal / model, FOLLOW);
  x[State.I] *= scale;
  x[State.D] *= scale;
}
