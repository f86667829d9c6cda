/** What the device holds beside the battery manager itself. */
import type { Bms } from './bms';
import type { Fault } from './protect/faults';
import type { Link } from './link/link';
import type { Records } from './record/layout';
import type { ServiceState } from './service/state';

/** Why the controller started. Numbers are stored. */
export enum ResetCause {
  Unknown,
  PowerOn,
  Software,
  Watchdog,
  BrownOut,
  length,
}

/**
 * The whole numbers of the record that is written once a minute: where the run stands, latched faults, and what is counted over
 * the device's life.
 */
export enum Count {
  form,
  /** Tells one protocol from another. */
  protocol,
  charge_mC,
  index,
  turns,
  finished,
  elapsed_ms,
  stepCharge_mC,
  cycleCharge_mC,
  cycleDischarge_mC,
  cycleStrip_mC,
  /** State of each row of the fault table, a byte each. */
  rows,
  /** Starts in all, those without an hour of service between them, and by cause. */
  starts = rows + 14,
  storm,
  causes,
  service_s = causes + 5,
  /** Clock jumps, and ticks that came too late. */
  jumps,
  overruns,
  length,
}

export const COUNT_FORM = 4;

/** Parts of the record of commissioning. */
export enum Setup {
  service,
  calibration,
  /** CRC-32 of the configuration that was authorised; nothing: any is taken. */
  configuration,
  length,
}

/** Of the calibration. */
export enum Calibration {
  current_ppm,
  coarse_ppm,
  coarseOffset_uV,
  length,
}

/** The file of Storage that holds the configuration. */
export const CONFIG_FILE = 'caldera.json';

/** All that the device of a channel holds. Times are of the clock that never jumps. */
export interface Device {
  /** Undefined while the board is not ready: see `error`. */
  bms: Bms | undefined;
  /** Why the board is not ready, and the row of the fault table it belongs to. */
  error: string;
  fault: Fault;
  records: Records | undefined;
  /** The last samples, for the record of a trip. */
  samples: Int16Array;
  count: Int32Array;
  /** Added to the interpreter's clock, so that time never jumps; and that clock at the last look [ms]. */
  offset_ms: number;
  clock_ms: number;
  startedAt_ms: number;
  /** When the last count was kept. */
  keptAt_ms: number;
  service: ServiceState | undefined;
  link: Link;
}
