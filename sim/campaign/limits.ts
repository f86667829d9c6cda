/** Within which limits the options of `simulate` are: for the command line, designs of experiments and the library alike. */
import type { Strategy } from '../results/types';
import { FASTEST_C } from './steerSettings';

export interface Limit {
  min: number;
  max: number;
  unit: string;
  whole?: boolean;
}

export const LIMITS = {
  temperature_C: { min: -20, max: 60, unit: 'degC' },
  charge_C: { min: 0.01, max: 20, unit: 'C' },
  discharge_C: { min: 0.01, max: 20, unit: 'C' },
  cooling_W_K: { min: 0, max: 100, unit: 'W/K' },
  slowest_C: { min: 0.01, max: FASTEST_C, unit: 'C' },
  recovery_min: { min: 0, max: 240, unit: 'min' },
  mismatch: { min: 0, max: 0.5, unit: '(share of each parameter)' },
  untilRetention_pct: { min: 1, max: 99, unit: '%' },
  cycles: { min: 1, max: 100000, unit: 'cycles', whole: true },
  interrupts: { min: 0, max: 20, unit: 'a discharge', whole: true },
  slowStripEvery: { min: 0, max: 1000, unit: 'cycles', whole: true },
} satisfies Record<string, Limit>;

/** What `simulate` takes where nothing is said. */
export const DEFAULTS = { charge_C: 0.2, discharge_C: 1, temperature_C: 25, interrupts: 4, seed: 1 };

/** How many cycles are run after formation where nothing is said; a target may take longer. */
export const defaultCycles = (hasTarget: boolean): number => (hasTarget ? 1000 : 100);

export const SEED_LIMIT: Limit = { min: 0, max: 2 ** 32 - 1, unit: '', whole: true };

/** The strategies in which the firmware chooses the discharge rate; all of them. */
export const ADAPTIVE = ['adaptive', 'adaptive+tail', 'adaptive+taper'] as const satisfies readonly Strategy[];
export const STRATEGIES = ['fixed', ...ADAPTIVE] as const satisfies readonly Strategy[];

export const limitText = ({ min, max, unit, whole }: Limit): string =>
  `${whole ? 'a whole number' : 'a number'} from ${min} to ${max} ${unit}`.trimEnd();
