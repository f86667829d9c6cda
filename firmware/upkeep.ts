/** What the device writes and erases when a cycle ends or the channel rests. Loaded for it, and dropped. */
import type { Device } from './device';
import { rememberEstimator } from './estimate/memory';
import { Fault } from './protect/faults';
import { check } from './protect/engine';
import { eraseAhead } from './record/erase';
import { keepParts } from './record/keep';
import { Kind } from './record/layout';
import { auditPage } from './record/audit';

/** Keeps what was learned. @returns false when there is no room */
export function keepState(device: Device, now_ms: number): boolean {
  const bms = device.bms;
  const records = device.records;
  if (bms === undefined || records === undefined || bms.estimator === undefined) return true;
  const parts = [rememberEstimator(bms.estimator, now_ms)];
  if (bms.steering !== undefined) parts.push(bms.steering.s);
  return keepParts(records, Kind.State, parts);
}

/** One page a call, while no current flows: erases what nobody needs, then looks whether what is kept is whole. */
export function restUpkeep(device: Device, page: number, now_ms: number): boolean {
  const records = device.records;
  if (records === undefined) return false;
  const p = device.bms === undefined ? undefined : device.bms.protection;
  const corrupt = auditPage(records, page % records.area.pages);
  if (p !== undefined && corrupt > 0) check(p, Fault.StoreCorrupt, 1 + corrupt, now_ms);
  return eraseAhead(records);
}

/** Erases a page while current flows. @returns whether there was one */
export function makeRoom(device: Device): boolean {
  return device.records !== undefined && eraseAhead(device.records);
}
