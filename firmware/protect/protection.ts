/**
 * What the supervisor keeps: of each row of the fault table its levels and state, in typed arrays indexed by `Fault`, and what
 * follows from them, the share of the current that is allowed in each direction.
 */
import type { Limits } from '../config/config';
import { Action, Fault, Group, LAST_DERATING, type Policy } from './faults';
import { faultLevels, faultRows } from './rows';

/** State of a row. */
export enum Row {
  Ok,
  /** Past its early level. */
  Early,
  /** Past its trip level, not yet for long enough. */
  Suspect,
  Tripped,
}

/** Of each row in `Protection.rows`. */
export enum Of {
  group,
  /** 1: trips above its level, -1: below. */
  sign,
  samples,
  time_100ms,
  /** Bits 0 and 1: action; 2 and 3: release; 4 and 5: what it derates. */
  response,
  length,
}

/** Of each row in `Protection.levels`; those of a row that trips below its level with their sign turned. */
export enum Level {
  trip,
  early,
  release,
  length,
}

/** Numbers of the supervisor, in `Protection.x`. */
export enum X {
  /** The last sample, and how many have been equal to it. */
  last_mV,
  last_mA,
  last_ms,
  same,
  /** Lasting over-current, 1: all that is allowed; and both together. */
  chargeHeat,
  dischargeHeat,
  heat,
  lastingCharge_mA,
  lastingDischarge_mA,
  /** More than this is not asked for, whoever asks. */
  mostCharge_mA,
  mostDischarge_mA,
  /** Between these nothing can be wrong: rows are looked at only outside. */
  calmLow_mV,
  calmHigh_mV,
  calmLow_C,
  calmHigh_C,
  calmError_mA2,
  calmFlow_pct,
  last_C,
  lastTemperature_ms,
  /** Equal readings of the thermistor in a row. */
  lastThermistor,
  sameTemperature,
  length,
}

/** The fields that every tick looks at stand first: the interpreter searches in order. */
export interface Protection {
  x: Float64Array;
  /** Rows of each group that are not `Ok`. */
  busy: Uint8Array;
  /** Whether a row changed or a derating row moved since the last look. */
  changed: boolean;
  /** A row with the action `Open` is tripped. */
  open: boolean;
  /** What tripped rows take away: bits of charge and discharge, as in `Action`. */
  blocked: Action;
  /** Share of the current that is allowed in each direction, 0 to 1, and the row that limits it (`None`: none). */
  charge: number;
  discharge: number;
  /** `Fault.length` x `Of.length`. */
  rows: Int8Array;
  /** `Fault.length` x `Level.length`, in the unit of the row. */
  levels: Float32Array;
  state: Uint8Array;
  /** Fresh values beyond the level, and since when; of a tripped row since when it has been good again. */
  samples: Uint8Array;
  since_ms: Float64Array;
  /** Share of the current that each derating row allows. */
  room: Float32Array;
  whyCharge: Fault;
  whyDischarge: Fault;
  /** The row that took something away first and still does; `None`: none. */
  fault: Fault;
  faultAt_ms: number;
  /** How often rows changed their state since start, modulo 65536, and which have since somebody looked: 1. */
  changes: number;
  news: Uint8Array;
}

/** Levels for a cell, responses for a policy. */
export function createProtection(limits: Limits, policy: Policy): Protection {
  const p: Protection = {
    x: new Float64Array(X.length),
    busy: new Uint8Array(Group.length),
    changed: false,
    open: false,
    blocked: Action.Warn,
    charge: 1,
    discharge: 1,
    rows: new Int8Array(faultRows(policy)),
    levels: new Float32Array(faultLevels(limits)),
    state: new Uint8Array(Fault.length),
    samples: new Uint8Array(Fault.length),
    since_ms: new Float64Array(Fault.length),
    room: new Float32Array(LAST_DERATING + 1),
    whyCharge: Fault.None,
    whyDischarge: Fault.None,
    fault: Fault.None,
    faultAt_ms: 0,
    changes: 0,
    news: new Uint8Array(Fault.length),
  };
  p.x[X.lastingCharge_mA] = limits.lastingCharge_mA;
  p.x[X.lastingDischarge_mA] = limits.lastingDischarge_mA;
  p.x[X.mostCharge_mA] = limits.lastingCharge_mA;
  p.x[X.mostDischarge_mA] = limits.lastingDischarge_mA;
  p.x[X.last_ms] = p.x[X.lastTemperature_ms] = -1;
  calm(p);
  return p;
}

/** Finds the band of values in which no row can leave `Ok`, from the levels as they are now. */
function calm(p: Protection): void {
  const x = p.x;
  x[X.calmHigh_mV] = first(p, Fault.OverVoltage);
  x[X.calmLow_mV] = -Math.min(first(p, Fault.UnderVoltage), first(p, Fault.DeepDischarge));
  x[X.calmHigh_C] = Math.min(first(p, Fault.OverTemperature), first(p, Fault.ChargeOverTemperature));
  x[X.calmLow_C] = -Math.min(first(p, Fault.UnderTemperature), first(p, Fault.ChargeUnderTemperature));
  const error_mA = Math.min(first(p, Fault.CurrentNotFollowing), first(p, Fault.CurrentWhenOpen));
  x[X.calmError_mA2] = error_mA * error_mA;
  x[X.calmFlow_pct] = -first(p, Fault.SwitchNotClosing);
}

/** The level at which the row leaves `Ok`. */
function first(p: Protection, fault: Fault): number {
  const at = fault * Level.length;
  return Math.min(p.levels[at + Level.trip], p.levels[at + Level.early]);
}

/** Moves the row's levels so that it trips at `trip`, in the row's unit. */
export function setLevel(p: Protection, fault: Fault, trip: number): void {
  const at = fault * Level.length;
  const by = trip * p.rows[fault * Of.length + Of.sign] - p.levels[at];
  for (let level = 0; level < Level.length; level++) p.levels[at + level] += by;
  calm(p);
}
