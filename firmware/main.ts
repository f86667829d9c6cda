/**
 * The device entry: schedule, watchdog, what is said and what is kept. The console finds the state under `caldera`.
 *
 * A tick comes first. What is left to do (lines, records, the link) is done in slices between two ticks. What is needed at the start
 * and for a service command is taken from Storage then, and dropped.
 */
import {
  clock,
  failStart,
  FIRST_MS,
  isButtonHeld,
  Keep,
  listen,
  lookAtSelf,
  openWithoutKey,
  RETRY_MS,
  say,
  SECOND_MS,
  send,
  SLICE_MS,
  superviseTime,
  tellRow,
  UPKEEP_S,
  WATCHDOG_S,
  WIRE,
} from './entry';
import { openConsole } from '../hal/espruino/console';
import { after, deviceId, kickWatchdog, now_ms, startWatchdog, withPart } from '../hal/espruino/system';
import { cyclerWires } from '../hal/espruino/cycler';
import { crc32, inSmallPages } from '../hal/espruino/flash';
import { tick, type Bms } from './bms';
import { Count, type Device } from './device';
import { rememberEstimator } from './estimate/memory';
import { releaseOf } from './protect/engine';
import { Fault, Group, Release } from './protect/faults';
import { type Protection } from './protect/protection';
import { Switch } from './protect/switches';
import { createLink, LinkNumber, linkSlice, setRate } from './link/link';
import { MEASURED, telemetry } from './link/telemetry';
import { Wait } from './protocol/protocol';
import { append } from './record/append';
import { eraseAhead } from './record/erase';
import { keepParts } from './record/keep';
import { Kind, type Records } from './record/layout';
import { createSamples, keepTrace, SAMPLES } from './record/samples';
import { restart } from './restart';
import { Steer } from './steer/steering';
import { Alarm, alarmLevel } from './watch/alarms';
import { answer, resetByButton } from './serviceTarget';
import { restUpkeep } from './upkeep';
import type { Wifi } from './wifi/wifi';
import { alarmLine, rateLine } from './words';

const BOOT = 'boot';

// State is each board's own: shared, it would take parameters, which cost variables.
/* jscpd:ignore-start */
const caldera: Device = {
  bms: undefined,
  clock_ms: now_ms(),
  offset_ms: 0,
  samples: createSamples(),
  error: '',
  fault: Fault.None,
  records: undefined,
  // With room for what a record adds to it.
  count: new Int32Array(Count.length + 2),
  startedAt_ms: 0,
  keptAt_ms: 0,
  service: undefined,
  link: createLink(crc32() as unknown as (text: string) => number),
};
/** What is kept of each tick: voltage [mV], current [mA], temperature [0.01 degC]. */
const sample = new Float64Array(3);
let due_ms = 0;
/** The longest that a tick may begin late or take, and has taken since it was told last. */
let most_ms = 0;
let worst_ms = 0;
/** Of the last tick. */
let tickAt_ms = 0;
/** The slice of work that is next, and when the next round of them begins. */
let job = 0;
let round_ms = 0;
let reportedCycles = 0;
let reportedPlans = 0;
let reportedChanges = 0;
const reportedAlarms = new Uint8Array(Alarm.length);
let keptCycles = 0;
let restSeconds = 0;
/** Bits of `Keep`, and what was learned while it waits. */
let pending = 0;
let learned: Float64Array[] = [];
/** Telemetry by radio, where the configuration asks for it. */
let wifi: Wifi | undefined;
/** Pages may be waiting to be erased. */
let eraseDue = true;
/* jscpd:ignore-end */

function run(): void {
  const bms = caldera.bms;
  // A command has changed what it rests on.
  if (bms === undefined) {
    start();
    return;
  }
  const began_ms = clock(caldera);
  const period_ms = tick(bms, began_ms);
  const p = bms.protection;
  kickWatchdog();
  const late_ms = began_ms - due_ms;
  // Kept on its grid; a tick that took too long is followed at once by the next.
  due_ms = late_ms < period_ms ? due_ms + period_ms : began_ms + 1;
  const now = now_ms() + caldera.offset_ms;
  const took_ms = now - began_ms;
  if (took_ms > worst_ms) worst_ms = took_ms;
  if (late_ms >= most_ms || took_ms >= most_ms || p.busy[Group.Tick] !== 0)
    superviseTime(caldera, p, late_ms, took_ms, began_ms);
  tickAt_ms = began_ms;
  after(1, between);
  after(due_ms - now > 1 ? due_ms - now : 1, caldera.bms === undefined ? start : run);
}

/** Right behind a tick: what it saw is kept; a slice of what has time, the device's own first, for each 100 ms until the next. */
function between(): void {
  const bms = caldera.bms;
  if (bms === undefined) return;
  const sense = bms.sense;
  sample[0] = sense.voltage_mV;
  sample[1] = sense.current_mA;
  sample[2] = 100 * sense.temperature_C;
  caldera.samples.set(sample, 3 * (bms.ticks % SAMPLES));
  let left_ms = due_ms - tickAt_ms;
  // A command may end the run.
  while (left_ms > 0 && caldera.bms !== undefined && (work(caldera.bms, tickAt_ms) || talk(tickAt_ms)))
    left_ms -= SLICE_MS;
}

/** A slice of what the device has to look at, to say and to keep: a round each second, or at once when a row has changed. */
function work(bms: Bms, now: number): boolean {
  if (job === 0) {
    if (now < round_ms && pending === 0 && bms.protection.changes === reportedChanges) return false;
    if (now >= round_ms) {
      round_ms = now + SECOND_MS;
      look(bms, now);
    }
    job = 1;
  } else if (job === 1) {
    if (!tell(bms, now)) job = 2;
  } else if (pending === 0) {
    job = 0;
    idle(bms, now);
  } else keepNext(bms, now);
  return true;
}

/** A slice of the link's work: who sends without end must not keep the controller from its cell. */
function talk(now: number): boolean {
  const link = caldera.link;
  const work = linkSlice(link, now, serveLine);
  const frame = work === undefined ? telemetry(link, caldera, now) : work;
  if (frame === undefined) return false;
  if (frame !== '') send(frame);
  if (wifi !== undefined && now >= wifi.due_ms && frame.charAt(3) === MEASURED) wifi.publish(frame, now);
  return true;
}

/** The device looks at itself, once a second. */
function look(bms: Bms, now: number): void {
  const n = caldera.link.n;
  if (worst_ms > n[LinkNumber.worst_ms]) n[LinkNumber.worst_ms] = worst_ms;
  worst_ms = 0;
  pending |= lookAtSelf(caldera, bms.protection, bms.selfTest === undefined, now);
  lookAtButton(now);
}

/** Says one thing, if there is one to say. Integers only: the interpreter prints floats with 11 digits. @returns whether there was */
function tell(bms: Bms, now: number): boolean {
  const p = bms.protection;
  if (p.changes !== reportedChanges) return tellRows(bms, p, now);
  if (bms.run.finished !== reportedCycles) {
    reportedCycles = bms.run.finished;
    const last = bms.run.last;
    say(
      caldera,
      'cycle ' + last.loop + ' ' + last.n + ' ' + Math.floor(last.charge_mC) + ' ' + Math.floor(last.discharge_mC),
    );
    pending |= Keep.Place;
    return true;
  }
  const steering = bms.steering;
  if (steering !== undefined && steering.s[Steer.planned] !== reportedPlans) {
    reportedPlans = steering.s[Steer.planned];
    say(caldera, rateLine(steering));
    return true;
  }
  if (bms.watch === undefined) return false;
  const alarms = bms.watch.alarms;
  for (let alarm = 1; alarm < Alarm.length; alarm++) {
    const level = alarmLevel(alarms, alarm);
    if (level === reportedAlarms[alarm]) continue;
    reportedAlarms[alarm] = level;
    say(caldera, alarmLine(alarms, alarm));
    return true;
  }
  return false;
}

/** Each row that trips or comes back, one a call. @returns whether there was one */
function tellRows(bms: Bms, p: Protection, now: number): boolean {
  const sense = bms.sense;
  const bits = tellRow(caldera, p, sense.voltage_mV, sense.current_mA, 100 * sense.temperature_C, now);
  if (bits > 0) pending |= bits;
  if (bits < 0) reportedChanges = p.changes;
  return bits >= 0;
}

// Alike on all boards, with each one's state.
/* jscpd:ignore-start */
/** The next of what waits to be recorded. */
function keepNext(bms: Bms, now: number): void {
  const records = caldera.records;
  if (records === undefined) pending = 0;
  else if (pending & Keep.Trace) {
    pending -= Keep.Trace;
    keepTrace(records, caldera.samples, bms.ticks);
  } else if (pending & Keep.Place) {
    pending += Keep.Count - Keep.Place - (pending & Keep.Count);
    notePlace(bms, now);
  } else if (pending & Keep.Count) {
    pending -= Keep.Count;
    keepCount(records);
  } else if (pending & Keep.Learned) {
    pending += Keep.State - Keep.Learned;
    if (bms.estimator !== undefined) learned = [rememberEstimator(bms.estimator, now)];
    if (bms.steering !== undefined) learned.push(bms.steering.s);
  } else {
    pending -= Keep.State;
    if (!keepParts(records, Kind.State, learned)) say(caldera, 'not recorded: no room');
    learned = [];
  }
}
/* jscpd:ignore-end */

/** Where the run stands, and the state of each row. */
function notePlace(bms: Bms, now: number): void {
  caldera.keptAt_ms = now;
  const count = caldera.count;
  const run = bms.run;
  const charge_mC = bms.counter.charge_mC;
  count[Count.charge_mC] = charge_mC;
  count[Count.index] = run.index;
  count[Count.turns] = run.turns;
  count[Count.finished] = run.finished;
  count[Count.elapsed_ms] = run.began_ms < 0 ? 0 : now - run.began_ms;
  count[Count.stepCharge_mC] = charge_mC - run.beganCharge_mC;
  const cycle = run.now;
  count[Count.cycleCharge_mC] = cycle.charge_mC;
  count[Count.cycleDischarge_mC] = cycle.discharge_mC;
  count[Count.cycleStrip_mC] = cycle.strip_mC;
  new Uint8Array(count.buffer, 4 * Count.rows, Fault.length).set(bms.protection.state);
}

function keepCount(records: Records): void {
  const count = caldera.count;
  // Only where the channel has not rested for hours: an erase takes longer than a tick.
  if (!append(records, Kind.Count, count) && eraseAhead(records)) append(records, Kind.Count, count);
}

/** What a round ends with: what was learned in a cycle; while no current flows, flash: an erase takes as long as a tick or more. */
function idle(bms: Bms, now: number): void {
  const p = bms.protection;
  const estimator = bms.estimator;
  // While the run waits, what the cycle has taught is still being worked out.
  if (estimator !== undefined && estimator.cycles !== keptCycles && bms.run.waits === Wait.Nothing) {
    keptCycles = estimator.cycles;
    eraseDue = true;
    pending |= Keep.Learned;
  } else if (p.open && now - p.faultAt_ms >= RETRY_MS && releaseOf(p, p.fault) === Release.Restart) {
    // A new start replaces all there is; what follows in this tick is of the old.
    if (!restart(caldera, now)) {
      notePlace(bms, now);
      if (caldera.records !== undefined) keepCount(caldera.records);
      caldera.bms = undefined;
    }
  } else if (bms.switches !== Switch.Charge && bms.switches !== Switch.Discharge) {
    restSeconds++;
    if (eraseDue || restSeconds % UPKEEP_S === 0)
      eraseDue = restUpkeep(caldera, Math.floor(restSeconds / UPKEEP_S), now);
  }
}

/** The way back without a key. */
function lookAtButton(now: number): void {
  if (!isButtonHeld(caldera, now)) return;
  resetByButton(caldera, now);
  if (WIRE !== null) openConsole(WIRE);
}

/** A service command. */
function serveLine(line: string): string {
  return answer(caldera, line, clock(caldera), WIRE);
}

// Alike on all boards, with each one's state.
/* jscpd:ignore-start */
/** Starts the channel; a board that fails stays safe, says why and tries again: it can always be talked to. */
function start(): void {
  withPart(BOOT, 'boot', [caldera, clock(caldera), { wires: cyclerWires, smallPages: inSmallPages }]);
  openWithoutKey(caldera);
  startWatchdog(WATCHDOG_S);
  if (caldera.bms === undefined) {
    due_ms = failStart(caldera, wait);
    return;
  }
  if (caldera.error !== '') say(caldera, caldera.error);
  keptCycles = caldera.bms.estimator === undefined ? 0 : caldera.bms.estimator.cycles;
  reportedCycles = caldera.bms.run.finished;
  if (keptCycles > 0) say(caldera, 'recalled cycle ' + keptCycles);
  caldera.startedAt_ms = caldera.keptAt_ms = clock(caldera);
  due_ms = caldera.keptAt_ms + FIRST_MS;
  round_ms = 0;
  most_ms = caldera.bms.config.limits.maxTick_ms;
  const told = caldera.bms.config.link;
  setRate(caldera.link, told === undefined ? 1000 : told.telemetry_ms, caldera.startedAt_ms);
  // What is loaded for it stays: most boards have no use for it.
  if (caldera.bms.config.wifi !== undefined && wifi === undefined)
    wifi = withPart('wifi', 'startWifi', [caldera.bms.config.wifi, deviceId(), withPart('radio', 'createRadio', [])]);
  say(caldera, 'ready');
  after(FIRST_MS, run);
}

/** Between two attempts to start it can be talked to as at any other time. */
function wait(): void {
  kickWatchdog();
  talk(clock(caldera));
  lookAtButton(clock(caldera));
  if (clock(caldera) >= due_ms) start();
  else after(SLICE_MS, wait);
}

listen(caldera, serveLine);
start();

// A module, though nothing is taken from it: the bundler would wrap a script.
export {};
/* jscpd:ignore-end */
