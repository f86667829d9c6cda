/** What a board does that was told nothing. Not resident. */
import { anodeFreeCell } from './anodeFree';
import type { Config } from './config';
import { cyclerConfig } from './defaults';

/** Without a configuration: a 1 Ah cell is charged at 0.2C and discharged at the rate that is found for it. */
export function defaultConfig(): Config {
  const cell = { capacity_mAh: 1000, chargeTo_mV: 4300, dischargeTo_mV: 3000 };
  const config = cyclerConfig(cell, 0.2, 1, 0, { interrupts: 4, slowStripEvery: 0, steerTo_C: 3 });
  config.cell = anodeFreeCell();
  config.steer = { default_mA: 1000, slowest_mA: 150, fastest_mA: 3000, recovery_min: 0, taper: false };
  return config;
}
