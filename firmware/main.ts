/**
 * The device entry: schedule, watchdog, what is said and what is kept. The console finds the state under `caldera`.
 *
 * A tick comes first. What is left to do (lines, records, the link) is done in slices between two ticks. What is needed at the start and for a service command is taken from Storage then, and dropped.
 */
import { closeConsole, groundedButton, isConsoleOpen, openConsole, serialOf } from '../hal/espruino/console';
import {
  after,
  deviceId,
  filePrefix,
  expose,
  freeMemory,
  kickWatchdog,
  now_ms,
  printLine,
  restartController,
  startWatchdog,
  withPart,
} from '../hal/espruino/system';
import { cyclerWires } from '../hal/espruino/cycler';
import { crc32, inSmallPages } from '../hal/espruino/flash';
import { slotFiles } from '../hal/espruino/slots';
import { tick, type Bms } from './bms';
import { Count, type Device } from './device';
import { rememberEstimator } from './estimate/memory';
import { check, releaseOf, settle } from './protect/engine';
import { Fault, Group, Release } from './protect/faults';
import { Row, type Protection } from './protect/protection';
import { Switch } from './protect/switches';
import { createLink, EVENT, framed, LinkNumber, linkSlice, receive, setRate } from './link/link';
import { MEASURED, telemetry } from './link/telemetry';
import { Wait } from './protocol/protocol';
import { append } from './record/append';
import { confirmSlot, shouldRestart } from './loader/confirm';
import { eraseAhead } from './record/erase';
import { logEvent } from './record/event';
import { keepParts } from './record/keep';
import { Kind, Tally, type Records } from './record/layout';
import { createSamples, keepTrace, SAMPLES } from './record/samples';
import { restart } from './restart';
import { heldAtBoot } from './service/button';
import { ButtonState, KeyState, Service } from './service/state';
import { Steer } from './steer/steering';
import { Alarm, alarmLevel } from './watch/alarms';
import { answer, resetByButton } from './serviceTarget';
import { restUpkeep } from './upkeep';
import type { Wifi } from './wifi/wifi';
import { alarmLine, faultLine, rateLine } from './words';

/** Set when the firmware is built: whether the interpreter's console is closed. */
declare const PRODUCTION: boolean;

const BOOT = 'boot';

const RETRY_MS = 5000;
const FIRST_MS = 100;
const SECOND_MS = 1000;
/** A slice of work for each of these in a tick's period. */
const SLICE_MS = 100;
const COUNT_MS = 60000;
/** An hour of service ends a storm of resets. */
const CALM_S = 3600;
/** Longer than the watchdog allows, so it can only be the clock. */
const JUMP_MS = 3000;
/** At least a second, and longer than the slowest tick period: an ESP32 rounds to whole seconds. */
const WATCHDOG_S = 2;
/** Between two looks at the records while nothing is to be erased. */
const UPKEEP_S = 60;
/** So that what was said is sent. */
const RESTART_MS = 300;
const LEAST_FREE = 300;
const BUTTON = 'D0';

/** What waits to be recorded, a bit each, in this order. */
enum Keep {
  Trace = 1,
  Place = 2,
  Count = 4,
  Learned = 8,
  State = 16,
}

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
/** The wire of the closed console, on which commands come and lines go; null: it stays a console. */
const WIRE = PRODUCTION ? closeConsole() : null;
const button = groundedButton(BUTTON);
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
const reportedRows = new Uint8Array(Fault.length);
const reportedAlarms = new Uint8Array(Alarm.length);
let keptCycles = 0;
let restSeconds = 0;
/** The loader has not been told how this firmware fares. */
let onTrial = true;
/** Bits of `Keep`, and what was learned while it waits. */
let pending = 0;
let learned: Float64Array[] = [];
/** Telemetry by radio, where the configuration asks for it. */
let wifi: Wifi | undefined;
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
  // A command has changed what it rests on.
  if (bms === undefined) {
    start();
    return;
  }
  const began_ms = clock();
  const period_ms = tick(bms, began_ms);
  const sense = bms.sense;
  const p = bms.protection;
  sample[0] = sense.voltage_mV;
  sample[1] = sense.current_mA;
  sample[2] = 100 * sense.temperature_C;
  caldera.samples.set(sample, 3 * (bms.ticks % SAMPLES));
  kickWatchdog();
  const late_ms = began_ms - due_ms;
  // Kept on its grid; a tick that took too long is followed at once by the next.
  due_ms = late_ms < period_ms ? due_ms + period_ms : began_ms + 1;
  const now = now_ms() + caldera.offset_ms;
  const took_ms = now - began_ms;
  if (took_ms > worst_ms) worst_ms = took_ms;
  if (late_ms >= most_ms || took_ms >= most_ms || p.busy[Group.Tick] !== 0)
    superviseTime(p, late_ms, took_ms, began_ms);
  tickAt_ms = began_ms;
  after(1, between);
  after(due_ms - now > 1 ? due_ms - now : 1, caldera.bms === undefined ? start : run);
}

/** How late a tick began, and how long it took. */
function superviseTime(p: Protection, late_ms: number, took_ms: number, now: number): void {
  check(p, Fault.TickOverrun, late_ms, now);
  check(p, Fault.BusSlow, took_ms, now);
  check(p, Fault.ClockJump, 0, now);
  if (p.state[Fault.TickOverrun] === Row.Suspect || p.state[Fault.BusSlow] === Row.Suspect)
    caldera.count[Count.overruns]++;
}

/** Right behind a tick: a slice of what has time, the device's own first, for each 100 ms until the next. */
function between(): void {
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
  const p = bms.protection;
  const count = caldera.count;
  count[Count.service_s]++;
  if (count[Count.storm] > 0 && caldera.startedAt_ms + 1000 * CALM_S < now) count[Count.storm] = 0;
  const free = freeMemory();
  caldera.link.n[LinkNumber.free] = free;
  if (worst_ms > caldera.link.n[LinkNumber.worst_ms]) caldera.link.n[LinkNumber.worst_ms] = worst_ms;
  worst_ms = 0;
  if (free < LEAST_FREE || p.state[Fault.MemoryLow] !== Row.Ok) check(p, Fault.MemoryLow, free, now);
  const records = caldera.records;
  if (records !== undefined && (records.tally[Tally.bad] !== 0 || records.tally[Tally.full] !== 0))
    check(p, Fault.FlashWorn, 1, now);
  if (p.changed) settle(p);
  if (now - caldera.keptAt_ms >= COUNT_MS) pending |= Keep.Place;
  if (onTrial && bms.selfTest === undefined) settleTrial(true);
  else if (onTrial && p.state[Fault.SelfTestFailed] === Row.Tripped) settleTrial(false);
  const service = caldera.service;
  if (service !== undefined && service[Service.button] !== ButtonState.Ignored) lookAtButton(now);
}

/** Says one thing, if there is one to say. Integers only: the interpreter prints floats with 11 digits. @returns whether there was */
function tell(bms: Bms, now: number): boolean {
  const p = bms.protection;
  if (p.changes !== reportedChanges) return tellRow(bms, p, now);
  if (bms.run.finished !== reportedCycles) {
    reportedCycles = bms.run.finished;
    const last = bms.run.last;
    say('cycle ' + last.loop + ' ' + last.n + ' ' + Math.floor(last.charge_mC) + ' ' + Math.floor(last.discharge_mC));
    pending |= Keep.Place;
    return true;
  }
  const steering = bms.steering;
  if (steering !== undefined && steering.s[Steer.planned] !== reportedPlans) {
    reportedPlans = steering.s[Steer.planned];
    say(rateLine(steering));
    return true;
  }
  if (bms.watch === undefined) return false;
  const alarms = bms.watch.alarms;
  for (let alarm = 1; alarm < Alarm.length; alarm++) {
    const level = alarmLevel(alarms, alarm);
    if (level === reportedAlarms[alarm]) continue;
    reportedAlarms[alarm] = level;
    say(alarmLine(alarms, alarm));
    return true;
  }
  return false;
}

/** Each row that trips or comes back is said; a trip is logged, with what was before it. */
function tellRow(bms: Bms, p: Protection, now: number): boolean {
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
    logEvent(
      caldera.records,
      fault,
      now / 1000 + caldera.link.n[LinkNumber.zero_s],
      sense.voltage_mV,
      sense.current_mA,
      100 * sense.temperature_C,
    );
    pending |= fault === p.fault ? Keep.Trace + Keep.Place : Keep.Place;
  }
  say(faultLine(fault, state));
  return true;
}

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
    if (!keepParts(records, Kind.State, learned)) say('not recorded: no room');
    learned = [];
  }
}

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

/** What the loader is told of a firmware that it has started (loader/). */
function settleTrial(passed: boolean): void {
  onTrial = false;
  if (passed) confirmSlot(slotFiles(), filePrefix());
  else if (shouldRestart(slotFiles(), filePrefix())) after(RESTART_MS, restartController);
}

/** The way back without a key. */
function lookAtButton(now: number): void {
  if (caldera.service === undefined || !heldAtBoot(caldera.service, !button.read(), now)) return;
  resetByButton(caldera, now);
  if (WIRE !== null) openConsole(WIRE);
}

/** A service command. */
function serveLine(line: string): string {
  return answer(caldera, line, clock(), WIRE);
}

/** Starts the channel; a board that fails stays safe, says why and tries again: it can always be talked to. */
function start(): void {
  withPart(BOOT, 'boot', [caldera, clock(), { wires: cyclerWires, smallPages: inSmallPages }]);
  // Until it has a key, whoever is at the board may do anything.
  if (WIRE !== null && caldera.service !== undefined && caldera.service[Service.keyState] === KeyState.None)
    openConsole(WIRE);
  startWatchdog(WATCHDOG_S);
  if (caldera.bms === undefined) {
    say('self-test failed: ' + caldera.error);
    if (onTrial) settleTrial(false);
    kickWatchdog();
    after(WATCHDOG_S * 500, wait);
    due_ms = clock() + RETRY_MS;
    return;
  }
  if (caldera.error !== '') say(caldera.error);
  keptCycles = caldera.bms.estimator === undefined ? 0 : caldera.bms.estimator.cycles;
  reportedCycles = caldera.bms.run.finished;
  if (keptCycles > 0) say('recalled cycle ' + keptCycles);
  caldera.startedAt_ms = caldera.keptAt_ms = clock();
  due_ms = caldera.keptAt_ms + FIRST_MS;
  round_ms = 0;
  most_ms = caldera.bms.config.limits.maxTick_ms;
  const told = caldera.bms.config.link;
  setRate(caldera.link, told === undefined ? 1000 : told.telemetry_ms, caldera.startedAt_ms);
  // What is loaded for it stays: most boards have no use for it.
  if (caldera.bms.config.wifi !== undefined && wifi === undefined)
    wifi = withPart('wifi', 'startWifi', [caldera.bms.config.wifi, deviceId(), withPart('radio', 'createRadio', [])]);
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
else expose('serve', serveLine);
// Where the console is open a frame comes as a call.
expose('link', function (frame: string): void {
  receive(caldera.link, frame + '\n');
});
expose('caldera', caldera);
start();

// A module, though nothing is taken from it: the bundler would wrap a script.
export {};
