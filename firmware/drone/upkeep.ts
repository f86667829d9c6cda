/** What the device erases while the pack rests. */
import { check } from '../protect/engine';
import { Fault } from '../protect/faults';
import { auditPage } from '../record/audit';
import { eraseAhead } from '../record/erase';
import type { PackDevice } from './device';

/** One page a call: erases what nobody needs, then looks whether what is kept is whole. */
export function restUpkeep(device: PackDevice, page: number, now_ms: number): boolean {
  const records = device.records;
  if (records === undefined) return false;
  const corrupt = auditPage(records, page % records.area.pages);
  if (device.bms !== undefined && corrupt > 0) check(device.bms.protection, Fault.StoreCorrupt, 1 + corrupt, now_ms);
  return eraseAhead(records);
}
