/** What the page and its worker tell each other. */
import type { FaultAsk, FaultName, FaultOutcome } from './faultRun';
import type { CycleResult, SimulateOptions, SimulateResult } from '../../../results/types';

export interface Ask {
  id: number;
  /** A run... */
  options?: SimulateOptions;
  /** ...or something that goes wrong... */
  fault?: FaultAsk;
  /** ...or a list of what can, with this cell; nothing of these: stop that run. */
  faultsOf?: string;
}

export type Answer = { id: number } & Told;

export type Told =
  | { kind: 'cycles'; cycles: CycleResult[]; samples: Float64Array }
  | { kind: 'done'; result: SimulateResult; lithium_mAh: number | null }
  | { kind: 'faults'; faults: FaultName[] }
  | { kind: 'fault'; outcome: FaultOutcome }
  | { kind: 'failed'; message: string };

/** A sample is so many numbers in a row; what is not known is NaN. */
export enum Field {
  Time_s,
  Cycle,
  Step,
  Voltage_V,
  Current_A,
  Temperature_C,
  /** Of the cell itself, and what the firmware makes of the first, with its standard deviation. */
  EtaConc_mV,
  EtaFast_mV,
  EtaCathode_mV,
  Estimate_mV,
  Sigma_mV,
  length,
}
