/** The cathode's open-circuit voltage as the model knows it (see CellModel). */

/** Below this state of charge the curve goes on as a straight line. */
const LOWEST = -0.03;
const END_SLOPE_V = 20;
/** Bisection: 1.15 / 2^22 is below a microvolt anywhere. */
const TURNS = 22;

/** Open-circuit voltage [V] at state of charge s (about -0.1 to 1.1). */
export function openCircuit_V(ocv: Float64Array, s: number): number {
  if (s < LOWEST) return openCircuit_V(ocv, LOWEST) + END_SLOPE_V * (s - LOWEST);
  const rise = ocv[5] === 0 ? 0 : ocv[5] * Math.exp(ocv[6] * ((s > 1 ? 1 : s) - 1));
  const beyond = s > 1 ? END_SLOPE_V * (s - 1) : 0;
  return ocv[0] + s * (ocv[1] + s * ocv[2]) - ocv[3] * Math.exp(-ocv[4] * s) + rise + beyond;
}

/** Its slope [V], at least 1 mV, so that it can be divided by. */
export function openCircuitSlope_V(ocv: Float64Array, s: number): number {
  return Math.max(0.001, (openCircuit_V(ocv, s + 0.005) - openCircuit_V(ocv, s - 0.005)) * 100);
}

/** State of charge at which the cathode rests at `voltage_V`; held within -0.1 to 1.05. */
export function stateOfCharge(ocv: Float64Array, voltage_V: number): number {
  let low = -0.1;
  let high = 1.05;
  for (let turn = 0; turn < TURNS; turn++) {
    const middle = 0.5 * (low + high);
    if (openCircuit_V(ocv, middle) < voltage_V) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}
