/** The form of a row of the fault table, and what many rows share. */
import type { Limits } from '../../config/config';
import { Action, Fault, Group, Release } from '../faults';

/** What a policy makes of a row. */
export interface Response {
  action: Action;
  release: Release;
}

/** One fault: how it is noticed, what is done about it, and what people should know of it. */
export interface FaultRow {
  fault: Fault;
  /** As it is shown. */
  name: string;
  group: Group;
  /** The value that is compared, and its unit; empty: a count or a flag. */
  watched: string;
  unit: string;
  /** Trips above (true) or below (false) its level. */
  over: boolean;
  trip: number | keyof Limits;
  /** How far before the trip level it warns and, in rows that derate, begins to take current away; 0: it does not. */
  early: number;
  /** Of which currents it takes away, in between; `Warn`: none. */
  derates: Action;
  /** How far back behind the trip level the value must come to be released. */
  release: number;
  /** How many fresh values in a row, and for how long, must be beyond the level. */
  samples: number;
  time_ms: number;
  cycler: Response;
  flight: Response;
  /** 1: worth knowing, 2: less use, 3: harm to the cell, 4: harm to people. */
  severity: 1 | 2 | 3 | 4;
  /** From the moment the value is beyond the level at its sensor to the action, at 10 ticks a second. */
  promised_ms: number;
  /** What it would lead to. */
  effect: string;
  /** What commonly causes it. */
  causes: string;
  /** What remains the builder"s or the user"s duty. */
  duty: string;
}

export const open = { action: Action.Open, release: Release.Service };
export const openUntilGood = { action: Action.Open, release: Release.Auto };
export const openAndRestart = { action: Action.Open, release: Release.Restart };
export const noCharge = { action: Action.StopCharge, release: Release.Auto };
export const neverDischarge = { action: Action.StopDischarge, release: Release.Service };
export const neverCharge = { action: Action.StopCharge, release: Release.Service };
export const warn = { action: Action.Warn, release: Release.Auto };
export const warnForGood = { action: Action.Warn, release: Release.Service };

export const NO_DUTY = '';
export const SENSOR_DUTY = "Place and glue sensors as the board's page shows; calibrate at commissioning.";
export const WIRING_DUTY = 'Keep bus and sense wires short, apart from power leads, and strain-relieved.';
