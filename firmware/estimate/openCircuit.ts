/** The cathode's open-circuit voltage as the model knows it (see CellModel). */

import { Search } from './rest';

/** Below this state of charge the curve goes on as a straight line. */
const LOWEST = -0.03;
const END_SLOPE_V = 20;
const LEAST_CHARGE = -0.1;
const MOST_CHARGE = 1.05;
/** Bisection: 1.15 / 2^22 is below a microvolt anywhere. */
const TURNS = 22;
const TURNS_A_STAGE = 2;

/** Open-circuit voltage [V] at state of charge s (about -0.1 to 1.1). */
export function openCircuit_V(ocv: Float64Array, s: number): number {
  if (s < LOWEST) return openCircuit_V(ocv, LOWEST) + END_SLOPE_V * (s - LOWEST);
  const rise = ocv[5] === 0 ? 0 : ocv[5] * Math.exp(ocv[6] * ((s > 1 ? 1 : s) - 1));
  const beyond = s > 1 ? END_SLOPE_V * (s - 1) : 0;
  return ocv[0] + s * (ocv[1] + s * ocv[2]) - ocv[3] * Math.exp(-ocv[4] * s) + rise + beyond;
}

/** Its slope [V], at least 1 mV, so that it can be divided by. */
export function openCircuitSlope_V(ocv: Float64Array, s: number): number {
  const slope_V = (openCircuit_V(ocv, s + 0.005) - openCircuit_V(ocv, s - 0.005)) * 100;
  return slope_V > 0.001 ? slope_V : 0.001;
}

/** Begins to look for the state of charge at which the cathode rests at `voltage_V`. */
export function beginCharge(search: Float64Array, voltage_V: number): void {
  search[Search.low] = LEAST_CHARGE;
  search[Search.high] = MOST_CHARGE;
  search[Search.turns] = TURNS;
  search[Search.at_V] = voltage_V;
}

/** Goes on with it. @returns whether it is found: in the middle between `low` and `high`, held within -0.1 to 1.05 */
export function searchCharge(search: Float64Array, ocv: Float64Array): boolean {
  let low = search[Search.low];
  let high = search[Search.high];
  const voltage_V = search[Search.at_V];
  for (let turn = 0; turn < TURNS_A_STAGE; turn++) {
    const middle = 0.5 * (low + high);
    if (openCircuit_V(ocv, middle) < voltage_V) low = middle;
    else high = middle;
  }
  search[Search.low] = low;
  search[Search.high] = high;
  search[Search.turns] -= TURNS_A_STAGE;
  return search[Search.turns] <= 0;
}
