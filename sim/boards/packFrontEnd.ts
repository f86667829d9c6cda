/** At which levels the front end of a pack acts by itself: on the grid of its registers, over the board's shunt. */
import type { PackConfig } from '../../firmware/config/packDefaults';
import { frontEnd } from '../../firmware/protect/frontEnd';
import { bq76952Limits, bq76952Settings, type Bq76952Limits } from '../../hal/chips/bq76952Settings';

/** The lowest level of over-current in charge that a BQ76952 compares over its shunt [mA uOhm], and the largest shunt that a pack may have. */
export const LEAST_CHARGE_NV = 4e6;
export const LARGEST_SHUNT_UOHM = 1e5;
/** A current that may flow for ever stays this far below where the front end cuts it. */
export const BELOW_CUT = 1.1;

/** @throws where the part cannot hold them */
export function packApplies(config: PackConfig): Bq76952Limits {
  const wished = frontEnd(config);
  return bq76952Limits(wished, bq76952Settings(wished));
}
