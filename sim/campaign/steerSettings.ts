/** What a strategy means for the firmware. */
import type { SteerSettings } from '../../firmware/steer/steering';
import type { Strategy } from '../results/types';

export interface SteeringOptions {
  /** How the discharge rate is chosen. Default: `fixed`. */
  strategy?: Strategy;
  /** The load's slowest rate. Default: 0.15C. */
  slowest_C?: number;
  /** The longest that `adaptive+tail` may make a cycle [min]. Default: 40. */
  recovery_min?: number;
}

const DEFAULT_C = 1;
const SLOWEST_C = 0.15;
/** The fastest rate of the paper's volcano (000, Figure 5). */
export const FASTEST_C = 3;
const RECOVERY_MIN = 40;

/** Undefined for a fixed rate. */
export function steerSettings(options: SteeringOptions, capacity_mAh: number): SteerSettings | undefined {
  const { strategy = 'fixed', slowest_C = SLOWEST_C } = options;
  if (strategy === 'fixed') return undefined;
  return {
    default_mA: Math.max(DEFAULT_C, slowest_C) * capacity_mAh,
    slowest_mA: slowest_C * capacity_mAh,
    fastest_mA: FASTEST_C * capacity_mAh,
    recovery_min: strategy === 'adaptive+tail' ? (options.recovery_min ?? RECOVERY_MIN) : 0,
    taper: strategy === 'adaptive+taper',
  };
}
