/** What a specimen of the INA228 is off by. */

/** The errors of one specimen. The defaults are typical values of the datasheet, section 6.5. */
export interface Ina228Errors {
  shunt_ohm: number;
  shuntOffset_V: number;
  shuntGain: number;
  busOffset_V: number;
  busGain: number;
  /** Noise of one conversion of 1052 us without averaging, one sigma. Assumed. */
  shuntNoise_V: number;
  busNoise_V: number;
  /** Error of the die's temperature sensor: within +-1 degC at 25 degC. */
  temperatureOffset_C: number;
  /** By how much the die is warmer than the surroundings of the board. */
  selfHeating_C: number;
}

/** Largest error of the die's temperature sensor at 25 degC. */
export const INA228_TEMPERATURE_LIMIT_C = 1;

export const INA228_TYPICAL: Ina228Errors = {
  shunt_ohm: 0.02,
  shuntOffset_V: 0.3e-6,
  shuntGain: 1.0001,
  busOffset_V: 0.2e-3,
  busGain: 1.0001,
  shuntNoise_V: 1e-6,
  busNoise_V: 300e-6,
  temperatureOffset_C: 0,
  // Assumed. The part's own 2 to 3 mW make about 0.5 degC; regulator, controller and shunt beside it the rest.
  selfHeating_C: 2,
};
