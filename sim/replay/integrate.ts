import type { Measurement } from './measurement';
import type { Step } from './steps';

/**
 * Charge (mAh) and energy (mWh) through the terminals in a step, both positive: current integrated over time by trapezoids.
 * From the step's beginning to its first sample and from the last to its end the nearest sample holds, because current jumps
 * at the edge: a trapezoid across it would give half of the gap to the neighbour.
 */
export function integrateStep(measurement: Measurement, step: Step): { charge_mAh: number; energy_mWh: number } {
  const { time_s, voltage_V } = measurement;
  const { first, last } = step;
  const current_A = flowingCurrent(measurement, step);
  let charge_As = 0;
  let energy_Ws = 0;
  const add = (a: number, b: number, duration_s: number): void => {
    charge_As += ((current_A(a) + current_A(b)) / 2) * duration_s;
    energy_Ws += ((current_A(a) * voltage_V[a]! + current_A(b) * voltage_V[b]!) / 2) * duration_s;
  };
  add(first, first, time_s[first]! - step.start_s);
  for (let i = first + 1; i <= last; i++) add(i - 1, i, time_s[i]! - time_s[i - 1]!);
  add(last, last, step.end_s - time_s[last]!);
  return { charge_mAh: Math.abs(charge_As) / 3.6, energy_mWh: Math.abs(energy_Ws) / 3.6 };
}

/** The current of a sample; an opening or closing row without current stands for its neighbour inside the step. */
function flowingCurrent({ current_A }: Measurement, { kind, first, last }: Step): (i: number) => number {
  const flows = (i: number): boolean => (kind === 'discharge' ? current_A[i]! > 0 : current_A[i]! < 0);
  return (i) => {
    if (kind === 'rest' || flows(i)) return current_A[i]!;
    if (i === last && i > first) return current_A[i - 1]!;
    return current_A[Math.min(i + 1, last)]!;
  };
}

/**
 * The same charge by the cycler's own counter, in mAh; null when the file has none.
 * A counter that falls has been set to zero, so that what it shows is new.
 */
export function countedCharge_mAh({ counter_Ah }: Measurement, { kind, first, last }: Step): number | null {
  if (!counter_Ah || kind === 'rest') return null;
  const counter = counter_Ah[kind];
  let charge_Ah = 0;
  for (let i = first; i <= last; i++) {
    const before = i > 0 ? counter[i - 1]! : 0;
    charge_Ah += counter[i]! >= before ? counter[i]! - before : counter[i]!;
  }
  return Number.isFinite(charge_Ah) ? charge_Ah * 1000 : null;
}
