/**
 * The engine of the fault table: compares one value with one row. It knows nothing of what the values mean.
 */
import { Action, Fault, LAST_DERATING, Release } from './faults';
import { Level, Of, Row, type Protection } from './protection';

/** How long a value must be good before a row releases itself. */
export const RELEASE_MS = 5000;
/** A row that warns goes back to `Ok` this part of the way below its early level. */
const EARLY_HYSTERESIS = 0.25;
const DERATE_PART = 0.2;

/**
 * Shows a fresh value to its row. A value that is not a number counts as beyond the level: what is unknown is never good.
 * @param value in the row's unit
 */
export function check(p: Protection, fault: Fault, value: number, now_ms: number): void {
  const row = fault * Of.length;
  const level = fault * Level.length;
  const x = value * p.rows[row + Of.sign];
  const trip = p.levels[level + Level.trip];
  const state = p.state[fault];
  if (state === Row.Tripped) {
    if (!(x <= p.levels[level + Level.release])) p.since_ms[fault] = now_ms;
    else if (now_ms - p.since_ms[fault] >= RELEASE_MS && releaseOf(p, fault) === Release.Auto) enter(p, fault, Row.Ok);
  } else if (!(x <= trip)) {
    if (state !== Row.Suspect) {
      if (state === Row.Ok && fault <= LAST_DERATING) p.room[fault] = 1;
      p.since_ms[fault] = now_ms;
      p.samples[fault] = 0;
      enter(p, fault, Row.Suspect);
    }
    if (p.samples[fault] < 255) p.samples[fault]++;
    if (
      p.samples[fault] >= p.rows[row + Of.samples] &&
      now_ms - p.since_ms[fault] >= 100 * p.rows[row + Of.time_100ms]
    ) {
      p.since_ms[fault] = now_ms;
      enter(p, fault, Row.Tripped);
      if (fault <= LAST_DERATING) p.room[fault] = 0;
      if (p.fault === Fault.None && p.rows[row + Of.response] & Action.Open) {
        p.fault = fault;
        p.faultAt_ms = now_ms;
      }
    }
  } else {
    const early = p.levels[level + Level.early];
    if (x > early) {
      if (state !== Row.Early) enter(p, fault, Row.Early);
    } else if (state === Row.Suspect || (state === Row.Early && x <= early - EARLY_HYSTERESIS * (trip - early)))
      enter(p, fault, Row.Ok);
  }
  if (fault <= LAST_DERATING && p.state[fault] === Row.Early) derate(p, fault, x, state === Row.Ok);
}

/** Trips the row at once, whatever its value. */
export function trip(p: Protection, fault: Fault, now_ms: number): void {
  const state = p.state[fault];
  if (state === Row.Tripped) return;
  p.since_ms[fault] = now_ms - 100 * p.rows[fault * Of.length + Of.time_100ms];
  p.samples[fault] = 254;
  if (state !== Row.Suspect) enter(p, fault, Row.Suspect);
  check(p, fault, NaN, now_ms);
}

/**
 * Between its early and its trip level a row lets less and less through. It moves by a part of the way at each sample: the
 * current it takes away moves the voltage it looks at, and the two must not swing. A row that suspects keeps what it allows, so
 * that less current does not hide from it what it is about to confirm.
 */
function derate(p: Protection, fault: Fault, x: number, begins: boolean): void {
  const level = fault * Level.length;
  const trip = p.levels[level + Level.trip];
  const to = (trip - x) / (trip - p.levels[level + Level.early]);
  const was = begins ? 1 : p.room[fault];
  p.room[fault] = was + DERATE_PART * ((to < 1 ? to : 1) - was);
  p.changed = true;
}

/** Puts a row into a state, and counts the rows of its group that are not `Ok`. */
function enter(p: Protection, fault: Fault, state: Row): void {
  const group = p.rows[fault * Of.length + Of.group];
  if (p.state[fault] === Row.Ok) p.busy[group]++;
  if (state === Row.Ok) p.busy[group]--;
  p.state[fault] = state;
  p.news[fault] = 1;
  p.changes = (p.changes + 1) & 65535;
  p.changed = true;
}

/** What all rows together leave of the current, and why. To be called when `changed`. */
export function settle(p: Protection): void {
  let lead = Fault.None;
  p.changed = false;
  p.open = false;
  p.blocked = Action.Warn;
  p.charge = 1;
  p.discharge = 1;
  p.whyCharge = Fault.None;
  p.whyDischarge = Fault.None;
  // Behind the rows that derate, only those that have tripped count.
  for (let fault = 1; fault > 0; fault = fault < LAST_DERATING ? fault + 1 : p.state.indexOf(Row.Tripped, fault + 1)) {
    const state = p.state[fault];
    if (state === Row.Ok) continue;
    const response = p.rows[fault * Of.length + Of.response];
    const action = response & 3;
    if (state === Row.Tripped && action !== Action.Warn) {
      if (lead === Fault.None) lead = fault;
      if (action === Action.Open) p.open = true;
      p.blocked |= action;
      take(p, fault, action, 0);
    }
    if (fault <= LAST_DERATING) take(p, fault, response >> 4, p.room[fault]);
  }
  if (p.state[p.fault] !== Row.Tripped) p.fault = lead;
}

function take(p: Protection, fault: Fault, bits: number, room: number): void {
  if (bits & Action.StopCharge && room < p.charge) {
    p.charge = room;
    p.whyCharge = fault;
  }
  if (bits & Action.StopDischarge && room < p.discharge) {
    p.discharge = room;
    p.whyDischarge = fault;
  }
}

/** Releases a tripped row. What caused it must be gone, or it trips again. */
export function releaseFault(p: Protection, fault: Fault): void {
  if (p.state[fault] !== Row.Tripped) return;
  enter(p, fault, Row.Ok);
  settle(p);
}

/** How a row comes back once it has tripped. */
export function releaseOf(p: Protection, fault: Fault): Release {
  return (p.rows[fault * Of.length + Of.response] >> 2) & 3;
}
