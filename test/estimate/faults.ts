/** What can befall samples between the cell and the estimator. */
import { Why } from '../../firmware/estimate/estimates';
import { MOST_CURRENT_MA, type Sample } from './cycledCell';

const HOUR_MS = 3_600_000;

/** `told`: the reason that must be given while it lasts; `edges`: only its beginning and its end are bad, time between runs on. */
export interface Fault {
  told: Why;
  edges: boolean;
  /** @param began the first sample that it befell */
  befall: (sample: Sample, began: Sample) => Sample | undefined;
}

const fault = (told: Why, befall: Fault['befall'], edges = false): Fault => ({ told, edges, befall });

export const FAULTS = {
  missing: fault(Why.Gap, () => undefined),
  'time repeated': fault(Why.Gap, (sample, began) => ({ ...sample, at_ms: began.at_ms })),
  'clock ahead': fault(Why.Gap, (sample) => ({ ...sample, at_ms: sample.at_ms + 5 * HOUR_MS }), true),
  'clock behind': fault(Why.Gap, (sample) => ({ ...sample, at_ms: sample.at_ms - HOUR_MS / 5 }), true),
  'time runs backwards': fault(Why.Gap, (sample, began) => ({
    ...sample,
    at_ms: 2 * began.at_ms - sample.at_ms - 60_000,
  })),
  'time NaN': fault(Why.BadData, (sample) => ({ ...sample, at_ms: NaN })),
  'time infinite': fault(Why.BadData, (sample) => ({ ...sample, at_ms: Infinity })),
  'voltage NaN': fault(Why.BadData, (sample) => ({ ...sample, voltage_mV: NaN })),
  'current NaN': fault(Why.BadData, (sample) => ({ ...sample, current_mA: NaN })),
  'temperature NaN': fault(Why.BadData, (sample) => ({ ...sample, temperature_C: NaN })),
  'voltage saturated': fault(Why.BadData, (sample) => ({ ...sample, voltage_mV: 85000 })),
  'voltage zero': fault(Why.BadData, (sample) => ({ ...sample, voltage_mV: 0 })),
  'current saturated': fault(Why.BadData, (sample) => ({ ...sample, current_mA: MOST_CURRENT_MA })),
  'current saturated below': fault(Why.BadData, (sample) => ({ ...sample, current_mA: -MOST_CURRENT_MA })),
  'temperature saturated': fault(Why.BadData, (sample) => ({ ...sample, temperature_C: 850 })),
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

export const swapped = (sample: Sample): Sample => ({ ...sample, current_mA: -sample.current_mA });
