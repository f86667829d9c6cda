/**
 * NTC thermistor at the lower end of a divider: beta equation. The reading is a fraction of the supply of the divider.
 */
export interface ThermistorConfig {
  /** Resistance at 25 degC and of the upper resistor. */
  r25_ohm: number;
  pullUp_ohm: number;
  beta_K: number;
}

/** What `thermistor_C` returns for a broken or shorted sensor: far outside every allowed range. */
export const THERMISTOR_OPEN_C = -273;
export const THERMISTOR_SHORT_C = 999;

/** Temperature [degC] from the voltage over the thermistor as a fraction (0 to 1) of the divider's supply. */
export function thermistor_C(config: ThermistorConfig, fraction: number): number {
  if (fraction > 0.98) return THERMISTOR_OPEN_C;
  if (fraction < 0.02) return THERMISTOR_SHORT_C;
  const ratio = ((fraction / (1 - fraction)) * config.pullUp_ohm) / config.r25_ohm;
  return 1 / (1 / 298.15 + Math.log(ratio) / config.beta_K) - 273.15;
}
