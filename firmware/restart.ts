/** Goes on after a fault that only setting up the parts again can mend. */
import { reopen } from './bms';
import type { Device } from './device';
import { releaseFault, releaseOf } from './protect/engine';
import { Fault, Release } from './protect/faults';

/**
 * Sets up the parts again after what only that can mend; the self-test follows, and what the channel was doing goes on.
 * @returns false when it takes a new start, because the configuration is at fault
 */
export function restart(device: Device, now_ms: number): boolean {
  const bms = device.bms;
  if (bms === undefined) return false;
  const p = bms.protection;
  const fault = p.fault;
  if (fault === Fault.ConfigurationInvalid || fault === Fault.ConfigurationUnsigned || fault === Fault.MemoryLow)
    return false;
  try {
    reopen(bms, now_ms);
  } catch (error) {
    // It is tried again.
    device.error = '' + error;
    p.faultAt_ms = now_ms;
    return true;
  }
  device.error = '';
  for (let row = 1; row < Fault.length; row++) if (releaseOf(p, row) === Release.Restart) releaseFault(p, row);
  return true;
}
