/** `simulate` as the library has it: for options that nobody has looked at. */
import { z } from 'zod';
import { show } from '../checkJson';
import { checkOptions } from '../checkOptions';
import { InputError } from '../errors';
import type { OnProgress, OnSample, SimulateOptions, SimulateResult } from '../results/types';
import { ADAPTIVE, DEFAULTS, defaultCycles, LIMITS, limitText, SEED_LIMIT, STRATEGIES } from './limits';
import { CHOICES, numberIn, oneOf } from './schemas';
import { simulate } from './simulate';

/** What `simulate` is given: of `SimulateOptions` the cell, and whatever is not as usual. */
export interface SimulateInput extends Partial<SimulateOptions> {
  cell: string;
  /** Charge rate, 0.01 to 20 C. Default: 0.2 C. */
  charge_C?: number;
  /** Discharge rate, 0.01 to 20 C; null where a strategy chooses it. Default: 1 C, or null. */
  discharge_C?: number | null;
  /** Largest number of cycles to run after formation, 1 to 100000. Default: 100; with `untilRetention_pct` 1000. */
  cycles?: number;
  /** Ambient temperature, -20 to 60 degC. Default: 25 degC. */
  temperature_C?: number;
  /** Interrupts of the current in each discharge, 0 to 20, ten seconds each. Default: 4. */
  interrupts?: number;
  /** True: no chips; at a fixed rate no firmware either. Default: false. */
  direct?: boolean;
  /** Seed of every random draw, 0 to 4294967295. Default: 1. */
  seed?: number;
  /** Stop after the first cycle whose retention is below this, 1 to 99 %. Default: null, which runs all cycles. */
  untilRetention_pct?: number | null;
  /** Longest time between two samples of the time series, 0.1 to 1000000 s. Default: null, no time series. */
  sampleEvery_s?: number | null;
}

/** As `Simulate`. @throws InputError for options that are unknown, out of range or contradict each other */
export async function checkedSimulate(
  options: SimulateInput,
  onProgress?: OnProgress,
  signal?: AbortSignal,
  onSample?: OnSample,
): Promise<SimulateResult> {
  return simulate(complete(options), onProgress, signal, onSample);
}

const { charge_C, discharge_C, cycles, temperature_C, interrupts, untilRetention_pct, ...others } = Object.fromEntries(
  Object.entries(LIMITS).map(([key, limit]) => [key, numberIn(limit)]),
) as Record<keyof typeof LIMITS, z.ZodNumber>;

const optional = <Shape extends z.ZodRawShape>(shape: Shape) => z.object(shape).partial().shape;

const optionsSchema = z.strictObject(
  {
    ...optional(CHOICES),
    ...optional(others),
    cell: CHOICES.cell,
    strategy: oneOf(STRATEGIES).default('fixed'),
    charge_C: charge_C.default(DEFAULTS.charge_C),
    discharge_C: discharge_C.nullish(),
    cycles: cycles.optional(),
    temperature_C: temperature_C.default(DEFAULTS.temperature_C),
    interrupts: interrupts.default(DEFAULTS.interrupts),
    untilRetention_pct: untilRetention_pct.nullable().default(null),
    sampleEvery_s: numberIn({ min: 0.1, max: 1e6, unit: 's' }).nullable().default(null),
    direct: CHOICES.direct.default(false),
    seed: numberIn(SEED_LIMIT).default(DEFAULTS.seed),
    parameters: z.record(z.string(), z.number('a number'), 'an object with a number for each parameter').optional(),
  },
  'an object with the options, of which cell is required',
);

function complete(input: unknown): SimulateOptions {
  const options = checkOptions('simulate', optionsSchema, input);
  refuseWithoutEffect(options);
  return {
    ...options,
    discharge_C: options.discharge_C ?? (options.strategy === 'fixed' ? DEFAULTS.discharge_C : null),
    cycles: options.cycles ?? defaultCycles(options.untilRetention_pct !== null),
  } as SimulateOptions;
}

/** @throws InputError */
function refuseWithoutEffect({ strategy, discharge_C, slowest_C, recovery_min }: z.infer<typeof optionsSchema>): void {
  const refuse = (key: keyof typeof LIMITS, value: unknown, allowed: string): never => {
    throw new InputError(`simulate: ${key} is ${show(value)} with strategy ${strategy}; allowed: ${allowed}`);
  };
  const fixed = strategy === 'fixed';
  if (fixed && discharge_C === null) refuse('discharge_C', null, limitText(LIMITS.discharge_C));
  if (!fixed && typeof discharge_C === 'number')
    refuse('discharge_C', discharge_C, 'null or left out, for the firmware chooses the rate');
  if (fixed && slowest_C !== undefined) refuse('slowest_C', slowest_C, `only with ${ADAPTIVE.join(', ')}`);
  if (strategy !== 'adaptive+tail' && recovery_min !== undefined)
    refuse('recovery_min', recovery_min, 'only with adaptive+tail');
}
