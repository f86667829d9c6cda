/**
 * A rest: the voltage on its way to the open-circuit voltage, and where it will end.
 *
 * Means of equal spans are kept, at most twice `HALF` of them; when they are full, neighbours are merged. From three means at
 * one, two and three thirds of the rest follows the end by extrapolation: what is left decays by the same factor from one to
 * the next. The concentration overpotential is no exponential while the electrolyte is far from rest, but its saturation is,
 * so it is the saturation that is extrapolated.
 */
const HALF = 8;
const FIRST_SPAN_S = 10;
/** Nothing is extrapolated by more than this many times the last third's change. */
const MOST_LEFT = 9;
/** Turns of the search for its end: 9 / 2^24 of that change. */
const END_TURNS = 24;
const TURNS_A_STAGE = 2;

/** The voltage of a rest: `count` means over `span_s` each, oldest first, and the sums of the span under way. */
export interface Rest {
  means_V: Float64Array;
  count: number;
  span_s: number;
  sum_Vs: number;
  sum_s: number;
  lasted_s: number;
}

/** A rest of which nothing has been seen yet. */
export function createRest(): Rest {
  return { means_V: new Float64Array(2 * HALF), count: 0, span_s: FIRST_SPAN_S, sum_Vs: 0, sum_s: 0, lasted_s: 0 };
}

/** Begins a new rest in place of the old one. */
export function beginRest(rest: Rest): void {
  rest.count = 0;
  rest.span_s = FIRST_SPAN_S;
  rest.sum_Vs = 0;
  rest.sum_s = 0;
  rest.lasted_s = 0;
}

/** Adds a mean voltage and how long it stands for, above 0. */
export function addToRest(rest: Rest, voltage_V: number, dt_s: number): void {
  rest.lasted_s += dt_s;
  rest.sum_Vs += voltage_V * dt_s;
  rest.sum_s += dt_s;
  if (rest.count === 2 * HALF) halve(rest);
  // The sample that ends nearest to the span closes it, so that all spans stay alike.
  if (rest.sum_s < rest.span_s - 0.5 * dt_s) return;
  // Sparse samples make longer spans; the merged ones are to be twice these.
  if (rest.count === 0) rest.span_s = rest.sum_s;
  rest.means_V[rest.count] = rest.sum_Vs / rest.sum_s;
  rest.count++;
  rest.sum_Vs = 0;
  rest.sum_s = 0;
}

function halve(rest: Rest): void {
  const means = rest.means_V;
  for (let k = 0; k < HALF; k++) means[k] = 0.5 * (means[2 * k] + means[2 * k + 1]);
  rest.count = HALF;
  rest.span_s *= 2;
}

/** A search by halves, a few turns at a time: a place for all that there are, one after the other. */
export enum Search {
  low,
  high,
  /** Turns left. */
  turns,
  /** The voltage that the state of charge is looked for at, or from which the end of a rest is. */
  at_V,
  /** Of the end of a rest: which way it lies, and what separates the last mean from the two before, as powers of e. */
  sign,
  ratio2,
  ratio1,
  /** Of the inventory (inventory.ts): what lambda leaves unexplained, and the variance of all that may explain it. */
  gap,
  total,
  length,
}

/**
 * Voltage the rest ends at if it went on for ever [V]; NaN while there are too few means; 0: `searchEnd_V` has to find it. `kap` as in
 * the model [V].
 */
export function endOfRest_V(rest: Rest, kap: number, search: Float64Array): number {
  const third = Math.floor(rest.count / 3);
  if (third < 2) return NaN;
  const last = rest.count - 1;
  const v3 = rest.means_V[last];
  const v2 = rest.means_V[last - third];
  const first = v2 - rest.means_V[last - 2 * third];
  const second = v3 - v2;
  const change_V = Math.abs(second);
  // Nothing moves any more, or it moves faster and faster or back: the last value stands for the end.
  if (first * second <= 0 || change_V >= 0.9 * Math.abs(first)) return v3;
  search[Search.low] = 0;
  search[Search.high] = MOST_LEFT * change_V;
  search[Search.turns] = END_TURNS;
  search[Search.at_V] = v3;
  search[Search.sign] = second > 0 ? 1 : -1;
  search[Search.ratio2] = Math.exp(change_V / kap);
  search[Search.ratio1] = search[Search.ratio2] * Math.exp(Math.abs(first) / kap);
  return 0;
}

/**
 * Looks for the end at which the saturations of the three means, w = (z - 1) / (z + 1) with z = exp(eta / kap), form a geometric
 * series. @returns the voltage [V]; 0 while it is not found
 */
export function searchEnd_V(search: Float64Array, kap: number): number {
  let low = search[Search.low];
  let high = search[Search.high];
  for (let turn = 0; turn < TURNS_A_STAGE; turn++) {
    const left_V = 0.5 * (low + high);
    const z3 = Math.exp(left_V / kap);
    const z2 = z3 * search[Search.ratio2];
    const z1 = z3 * search[Search.ratio1];
    if ((z3 - 1) * (z1 - 1) * (z2 + 1) * (z2 + 1) < (z3 + 1) * (z1 + 1) * (z2 - 1) * (z2 - 1)) low = left_V;
    else high = left_V;
  }
  search[Search.low] = low;
  search[Search.high] = high;
  search[Search.turns] -= TURNS_A_STAGE;
  return search[Search.turns] > 0 ? 0 : search[Search.at_V] + search[Search.sign] * 0.5 * (low + high);
}

/** How sure that is: noise, and a part of what was extrapolated; where nothing could be, all that may still come. */
export function restSigma_V(rest: Rest, end_V: number): number {
  const last = rest.count - 1;
  const third = Math.floor(rest.count / 3);
  const v3 = rest.means_V[last];
  if (end_V !== v3) return 3e-4 + 0.15 * Math.abs(end_V - v3);
  const second = v3 - rest.means_V[last - third];
  const first = rest.means_V[last - third] - rest.means_V[last - 2 * third];
  return 3e-4 + (first * second > 0 ? MOST_LEFT : 1) * Math.abs(second);
}
