/** What is told of the pack beside what its sensors read: the drone's gauge (drone/gauge.ts) keeps it. */

/** Numbers of a Float64Array. Whole ones in the units of the messages; the encoders round nothing but currents. */
export enum Told {
  /** Charge and energy taken out since the last full charge or the start [mAh, 100 J]: as in BATTERY_STATUS, first of all. */
  consumed_mAh,
  consumed_hJ,
  /** 0 to 100; -1: not known. */
  remaining_pct,
  /** Until the end at the recent power, 1 or more; 0: not known. */
  left_s,
  /** A ChargeState, never Undefined, and a mask of MavFault, 0 unless that is Failed or Unhealthy. */
  chargeState,
  faults,
  /** A SystemState. */
  systemState,
  /** Discharge current that is allowed now. */
  allowed_mA,
  /** Capacity as it is now, whole cycles, and capacity of the nominal one; -1: not known. */
  full_mAh,
  cycles,
  health_pct,
  length,
}

/** MAV_BATTERY_CHARGE_STATE. */
export enum ChargeState {
  Undefined,
  Ok,
  Low,
  Critical,
  Emergency,
  Failed,
  Unhealthy,
  Charging,
}

/** MAV_BATTERY_FAULT, as a mask. */
export enum MavFault {
  None = 0,
  DeepDischarge = 1,
  Spikes = 2,
  CellFail = 4,
  OverCurrent = 8,
  OverTemperature = 16,
  UnderTemperature = 32,
}

/** MAV_STATE, as far as a battery has them. */
export enum SystemState {
  Boot = 1,
  Standby = 3,
  Active = 4,
  Critical = 5,
  Emergency = 6,
}

/** Numbers of `Told` at boot: nothing is known yet, and nothing is wrong. */
export function createTold(): Float64Array {
  const told = new Float64Array(Told.length);
  told[Told.remaining_pct] = told[Told.full_mAh] = told[Told.cycles] = told[Told.health_pct] = -1;
  told[Told.chargeState] = ChargeState.Ok;
  told[Told.systemState] = SystemState.Boot;
  return told;
}
