/**
 * What the supervisor looks for, one number for each row of the fault table (table.ts). The rows that reduce a current before
 * they stop it come first. Numbers are logged and sent: the order is part of the record format.
 */
export enum Fault {
  None,
  OverVoltage,
  UnderVoltage,
  OverTemperature,
  UnderTemperature,
  ChargeOverTemperature,
  ChargeUnderTemperature,
  LastingChargeCurrent,
  LastingDischargeCurrent,
  DeepDischarge,
  OverChargeCurrent,
  OverDischargeCurrent,
  FrontEnd,
  CurrentWhenOpen,
  CurrentNotFollowing,
  InvalidData,
  OutOfRange,
  ImpossibleSlope,
  StuckData,
  StaleData,
  StaleSlowData,
  NoAcknowledge,
  WrongChecksum,
  BusSlow,
  BusStuck,
  TickOverrun,
  ClockJump,
  SetPointOutOfRange,
  ActuatorMismatch,
  SwitchNotClosing,
  ThermistorOpen,
  ThermistorShort,
  ThermistorStuck,
  TemperatureSlope,
  VoltagesDisagree,
  TemperaturesDisagree,
  ChargeCountDisagrees,
  PartReset,
  BoardTemperature,
  /** From here on the alarms of the watchers, in their order. */
  SoftShort,
  SelfHeating,
  PolarizationRunaway,
  PlatingTooFast,
  EndOfLife,
  Imbalance,
  OpenSenseWire,
  WrongPart,
  SelfTestFailed,
  ConfigurationInvalid,
  ConfigurationUnsigned,
  StoreCorrupt,
  FlashWorn,
  MemoryLow,
  ResetStorm,
  BrownOut,
  length,
}

/** The last of the rows that derate. */
export const LAST_DERATING = Fault.LastingDischargeCurrent;

/** What a row takes away once it has tripped: bits of charge and discharge; both of them open the switches. */
export enum Action {
  Warn = 0,
  StopCharge = 1,
  StopDischarge = 2,
  Open = 3,
}

/** How a tripped row comes back. */
export enum Release {
  /** By itself, when the value has been on the good side of its release level for `RELEASE_MS`. */
  Auto,
  /** By an authorised command alone. */
  Service,
  /** By starting anew: the self-test sets the part up again and decides. */
  Restart,
}

/** How the rows that are read together are told apart. */
export enum Group {
  /** Voltage and current, at every fresh sample. */
  Sample,
  /** Ages, bus and clock, at every tick. */
  Tick,
  /** Read-back of switches and set-point. */
  Actuator,
  /** The cell's temperature. */
  Temperature,
  /** Second opinions, settings, counters: when their turn is. */
  Slow,
  /** Once a second. */
  Second,
  length,
}

/** What a board is for: on a cycler a stop is safe; in flight a stop drops the aircraft. */
export enum Policy {
  Cycler,
  Flight,
}
