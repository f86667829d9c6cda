/** Whether the pack is in use. */
import type { PackBms } from '../pack';

/** A current flows, as large as no rest has. While it does, no code is taken from flash and none of it is erased. */
export function isInUse(bms: PackBms): boolean {
  const current_mA = bms.sense.current_mA;
  return current_mA > bms.config.balance.rest_mA || current_mA < -bms.config.balance.rest_mA;
}
