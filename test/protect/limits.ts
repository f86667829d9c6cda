import type { Limits } from '../../firmware/config/config';
import { cyclerConfig } from '../../firmware/config/defaults';

/**
 * Of a 1 Ah cell between 3.0 and 4.3 V, charged at 0.2C and discharged at up to 3C; less than half of what may flow at once
 * may flow for ever.
 */
export function exampleLimits(): Limits {
  const cell = { capacity_mAh: 1000, chargeTo_mV: 4300, dischargeTo_mV: 3000 };
  const { limits } = cyclerConfig(cell, 0.2, 3, 1, { interrupts: 0, slowStripEvery: 0 });
  return {
    ...limits,
    lastingCharge_mA: 0.47 * limits.overCharge_mA,
    lastingDischarge_mA: 0.47 * limits.overDischarge_mA,
  };
}
