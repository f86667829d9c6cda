/** What a measurement is of, and what the firmware's estimator makes of it. */
import { InputError } from '../errors';
import { loadProfile, type CellProfile } from '../profiles/profile';
import type { Lithium } from '../results/types';

/** Which cell a measurement is of. */
export interface RecordedCell {
  /** Name of a built-in profile or of a member of its ensemble, or the path of a cell file ending in `.json`; a full cell. */
  cell: string;
  /** Copper area of the recorded cell [cm2], 0.01 to 1e6; default: the profile's. */
  area_cm2?: number;
  /** Taken where the file tells no temperature [degC], -60 to 200; default: 25, to which profiles refer. */
  temperature_C?: number;
}

/** Amounts per cell; null for what is not known, and then `why` has its reason. Sigmas are standard deviations. */
export interface EstimatedCycle {
  /** Mean over those seconds of the discharge in which it was valid. */
  etaConc_mV: number | null;
  etaConcSigma_mV: number | null;
  /** All lithium outside the cathode after the discharge. */
  lambda_mAh: number | null;
  lambdaSigma_mAh: number | null;
  cathode_mAh: number | null;
  lithium_mAh: Lithium<number | null>;
  sigma_mAh: Lithium<number | null>;
  /** With the current's zero removed. */
  ce_pct: number | null;
  limitingCurrent_mA: number | null;
  why: Partial<Record<EstimatedQuantity, string>>;
}

/** What may lack an estimate, by its key in `EstimatedCycle`. */
export type EstimatedQuantity =
  'etaConc_mV' | 'lambda_mAh' | 'cathode_mAh' | 'lithium_mAh' | 'ce_pct' | 'limitingCurrent_mA';

/** The cell as the estimator took it, and how it was fed. */
export interface EstimatorSettings {
  name: string;
  title: string;
  area_cm2: number;
  /** Nominal capacity of the profile with this area. */
  capacity_mAh: number;
  /** A longer time between two samples was a gap. */
  longestGap_s: number;
  /** The current's zero as the last rest has shown it, discharge positive; null: no rest was long enough. */
  zero_mA: number | null;
}

/** The profile of a recorded cell, with its area. @throws InputError for a cell that does not exist or is a half cell */
export function recordedProfile({ cell, area_cm2 }: RecordedCell): CellProfile {
  const profile = loadProfile(cell);
  if (profile.kind === 'half')
    throw new InputError(
      `--cell: "${profile.name}" is a half cell, which has no cathode to count lithium against; allowed: a full cell`,
    );
  return area_cm2 === undefined ? profile : { ...profile, area_cm2 };
}

/** What the estimator made of a whole measurement. */
export interface EstimatedMeasurement {
  cell: EstimatorSettings;
  /** By the file's cycle number. */
  cycles: Map<number, EstimatedCycle & { finished: number }>;
  warnings: string[];
  notes: string[];
}
