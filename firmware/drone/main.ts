/**
 * The device entry of a drone pack: schedule, watchdog, what is said and what is kept. The console finds the state under `caldera`.
 *
 * A tick comes first, then a slice for the flight controller. What is left to do (the gauge, lines, records) waits for a tick in
 * which the estimator has nothing to do, and takes a slice of it. What is needed at the start and for a service command is taken from
 * Storage then, and dropped: never while a current flows, but for a front end that was reset, which has cut it.
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
} from '../entry';
import type { I2cBus } from '../../hal/bus';
import type { Bq76952 } from '../../hal/chips/bq76952';
import { packWires } from '../../hal/espruino/drone';
import { crc32, inSmallPages } from '../../hal/espruino/flash';
import { openConsole } from '../../hal/espruino/console';
import { after, kickWatchdog, now_ms, startWatchdog, withPart } from '../../hal/espruino/system';
import type { PackConfig } from '../config/packDefaults';
import { Count } from '../device';
import { rememberEstimator } from '../estimate/memory';
import { createLink, LinkNumber, linkSlice, setRate } from '../link/link';
import { runMavlink, tellChanges } from '../mavlink/mavlink';
import { tickPack, Wish, type PackBms } from '../pack';
import { releaseOf } from '../protect/engine';
import { Fault, Group, Release } from '../protect/faults';
import { type Protection } from '../protect/protection';
import { Switch } from '../protect/switches';
import { append } from '../record/append';
import { keepParts } from '../record/keep';
import { Kind, type Records } from '../record/layout';
import { createSamples, keepTrace, SAMPLES } from '../record/samples';
import type { PackMakers } from './boot';
import { PackCount, type PackDevice } from './device';
import { followCell, G, gaugeSlice } from './gauge';
import { packTelemetry } from './telemetry';
import { restUpkeep } from './upkeep';
import { isInUse } from './use';

const BOOT = 'boot';
const SERVE = 'serve';

/** So long a charger has to charge before the pack is on one, and is used again after it. */
const CHANGE_S = 5;

/** The work of a round, in its order: a look at itself, the gauge's six slices, the flight controller, lines, records. */
enum Job {
  Wait,
  Gauge,
  Tell = 7,
  Say,
  Keep,
}

/** Behind each tick, in this order; a stage of the estimator in the tick stands for the work. */
enum Slice {
  Trace,
  Work,
  Mavlink,
  MavlinkAgain,
  Link,
}

// State is each board's own: shared, it would take parameters, which cost variables.
/* jscpd:ignore-start */
const caldera: PackDevice = {
  bms: undefined,
  gauge: undefined,
  mavlink: undefined,
  error: '',
  fault: Fault.None,
  records: undefined,
  samples: createSamples(),
  // With room for what a record adds to it.
  count: new Int32Array(Count.length + 2),
  offset_ms: 0,
  clock_ms: now_ms(),
  startedAt_ms: 0,
  keptAt_ms: 0,
  service: undefined,
  link: createLink(crc32() as unknown as (text: string) => number),
};
/** What is kept of each tick: lowest cell [mV], current [10 mA], temperature [0.01 degC]. */
const sample = new Float64Array(3);
let due_ms = 0;
/** Of the last tick. */
let tickAt_ms = 0;
/** The slice behind this tick that is next. */
let slice = Slice.Trace;
/** The estimator has had a stage in this tick. */
let followed = false;
/** The slice of work that is next, and when the next round of them begins. */
let job = Job.Wait;
let round_ms = 0;
let reportedChanges = 0;
let keptCycles = 0;
let restSeconds = 0;
/** Seconds of a current that the present wish does not mean. */
let otherSeconds = 0;
/** Bits of `Keep`, and what was learned while it waits. */
let pending = 0;
let learned: Float64Array[] = [];
/** Pages may be waiting to be erased. */
let eraseDue = true;
/* jscpd:ignore-end */

function run(): void {
  const bms = caldera.bms;
  const gauge = caldera.gauge;
  // A command has changed what it rests on.
  if (bms === undefined || gauge === undefined) {
    start();
    return;
  }
  const began_ms = clock(caldera);
  const period_ms = tickPack(bms, began_ms);
  const sense = bms.sense;
  const p = bms.protection;
  const most_ms = bms.config.limits.maxTick_ms;
  const late_ms = began_ms - due_ms;
  followed = followCell(gauge, sense, began_ms);
  slice = Slice.Trace;
  kickWatchdog();
  // Kept on its grid; a tick that took too long is followed at once by the next.
  due_ms = due_ms + period_ms > began_ms ? due_ms + period_ms : began_ms + 1;
  const now = clock(caldera);
  const n = caldera.link.n;
  if (now - began_ms > n[LinkNumber.worst_ms]) n[LinkNumber.worst_ms] = now - began_ms;
  tickAt_ms = began_ms;
  after(1, between);
  if (late_ms >= most_ms || now - began_ms >= most_ms || p.busy[Group.Tick] !== 0)
    superviseTime(caldera, p, late_ms, now - began_ms, began_ms);
  after(due_ms - now > 1 ? due_ms - now : 1, caldera.bms === undefined ? start : run);
}

/** One slice of what has time: a round each second, or at once when a row has changed. */
function work(bms: PackBms, now: number): void {
  const gauge = caldera.gauge;
  if (job === Job.Wait) {
    if (now >= round_ms) {
      round_ms = now + SECOND_MS;
      look(bms, now);
      job = Job.Gauge;
    } else if (pending !== 0 || bms.protection.changes !== reportedChanges) job = Job.Say;
  } else if (job < Job.Tell) {
    if (gauge !== undefined) gaugeSlice(gauge, bms, job - Job.Gauge, now);
    job++;
  } else if (job === Job.Tell) {
    if (caldera.mavlink !== undefined) tellChanges(caldera.mavlink, now);
    turnWish(bms);
    job = Job.Say;
  } else if (job === Job.Say) {
    if (!tellRows(bms, bms.protection, now)) job = Job.Keep;
  } else if (pending === 0) {
    job = Job.Wait;
    idle(bms, now);
  } else keepNext(now);
}

/** Right behind a tick: what it saw is kept; then slices of what has time, each by itself, and the link's on until the next tick. */
function between(): void {
  const bms = caldera.bms;
  if (bms === undefined) return;
  const sense = bms.sense;
  const mavlink = caldera.mavlink;
  if (slice === Slice.Trace) {
    sample[0] = sense.lowest_mV;
    sample[1] = sense.current_mA / 10;
    sample[2] = 100 * sense.hottest_C;
    caldera.samples.set(sample, 3 * (bms.ticks % SAMPLES));
  } else if (slice === Slice.Work) {
    if (!followed) work(bms, tickAt_ms);
  } else if (slice === Slice.Link) talk(tickAt_ms);
  // Every other tick takes a slow reading instead.
  else if (mavlink !== undefined && !sense.slowDue) runMavlink(mavlink, sense, tickAt_ms);
  if (slice < Slice.Link) {
    slice++;
    after(1, between);
  } else if (due_ms - clock(caldera) > SLICE_MS) after(SLICE_MS, between);
}

/** A slice of the link's work: who sends without end must not keep the controller from its cells. */
function talk(now: number): void {
  const link = caldera.link;
  const work = linkSlice(link, now, answer);
  const frame = work === undefined ? packTelemetry(link, caldera, now) : work;
  if (frame !== undefined && frame !== '') send(frame);
}

/** The device looks at itself, once a second. */
function look(bms: PackBms, now: number): void {
  pending |= lookAtSelf(caldera, bms.protection, bms.switches >= Switch.Precharge && bms.switches < Switch.Fault, now);
  if (!isInUse(bms)) lookAtButton(now);
}

/** A pack that is on and is being charged is on a charger, whose end the fullest cell decides; one that is drained is not. */
function turnWish(bms: PackBms): void {
  const current_mA = bms.sense.current_mA;
  const rest_mA = bms.config.balance.rest_mA;
  const other = bms.wish === Wish.On ? current_mA < -rest_mA : bms.wish === Wish.Charge && current_mA > rest_mA;
  otherSeconds = other ? otherSeconds + 1 : 0;
  if (otherSeconds < CHANGE_S) return;
  bms.wish = bms.wish === Wish.On ? Wish.Charge : Wish.On;
  otherSeconds = 0;
}

/** Each row that trips or comes back, one a call. @returns whether there was one */
function tellRows(bms: PackBms, p: Protection, now: number): boolean {
  const sense = bms.sense;
  const bits = tellRow(caldera, p, sense.lowest_mV, sense.current_mA, 100 * sense.hottest_C, now);
  if (bits > 0) pending |= bits;
  if (bits < 0) reportedChanges = p.changes;
  return bits >= 0;
}

// Alike on all boards, with each one's state.
/* jscpd:ignore-start */
/** The next of what waits to be recorded. */
function keepNext(now: number): void {
  const records = caldera.records;
  const bms = caldera.bms;
  const gauge = caldera.gauge;
  if (records === undefined || bms === undefined || gauge === undefined) pending = 0;
  else if (pending & Keep.Trace) {
    pending -= Keep.Trace;
    keepTrace(records, caldera.samples, bms.ticks);
  } else if (pending & Keep.Place) {
    pending += Keep.Count - Keep.Place - (pending & Keep.Count);
    notePlace(bms, gauge.g, now);
  } else if (pending & Keep.Count) {
    pending -= Keep.Count;
    keepCount(records, bms);
  } else if (pending & Keep.Learned) {
    pending += Keep.State - Keep.Learned;
    if (gauge.estimator !== undefined) learned = [rememberEstimator(gauge.estimator, now)];
  } else {
    pending -= Keep.State;
    if (!keepParts(records, Kind.State, learned)) say(caldera, 'not recorded: no room');
    learned = [];
  }
}
/* jscpd:ignore-end */

/** How much is left, and the state of each row. */
function notePlace(bms: PackBms, g: Float64Array, now: number): void {
  caldera.keptAt_ms = now;
  const count = caldera.count;
  count[PackCount.left_mC] = g[G.left_mAh] < 0 ? -1 : 3600 * g[G.left_mAh];
  count[PackCount.consumed_mC] = g[G.counted_mC] - g[G.full_mC];
  count[PackCount.cell] = g[G.cell];
  new Uint8Array(count.buffer, 4 * Count.rows, Fault.length).set(bms.protection.state);
}

function keepCount(records: Records, bms: PackBms): void {
  // Where there is no room an erase has to make some, which takes longer than a tick: not in flight.
  if (!append(records, Kind.Count, caldera.count) && !isInUse(bms)) eraseDue = true;
}

/** What a round ends with: what was learned in a cycle; while the pack rests, a new start where only that helps, and flash. */
function idle(bms: PackBms, now: number): void {
  const p = bms.protection;
  const estimator = caldera.gauge === undefined ? undefined : caldera.gauge.estimator;
  if (estimator !== undefined && estimator.cycles !== keptCycles) {
    keptCycles = estimator.cycles;
    eraseDue = true;
    pending |= Keep.Learned;
  } else if (!isInUse(bms)) {
    if (p.open && now - p.faultAt_ms >= RETRY_MS && releaseOf(p, p.fault) === Release.Restart) {
      // A new start replaces all there is; what follows in this tick is of the old.
      if (caldera.gauge !== undefined) notePlace(bms, caldera.gauge.g, now);
      if (caldera.records !== undefined) keepCount(caldera.records, bms);
      caldera.bms = undefined;
    } else if (bms.switches !== Switch.Precharge) {
      restSeconds++;
      if (eraseDue || restSeconds % UPKEEP_S === 0)
        eraseDue = restUpkeep(caldera, Math.floor(restSeconds / UPKEEP_S), now);
    }
  }
}

/** The way back without a key. */
function lookAtButton(now: number): void {
  if (!isButtonHeld(caldera, now)) return;
  withPart(SERVE, 'resetByButton', [caldera, now]);
  if (WIRE !== null) openConsole(WIRE);
}

/** A service command. What answers it would take longer than a tick to load. */
function answer(line: string): string {
  if (caldera.bms !== undefined && isInUse(caldera.bms)) return 'refused: a current flows';
  return withPart(SERVE, 'answer', [caldera, line, clock(caldera), WIRE]);
}

/** The front end was reset and is to be set up again; nothing flows meanwhile. */
function openAgain(config: PackConfig, bus: I2cBus): Bq76952 {
  return withPart(BOOT, 'reopen', [config, bus]);
}

const MAKERS: PackMakers = { wires: packWires, smallPages: inSmallPages, open: openAgain };

// Alike on all boards, with each one's state.
/* jscpd:ignore-start */
/** Starts the pack; a board that fails stays safe, says why and tries again: it can always be talked to. */
function start(): void {
  withPart(BOOT, 'boot', [caldera, clock(caldera), MAKERS]);
  openWithoutKey(caldera);
  startWatchdog(WATCHDOG_S);
  if (caldera.bms === undefined) {
    due_ms = failStart(caldera, wait);
    return;
  }
  if (caldera.error !== '') say(caldera, caldera.error);
  const estimator = caldera.gauge === undefined ? undefined : caldera.gauge.estimator;
  keptCycles = estimator === undefined ? 0 : estimator.cycles;
  if (keptCycles > 0) say(caldera, 'recalled cycle ' + keptCycles);
  caldera.startedAt_ms = caldera.keptAt_ms = clock(caldera);
  due_ms = caldera.keptAt_ms + FIRST_MS;
  job = Job.Wait;
  round_ms = 0;
  const told = caldera.bms.config.link;
  setRate(caldera.link, told === undefined ? 1000 : told.telemetry_ms, caldera.startedAt_ms);
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

listen(caldera, answer);
start();

// A module, though nothing is taken from it: the bundler would wrap a script.
export {};
/* jscpd:ignore-end */
