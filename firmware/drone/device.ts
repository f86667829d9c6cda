/** What a pack's device holds beside the battery manager itself: as a channel's (device.ts), with its gauge and its link. */
import type { Device } from '../device';
import type { Mavlink } from '../mavlink/mavlink';
import type { PackBms } from '../pack';
import type { Gauge } from './gauge';

/** The numbers of `Count` that mean something else on a pack are left out of the record, or used as these. */
export enum PackCount {
  /** Charge left and taken out since the last full one [mC], and the cell that is followed. */
  left_mC = 2,
  consumed_mC,
  cell,
}

/** Tells a pack's record from a channel's. */
export const PACK_COUNT_FORM = 104;

export interface PackDevice extends Omit<Device, 'bms'> {
  bms: PackBms | undefined;
  /** As long as there is a `bms`. */
  gauge: Gauge | undefined;
  /** Undefined where no flight controller listens. */
  mavlink: Mavlink | undefined;
}
