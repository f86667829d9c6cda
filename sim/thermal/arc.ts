/**
 * Accelerating rate calorimetry: heat, wait, seek. The cell is warmed to a set point, left adiabatic for the wait, and its
 * self-heating rate is read. Above the threshold it is followed adiabatically until it has come to rest; below, the next set
 * point follows.
 *
 * Temperatures as Cheng et al. (Adv. Mater. 2023, doi 10.1002/adma.202307370, section 2.3) define them:
 * - onset: self-heating above 0.02 degC/min, here at the first seek that finds it;
 * - triggering (of thermal runaway): self-heating above 60 degC/min;
 * - max: the highest temperature reached.
 */
import { InputError } from '../errors';
import { HeatBalance } from './heatBalance';
import type { ThermalProfile } from './profile';

export interface ArcOptions {
  /** First set point [degC], 0 to 200. Default 40. */
  start_C?: number;
  /** From one set point to the next [K], 0.1 to 20. Default 5. */
  step_K?: number;
  /** Wait after a step [min], 1 to 600. Default 30. */
  wait_min?: number;
  /** Self-heating that counts as an exotherm [degC/min], 0.001 to 1. Default 0.02. */
  threshold_C_min?: number;
  /** The test ends at this set point [degC], above `start_C` to 600, when nothing has run away. Default 300. */
  end_C?: number;
  /** Rate of the first reaction against that of the measured, aged cell; 0 to 100. Default 1. See `ageingFactor`. */
  seiFactor?: number;
  /** Change of temperature that a sub-step of the heat balance aims at [K]. Default 0.1. */
  subStep_K?: number;
}

export interface ArcSample {
  time_s: number;
  temperature_C: number;
  /** Self-heating [degC/min]. */
  rate_C_min: number;
  /** At a set point before the wait; found in the seek after it, below the threshold; or followed in an exotherm. */
  phase: 'wait' | 'seek' | 'exotherm';
}

export interface ArcResult {
  /** Name of the thermal profile. */
  profile: string;
  threshold_C_min: number;
  /** Each null when the test ended without it; `max_C` belongs to an exotherm. */
  onset_C: number | null;
  triggering_C: number | null;
  max_C: number | null;
  trace: ArcSample[];
}

/** Samples of an exotherm are this far apart in temperature, or in time when nothing moves. */
const SAMPLE_K = 0.5;
const SAMPLE_S = 60;

/** Runs the test on a cell of a thermal profile, fully charged as it was measured. @throws InputError */
export function runArc(profile: ThermalProfile, options: ArcOptions = {}): ArcResult {
  const { start_C = 40, step_K = 5, wait_min = 30, threshold_C_min = 0.02, end_C = 300, seiFactor = 1 } = options;
  within('start_C', start_C, 'degC', 0, 200);
  within('step_K', step_K, 'K', 0.1, 20);
  within('wait_min', wait_min, 'min', 1, 600);
  within('threshold_C_min', threshold_C_min, 'degC/min', 0.001, 1);
  within('end_C', end_C, 'degC', start_C + step_K, 600);
  within('seiFactor', seiFactor, '(no unit)', 0, 100);

  // Reactions are given by their temperature rise: the area does not matter to an adiabatic cell.
  const balance = new HeatBalance(profile, { area_cm2: 1, temperature_C: start_C, subStep_K: options.subStep_K });
  balance.seiFactor = seiFactor;
  const trace: ArcSample[] = [];
  let time_s = 0;
  let onset_C: number | null = null;
  let max_C: number | null = null;
  const rate_C_min = (): number => 60 * balance.selfHeating_K_s;
  const advance = (longest_s: number): number => {
    const dt_s = Math.min(longest_s, SAMPLE_K / balance.selfHeating_K_s);
    balance.step(0, dt_s);
    time_s += dt_s;
    return dt_s;
  };
  const sample = (phase: ArcSample['phase']): void => {
    trace.push({ time_s, temperature_C: balance.temperature_C, rate_C_min: rate_C_min(), phase });
  };

  for (let k = 0; start_C + k * step_K <= end_C && balance.runaway_C === null; k++) {
    const target_C = start_C + k * step_K;
    // Set points that the cell has passed by itself are left out.
    if (k > 0 && target_C <= balance.temperature_C) continue;
    balance.temperature_C = target_C;
    sample('wait');
    // A cell that warms by a whole step by itself ends the wait.
    for (let left_s = 60 * wait_min; left_s > 0 && balance.temperature_C < target_C + step_K;)
      left_s -= advance(left_s);
    const exothermic = rate_C_min() > threshold_C_min;
    sample(exothermic ? 'exotherm' : 'seek');
    if (!exothermic) continue;
    onset_C ??= balance.temperature_C;
    while (rate_C_min() > threshold_C_min) {
      advance(SAMPLE_S);
      sample('exotherm');
    }
    max_C = balance.temperature_C;
  }
  return {
    profile: profile.name,
    threshold_C_min,
    onset_C,
    triggering_C: balance.runaway_C,
    max_C,
    trace,
  };
}

function within(name: string, value: number, unit: string, min: number, max: number): void {
  if (!(value >= min && value <= max))
    throw new InputError(`${name} is ${value} ${unit}; allowed: ${min} to ${max} ${unit}`);
}
