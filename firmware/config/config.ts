/**
 * Everything about a channel that is data: the board, the limits, the protocol, the pace of the tick.
 */
import type { CyclerBoard } from '../../hal/boards/cycler';
import type { CellModel } from '../estimate/cellModel';
import type { ProtocolStep } from '../protocol/step';
import type { Policy } from '../protect/faults';
import type { SteerSettings } from '../steer/steering';

/** Levels of the fault table (protect/table.ts) that belong to a cell and its board. Currents are magnitudes. */
export interface Limits {
  overVoltage_mV: number;
  underVoltage_mV: number;
  /** A cell that was below is never charged again. */
  deepDischarge_mV: number;
  overCharge_mA: number;
  overDischarge_mA: number;
  /** What may flow for ever; above, only for a while (docs/safety.md). */
  lastingCharge_mA: number;
  lastingDischarge_mA: number;
  overTemperature_C: number;
  underTemperature_C: number;
  chargeOverTemperature_C: number;
  chargeUnderTemperature_C: number;
  boardTemperature_C: number;
  /** Oldest fast (voltage, current) and slow (temperature, read-backs) value that a decision may rest on. */
  maxAge_ms: number;
  maxSlowAge_ms: number;
  /** How late a tick may begin, and how long it may take. */
  maxTick_ms: number;
  /** How far two sensors of the same thing may be apart. */
  voltageDisagreement_mV: number;
  temperatureDisagreement_C: number;
  /** How far the measured current may be from the set-point. */
  currentError_mA: number;
  /** How far the firmware's own charge count may drift from the chip's within one comparison. */
  chargeError_mC: number;
  /** Between the highest and the lowest cell of a pack. */
  imbalance_mV: number;
  /** Capacity below which a cell is worn out, of the nominal one. */
  endOfLife_pct: number;
}

/** The pace: `period_ms` in the plateaus, `fast_ms` around transitions. */
export interface Pace {
  period_ms: number;
  fast_ms: number;
  /** A transition is near for this long after a step began, or before it is expected to end. */
  horizon_ms: number;
}

/** Telemetry on the wire of the console. */
export interface LinkConfig {
  /** Between two lines, 100 to 60,000 ms; 0: none before somebody asks. */
  telemetry_ms: number;
}

/** The UART to a flight controller. Pins are Espruino's names. */
export interface MavlinkConfig {
  /** `Serial2`, or `Serial1` where that is not the console's. */
  uart: string;
  rx: string;
  tx: string;
  /** Bits a second. */
  baud: number;
  /** The vehicle's own, 1 to 255. */
  systemId: number;
}

/** Telemetry by radio: published to an MQTT broker, nothing else. Never control. */
export interface WifiConfig {
  ssid: string;
  password: string;
  /** Address or name of the broker, and its port. */
  broker: string;
  port: number;
  /** Empty: the broker asks for no name. */
  user: string;
  secret: string;
  topic: string;
  period_ms: number;
}

/** The configuration of a channel, as it stands in `caldera.json`. `checkConfig` says whether it may be used. */
export interface Config {
  board: CyclerBoard;
  limits: Limits;
  /** What a trip does; undefined: as on a cycler. */
  policy?: Policy | undefined;
  pace: Pace;
  protocol: ProtocolStep[];
  /** What is known of the cell; without it the channel runs its protocol and estimates nothing. */
  cell?: CellModel | undefined;
  /** How the steered steps of the protocol are steered; it needs `cell`. Without it they run as they stand. */
  steer?: SteerSettings | undefined;
  /** Undefined: a line a second. */
  link?: LinkConfig | undefined;
  /** Undefined: the radio stays off. */
  wifi?: WifiConfig | undefined;
}
