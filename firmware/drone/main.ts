/**
 * The device entry of a drone pack: schedule, watchdog, what is said and what is kept. The console finds the state under `caldera`.
 *
 * A tick comes first, then a slice for the flight controller. What is left to do (the gauge, lines, records) waits for a tick in
 * which the estimator has nothing to do, and takes a slice of it. What is needed at the start and for a service command is taken from
 * Storage then, and dropped: never while a current flows, but for a front end that was reset, which has cut it.
 */
import type { I2cBus } from '../../hal/bus';
import type { Bq76952 } from '../../hal/chips/bq76952';
import { packWires } from '../../hal/espruino/drone';
import { crc32, inSmallPages } from '../../hal/espruino/flash';
import { closeConsole, groundedButton, isConsoleOpen, openConsole, serialOf } from '../../hal/espruino/console';
import {
  after,
  expose,
  freeMemory,
  kickWatchdog,
  now_ms,
  printLine,
  startWatchdog,
  withPart,
} from '../../hal/espruino/system';
import type { PackConfig } from '../config/packDefaults';
import { Count } from '../device';
import { rememberEstimator } from '../estimate/memory';
import { createLink, EVENT, framed, LinkNumber, linkSlice, receive, setRate } from '../link/link';
import { runMavlink, tellChanges } from '../mavlink/mavlink';
import { tickPack, Wish, type PackBms } from '../pack';
import { check, releaseOf, settle } from '../protect/engine';
import { Fault, Release } from '../protect/faults';
import { Row, type Protection } from '../protect/protection';
import { Switch } from '../protect/switches';
import { append } from '../record/append';
import { logEvent } from '../record/event';
import { keepParts } from '../record/keep';
import { Kind, Tally, type Records } from '../record/layout';
import { createSamples, keepTrace, SAMPLES } from '../record/samples';
import { heldAtBoot } from '../service/button';
import { ButtonState, KeyState, Service } from '../service/state';
import { faultLine } from '../words';
import type { PackMakers } from './boot';
import { PackCount, type PackDevice } from './device';
import { followCell, G, gaugeSlice } from './gauge';
import { packTelemetry } from './telemetry';
import { restUpkeep } from './upkeep';
import { isInUse } from './use';

/** Set when the firmware is built: whether the interpreter's console is closed. */
declare const PRODUCTION: boolean;

const BOOT = 'boot';
const SERVE = 'serve';

const RETRY_MS = 5000;
const FIRST_MS = 100;
const SECOND_MS = 1000;
/** Between two slices of the link's work. */
const SLICE_MS = 100;
const COUNT_MS = 60000;
/** An hour of service ends a storm of resets. */
const CALM_S = 3600;
/** Longer than the watchdog allows, so it can only be the clock. */
const JUMP_MS = 3000;
/** At least a second: an ESP32 rounds to whole seconds. */
const WATCHDOG_S = 2;
/** Between two looks at the records while nothing is to be erased. */
const UPKEEP_S = 60;
const LEAST_FREE = 300;
const BUTTON = 'D0';
/** So long a charger has to charge before the pack is on one, and is used again after it. */
const CHANGE_S = 5;

/** What waits to be recorded, a bit each, in this order. */
enum Keep {
  Trace = 1,
  Place = 2,
  Count = 4,
  Learned = 8,
  State = 16,
}

/** The work of a round, in its order: a look at itself, the gauge's six slices, the flight controller, lines, records. */
enum Job {
  Wait,
  Gauge,
  Tell = 7,
  Say,
  Keep,
}

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
/** The wire of the closed console, on which commands come and lines go; null: it stays a console. */
const WIRE = PRODUCTION ? closeConsole() : null;
const button = groundedButton(BUTTON);
let due_ms = 0;
/** Of the last tick. */
let tickAt_ms = 0;
/** The slice of work that is next, and when the next round of them begins. */
let job = Job.Wait;
let round_ms = 0;
let reportedChanges = 0;
const reportedRows = new Uint8Array(Fault.length);
let keptCycles = 0;
let restSeconds = 0;
/** Seconds of a current that the present wish does not mean. */
let otherSeconds = 0;
/** Bits of `Keep`, and what was learned while it waits. */
let pending = 0;
let learned: Float64Array[] = [];
/** Pages may be waiting to be erased. */
let eraseDue = true;

/** A line for whoever listens. */
function say(text: string): void {
  send(framed(caldera.link, EVENT, text));
}

function send(frame: string): void {
  if (WIRE === null || isConsoleOpen()) printLine(frame);
  else serialOf(WIRE).write(frame + '\n');
}

/** Time that never jumps [ms]: a jump of the interpreter's clock is taken for no time at all. */
function clock(): number {
  const now = now_ms();
  const passed_ms = now - caldera.clock_ms;
  caldera.clock_ms = now;
  if (passed_ms < 0 || passed_ms > JUMP_MS) {
    caldera.offset_ms -= passed_ms;
    caldera.count[Count.jumps]++;
    if (caldera.bms !== undefined) check(caldera.bms.protection, Fault.ClockJump, 1, now + caldera.offset_ms);
  }
  return now + caldera.offset_ms;
}

function run(): void {
  const bms = caldera.bms;
  const gauge = caldera.gauge;
  // A command has changed what it rests on.
  if (bms === undefined || gauge === undefined) {
    start();
    return;
  }
  const began_ms = clock();
  const period_ms = tickPack(bms, began_ms);
  const sense = bms.sense;
  const p = bms.protection;
  sample[0] = sense.lowest_mV;
  sample[1] = sense.current_mA / 10;
  sample[2] = 100 * sense.hottest_C;
  caldera.samples.set(sample, 3 * (bms.ticks % SAMPLES));
  const most_ms = bms.config.limits.maxTick_ms;
  if (began_ms - due_ms >= most_ms || p.state[Fault.TickOverrun] !== Row.Ok)
    late(p, Fault.TickOverrun, began_ms - due_ms, began_ms);
  if (p.state[Fault.ClockJump] !== Row.Ok) check(p, Fault.ClockJump, 0, began_ms);
  if (!followCell(gauge, sense, began_ms)) work(bms, began_ms);
  const mavlink = caldera.mavlink;
  // Every other tick takes a slow reading instead.
  if (mavlink !== undefined && !sense.slowDue) {
    runMavlink(mavlink, sense, began_ms);
    runMavlink(mavlink, sense, began_ms);
  }
  kickWatchdog();
  // Kept on its grid; a tick that took too long is followed at once by the next.
  due_ms = due_ms + period_ms > began_ms ? due_ms + period_ms : began_ms + 1;
  const now = clock();
  const n = caldera.link.n;
  if (now - began_ms > n[LinkNumber.worst_ms]) n[LinkNumber.worst_ms] = now - began_ms;
  tickAt_ms = began_ms;
  if (caldera.link.text !== '' || caldera.link.request !== '' || began_ms >= n[LinkNumber.due_ms]) after(1, between);
  if (now - began_ms >= most_ms || p.state[Fault.BusSlow] !== Row.Ok) late(p, Fault.BusSlow, now - began_ms, began_ms);
  after(due_ms - now > 1 ? due_ms - now : 1, caldera.bms === undefined ? start : run);
}

function late(p: Protection, fault: Fault, late_ms: number, now: number): void {
  check(p, fault, late_ms, now);
  if (p.state[fault] === Row.Suspect) caldera.count[Count.overruns]++;
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
    if (!tellRow(bms, bms.protection, now)) job = Job.Keep;
  } else if (pending === 0) {
    job = Job.Wait;
    idle(bms, now);
  } else keepNext(now);
}

/** Right behind a tick, and on while there is time before the next. */
function between(): void {
  if (caldera.bms === undefined) return;
  talk(tickAt_ms);
  if (due_ms - clock() > SLICE_MS) after(SLICE_MS, between);
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
  const p = bms.protection;
  const count = caldera.count;
  count[Count.service_s]++;
  if (count[Count.storm] > 0 && caldera.startedAt_ms + 1000 * CALM_S < now) count[Count.storm] = 0;
  const free = freeMemory();
  caldera.link.n[LinkNumber.free] = free;
  if (free < LEAST_FREE || p.state[Fault.MemoryLow] !== Row.Ok) check(p, Fault.MemoryLow, free, now);
  const records = caldera.records;
  if (records !== undefined && (records.tally[Tally.bad] !== 0 || records.tally[Tally.full] !== 0))
    check(p, Fault.FlashWorn, 1, now);
  if (p.changed) settle(p);
  if (now - caldera.keptAt_ms >= COUNT_MS) pending |= Keep.Place;
  const service = caldera.service;
  if (service !== undefined && service[Service.button] !== ButtonState.Ignored && !isInUse(bms)) lookAtButton(now);
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

/** Each row that trips or comes back is said, one a call; a trip is logged, with what was before it. @returns whether there was one */
function tellRow(bms: PackBms, p: Protection, now: number): boolean {
  const fault = p.news.indexOf(1);
  if (fault < 0) {
    reportedChanges = p.changes;
    return false;
  }
  p.news[fault] = 0;
  const state = p.state[fault];
  if (state === reportedRows[fault] || state === Row.Suspect) return true;
  reportedRows[fault] = state;
  if (state === Row.Tripped && caldera.records !== undefined) {
    const sense = bms.sense;
    const time_s = now / 1000 + caldera.link.n[LinkNumber.zero_s];
    logEvent(caldera.records, fault, time_s, sense.lowest_mV, sense.current_mA, 100 * sense.hottest_C);
    pending |= fault === p.fault ? Keep.Trace + Keep.Place : Keep.Place;
  }
  say(faultLine(fault, state));
  return true;
}

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
    if (!keepParts(records, Kind.State, learned)) say('not recorded: no room');
    learned = [];
  }
}

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
  if (caldera.service === undefined || !heldAtBoot(caldera.service, !button.read(), now)) return;
  withPart(SERVE, 'resetByButton', [caldera, now]);
  if (WIRE !== null) openConsole(WIRE);
}

/** A service command. What answers it would take longer than a tick to load. */
function answer(line: string): string {
  if (caldera.bms !== undefined && isInUse(caldera.bms)) return 'refused: a current flows';
  return withPart(SERVE, 'answer', [caldera, line, clock(), WIRE]);
}

/** The front end was reset and is to be set up again; nothing flows meanwhile. */
function openAgain(config: PackConfig, bus: I2cBus): Bq76952 {
  return withPart(BOOT, 'reopen', [config, bus]);
}

const MAKERS: PackMakers = { wires: packWires, smallPages: inSmallPages, open: openAgain };

/** Starts the pack; a board that fails stays safe, says why and tries again: it can always be talked to. */
function start(): void {
  withPart(BOOT, 'boot', [caldera, clock(), MAKERS]);
  // Until it has a key, whoever is at the board may do anything.
  if (WIRE !== null && caldera.service !== undefined && caldera.service[Service.keyState] === KeyState.None)
    openConsole(WIRE);
  startWatchdog(WATCHDOG_S);
  if (caldera.bms === undefined) {
    say('self-test failed: ' + caldera.error);
    kickWatchdog();
    after(WATCHDOG_S * 500, wait);
    due_ms = clock() + RETRY_MS;
    return;
  }
  if (caldera.error !== '') say(caldera.error);
  const estimator = caldera.gauge === undefined ? undefined : caldera.gauge.estimator;
  keptCycles = estimator === undefined ? 0 : estimator.cycles;
  if (keptCycles > 0) say('recalled cycle ' + keptCycles);
  caldera.startedAt_ms = caldera.keptAt_ms = clock();
  due_ms = caldera.keptAt_ms + FIRST_MS;
  job = Job.Wait;
  round_ms = 0;
  const told = caldera.bms.config.link;
  setRate(caldera.link, told === undefined ? 1000 : told.telemetry_ms, caldera.startedAt_ms);
  say('ready');
  after(FIRST_MS, run);
}

/** Between two attempts to start the watchdog is kicked. */
function wait(): void {
  kickWatchdog();
  talk(clock());
  lookAtButton(clock());
  if (clock() >= due_ms) start();
  else after(WATCHDOG_S * 500, wait);
}

if (WIRE !== null)
  serialOf(WIRE).on('data', function (data: string): void {
    receive(caldera.link, data);
  });
else expose('serve', answer);
// Where the console is open a frame comes as a call.
expose('link', function (frame: string): void {
  receive(caldera.link, frame + '\n');
});
expose('caldera', caldera);
start();

// A module, though nothing is taken from it: the bundler would wrap a script.
export {};
