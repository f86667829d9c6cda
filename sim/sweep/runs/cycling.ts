/** A run that cycles a cell: `simulate`, and nothing else. */
import { simulate } from '../../campaign/simulate';
import { InputError } from '../../errors';
import type { CycleResult, SimulateOptions, SimulateResult, Strategy } from '../../results/types';
import type { DesignedRun } from '../design/runs';
import type { Values } from '../design/options';
import { parametersOf } from './parametersOf';
import { column, type Cell, type RunResult } from './result';

/** What a design does not say. */
const USUAL = {
  cell: 'afl-l1',
  policy: '1C',
  charge_C: 0.2,
  cycles: 100,
  temperature_C: 25,
  interrupts: 4,
  direct: true,
};

/** Options of `simulate` that are passed on as they are. */
const PASSED = [
  ...(['plant', 'residue', 'without', 'cooling_W_K', 'slowest_C', 'recovery_min', 'told', 'mismatch'] as const),
  'slowStripEvery',
] as const;

export const CYCLING_OPTIONS = [
  ...Object.keys(USUAL),
  ...PASSED,
  'discharge_C',
  'untilRetention_pct',
  'times',
  'parameters',
];

export const CYCLING_COLUMNS = [
  column('cyclesRun', 'whole', 'cycles that were run after formation'),
  column(
    'cyclesTo80',
    'number',
    'lifespan: cycles until the discharge is below 80 % of the first at 0.2C; null: not reached',
  ),
  column('checkupLife', 'number', 'cycles until the capacity at 0.2C is below 80 % of its first; null: not reached'),
  column('retention_pct', 'number', 'last discharge over the first'),
  column('averageCe_pct', 'number', 'mean coulombic efficiency of at most the first 100 cycles'),
  column('energyToEol_Wh', 'number', 'energy until cyclesTo80'),
  column('energyFirst100_Wh', 'number', 'energy of the first 100 cycles'),
  column('meanDischargePower_W', 'number', 'mean power of the discharges'),
  column('meanRate_C', 'number', 'mean discharge rate, as it was set'),
  column('dead_mAh', 'number', 'dead lithium after the last cycle'),
  column('isolated_mAh', 'number', 'isolated lithium after the last cycle'),
  column('sei_mAh', 'number', 'lithium in the interphase after the last cycle'),
  column('recoveryTaken_min', 'number', 'what recovery took in all cycles together'),
  column('highestTemperature_C', 'number', 'of a cell that warms itself'),
  column('simulated_h', 'number', 'simulated time'),
  column('alarms', 'whole', "how often the firmware's watchers warned"),
  column('stopped', 'text', 'why the run ended before it was done'),
];

export const CYCLE_COLUMNS = [
  column('cycle', 'whole', 'from 1'),
  column('rate_C', 'number', 'discharge rate as it was set'),
  column('charge_mAh', 'number', ''),
  column('discharge_mAh', 'number', ''),
  column('strip_mAh', 'number', 'won back after the discharge'),
  column('ce_pct', 'number', 'coulombic efficiency'),
  column('etaConc_mV', 'number', 'concentration overpotential of the model, mean over the discharge'),
  column('etaConcEstimated_mV', 'number', "the firmware's estimate of it"),
  column('active_mAh', 'number', 'lithium after the discharge, of the model'),
  column('residual_mAh', 'number', 'part of the active'),
  column('isolated_mAh', 'number', ''),
  column('dead_mAh', 'number', ''),
  column('sei_mAh', 'number', ''),
  column('lambdaEstimated_mAh', 'number', 'all lithium outside the cathode, as the firmware measures it'),
];

/** @throws InputError for values that do not go together */
export function simulateOptions({ values, seed }: Pick<DesignedRun, 'values' | 'seed'>): SimulateOptions {
  const own: Values = { ...USUAL, ...values };
  if (values.policy !== undefined && values.discharge_C !== undefined)
    throw new InputError('policy and discharge_C are both given; allowed: one of them');
  const adaptive = values.discharge_C === undefined && String(own.policy).startsWith('adaptive');
  const parameters = parametersOf(values);
  return {
    cell: own.cell as string,
    charge_C: own.charge_C as number,
    cycles: own.cycles as number,
    temperature_C: own.temperature_C as number,
    interrupts: own.interrupts as number,
    direct: own.direct as boolean,
    seed,
    ...(adaptive && { strategy: own.policy as Strategy }),
    discharge_C: adaptive ? null : ((values.discharge_C as number) ?? Number.parseFloat(own.policy as string)),
    untilRetention_pct: (own.untilRetention_pct as number | undefined) ?? null,
    sampleEvery_s: null,
    ...Object.fromEntries(PASSED.filter((key) => own[key] !== undefined).map((key) => [key, own[key]])),
    ...(parameters && { parameters }),
  };
}

export async function runCycling(run: DesignedRun, withCycles: boolean, signal: AbortSignal): Promise<RunResult> {
  const result = await simulate(simulateOptions(run), undefined, signal);
  return { values: valuesOf(result), cycles: withCycles ? result.cycles.map(cycleRow) : [] };
}

function valuesOf({ cycles, summary }: SimulateResult): Record<string, Cell> {
  const last = cycles.at(-1);
  return {
    cyclesRun: cycles.length,
    cyclesTo80: summary.cyclesTo80,
    checkupLife: summary.checkupLife,
    retention_pct: summary.retention_pct,
    averageCe_pct: summary.averageCe_pct,
    energyToEol_Wh: summary.energyToEol_Wh,
    energyFirst100_Wh: summary.energyFirst100_Wh,
    meanDischargePower_W: summary.meanDischargePower_W,
    meanRate_C: last ? cycles.reduce((sum, { rate_C }) => sum + rate_C, 0) / cycles.length : null,
    dead_mAh: last?.lithium_mAh.dead ?? null,
    isolated_mAh: last?.lithium_mAh.isolated ?? null,
    sei_mAh: last?.lithium_mAh.sei ?? null,
    recoveryTaken_min: summary.recoveryMinutes ?? null,
    highestTemperature_C: summary.highestTemperature_C ?? null,
    simulated_h: summary.simulatedSeconds / 3600,
    alarms: summary.alarms?.length ?? 0,
    stopped: summary.stopped ?? null,
  };
}

const cycleRow = (cycle: CycleResult): Cell[] => [
  cycle.n,
  cycle.rate_C,
  cycle.charge_mAh,
  cycle.discharge_mAh,
  cycle.strip_mAh ?? null,
  cycle.ce_pct,
  cycle.etaConc_mV,
  cycle.etaConcEstimated_mV,
  cycle.lithium_mAh.active,
  cycle.lithium_mAh.residual,
  cycle.lithium_mAh.isolated,
  cycle.lithium_mAh.dead,
  cycle.lithium_mAh.sei,
  cycle.lambdaEstimated_mAh ?? null,
];
