/**
 * One specimen of a board's sensors. Each error is uniform within the limit of its kind, so larger than most specimens': a part
 * near its limit is bought as easily as a good one.
 */
import type { Ina228Errors } from '../../chips/ina228';
import { Random } from '../../random';

/** Limits of the INA228's datasheet, section 6.5: shunt offset and gain. */
const SHUNT_OFFSET_V = 1e-6;
const CHIP_GAIN = 0.0005;
/** Assumed: five times the typical offset of the bus voltage. */
const BUS_OFFSET_V = 1e-3;
/** Assumed: what a calibration leaves of the shunt's tolerance; a thermistor of 1 % on the cell's surface. */
const SHUNT_TOLERANCE = 0.001;
const THERMISTOR_C = 0.5;

export interface Specimen {
  ina228: Partial<Ina228Errors>;
  thermistor_C: number;
}

/** @param offset_V instead of the drawn offset over the shunt; null: as drawn */
export function drawSpecimen(seed: number, offset_V: number | null): Specimen {
  const within = (limit: number, what: string): number =>
    limit * (2 * new Random(seed, `specimen ${what}`).uniform() - 1);
  return {
    ina228: {
      shuntOffset_V: offset_V ?? within(SHUNT_OFFSET_V, 'shunt offset'),
      shuntGain: (1 + within(CHIP_GAIN, 'shunt gain')) * (1 + within(SHUNT_TOLERANCE, 'shunt')),
      busOffset_V: within(BUS_OFFSET_V, 'bus offset'),
      busGain: 1 + within(CHIP_GAIN, 'bus gain'),
    },
    thermistor_C: within(THERMISTOR_C, 'thermistor'),
  };
}
