/** What the device erases while the channel rests. */
import type { Device } from './device';
import { Fault } from './protect/faults';
import { check } from './protect/engine';
import { eraseAhead } from './record/erase';
import { auditPage } from './record/audit';

/** One page a call, while no current flows: erases what nobody needs, then looks whether what is kept is whole. */
export function restUpkeep(device: Device, page: number, now_ms: number): boolean {
  const records = device.records;
  if (records === undefined) return false;
  const p = device.bms === undefined ? undefined : device.bms.protection;
  const corrupt = auditPage(records, page % records.area.pages);
  if (p !== undefined && corrupt > 0) check(p, Fault.StoreCorrupt, 1 + corrupt, now_ms);
  return eraseAhead(records);
}
