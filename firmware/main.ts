/**
 * The device entry: schedule, watchdog, what is said and what is kept. The console finds the state under `caldera`.
 *
 * What is needed at the start, for a service command or once a cycle is loaded from Storage when it is needed, and dropped.
 */
import { closeConsole, groundedButton, isConsoleOpen, openConsole, serialOf } from '../hal/espruino/console';
import {
  after,
  expose,
  freeMemory,
  kickWatchdog,
  now_ms,
  printLine,
  startWatchdog,
  withPart,
} from '../hal/espruino/system';
import { tick, type Bms } from './bms';
import { Count, LATCHES, type Device } from './device';
import { check, releaseOf, settle } from './protect/engine';
import { Fault, Release } from './protect/faults';
import { Row, type Protection } from './protect/protection';
import { append } from './record/append';
import { logEvent } from './record/event';
import { Kind, Tally } from './record/layout';
import { createSamples, keepTrace, takeSample } from './record/samples';
import { heldAtBoot } from './service/button';
import { hold, takeLine } from './service/line';
import { KeyState, Service } from './service/state';
import { Steer } from './steer/steering';
import { Switch } from './protect/switches';
import { Alarm, alarmLevel } from './watch/alarms';

/** Set when the firmware is built: whether the interpreter's console is closed. */
declare const PRODUCTION: boolean;

const BOOT = 'caldera-boot';
const SERVE = 'caldera-serve';
const UPKEEP = 'caldera-upkeep';
const WORDS = 'caldera-words';

const RETRY_MS = 5000;
const FIRST_MS = 100;
const SECOND_TICKS = 10;
const COUNT_MS = 60000;
/** An hour of service ends a storm of resets. */
const CALM_S = 3600;
/** Longer than the watchdog allows, so it can only be the clock. */
const JUMP_MS = 3000;
/** At least a second, and longer than the slowest tick period: an ESP32 rounds to whole seconds. */
const WATCHDOG_S = 2;
/** Between two looks at the records while nothing is to be erased. */
const UPKEEP_S = 60;
const BUTTON = 'D0';

const caldera: Device = {
  bms: undefined,
  error: '',
  fault: Fault.None,
  records: undefined,
  samples: createSamples(),
  // With room for what a record adds to it.
  count: new Int32Array(Count.length + 2),
  offset_ms: 0,
  clock_ms: now_ms(),
  keptAt_ms: 0,
  service: undefined,
  line: { text: '' },
};
/** What is kept of each tick: voltage [mV], current [mA], temperature [0.01 degC]. */
const sample = new Float64Array(3);
/** The wire of the closed console, on which commands come and lines go; null: it stays a console. */
const WIRE = PRODUCTION ? closeConsole() : null;
const button = groundedButton(BUTTON);
let due_ms = 0;
let reportedCycles = 0;
let reportedPlans = 0;
let reportedChanges = 0;
const reportedRows = new Uint8Array(Fault.length);
const reportedAlarms = new Uint8Array(Alarm.length);
let keptCycles = 0;
let restSeconds = 0;
/** Pages may be waiting to be erased. */
let eraseDue = true;

/** A line for whoever listens. */
function say(text: string): void {
  if (WIRE === null || isConsoleOpen()) printLine(text);
  else serialOf(WIRE).write('#' + text + '\n');
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
  takeSample(caldera.samples, bms.ticks, sample);
  late(p, Fault.TickOverrun, began_ms - due_ms, bms.config.limits.maxTick_ms, began_ms);
  if (p.state[Fault.ClockJump] !== Row.Ok) check(p, Fault.ClockJump, 0, began_ms);
  if (bms.ticks % SECOND_TICKS === 0) second(bms, began_ms);
  // One a tick: who sends without end must not keep the controller from its cell.
  if (caldera.line.text !== '') {
    const line = takeLine(caldera.line);
    if (line !== undefined) say(answer(line));
  }
  kickWatchdog();
  // Kept on its grid; a tick that took too long is followed at once by the next.
  due_ms = Math.max(due_ms + period_ms, began_ms + 1);
  const now = clock();
  late(p, Fault.BusSlow, now - began_ms, bms.config.limits.maxTick_ms, began_ms);
  after(Math.max(due_ms - now, 1), caldera.bms === undefined ? start : run);
}

function late(p: Protection, fault: Fault, late_ms: number, most_ms: number, now: number): void {
  if (late_ms < most_ms && p.state[fault] === Row.Ok) return;
  check(p, fault, late_ms, now);
  if (p.state[fault] === Row.Suspect) caldera.count[Count.overruns]++;
}

/** Everything that has time. */
function second(bms: Bms, now: number): void {
  const p = bms.protection;
  const count = caldera.count;
  count[Count.service_s]++;
  if (count[Count.storm] > 0 && bms.ticks > CALM_S * SECOND_TICKS) count[Count.storm] = 0;
  const free = freeMemory();
  if (free < 300 || p.state[Fault.MemoryLow] !== Row.Ok) check(p, Fault.MemoryLow, free, now);
  const records = caldera.records;
  if (records !== undefined && (records.tally[Tally.bad] !== 0 || records.tally[Tally.full] !== 0))
    check(p, Fault.FlashWorn, 1, now);
  if (p.changed) settle(p);
  report(bms, now);
  if (p.changes !== reportedChanges) reportRow(p, now);
  if (now - caldera.keptAt_ms >= COUNT_MS) keepCount(bms, now);
  lookAtButton(now);
  const estimator = bms.estimator;
  if (estimator !== undefined && estimator.cycles !== keptCycles) {
    keptCycles = estimator.cycles;
    eraseDue = true;
    if (!withPart(UPKEEP, 'keepState', [caldera, now])) say('not recorded: no room');
  } else if (bms.switches !== Switch.Charge && bms.switches !== Switch.Discharge) rest(now);
  if (p.open && releaseOf(p, p.fault) === Release.Restart && now - p.faultAt_ms >= RETRY_MS) {
    // A new start replaces all there is; what follows in this tick is of the old.
    if (!withPart(BOOT, 'restart', [caldera, now])) {
      keepCount(bms, now);
      caldera.bms = undefined;
    }
  }
}

/** While no current flows there is time for flash: an erase takes as long as a tick or more. */
function rest(now: number): void {
  restSeconds++;
  if (eraseDue || restSeconds % UPKEEP_S === 0)
    eraseDue = withPart(UPKEEP, 'restUpkeep', [caldera, Math.floor(restSeconds / UPKEEP_S), now]);
}

/** Where the run stands, and what is latched. */
function keepCount(bms: Bms, now: number): void {
  caldera.keptAt_ms = now;
  const count = caldera.count;
  const run = bms.run;
  const p = bms.protection;
  count[Count.charge_mC] = bms.counter.charge_mC;
  count[Count.index] = run.index;
  count[Count.turns] = run.turns;
  count[Count.finished] = run.finished;
  count[Count.elapsed_ms] = run.began_ms < 0 ? 0 : now - run.began_ms;
  count[Count.stepCharge_mC] = bms.counter.charge_mC - run.beganCharge_mC;
  count[Count.cycleCharge_mC] = run.now.charge_mC;
  count[Count.cycleDischarge_mC] = run.now.discharge_mC;
  count[Count.cycleStrip_mC] = run.now.strip_mC;
  count[Count.latched] = count[Count.latched1] = count[Count.latched2] = 0;
  let bit = 2;
  let word = Count.latched;
  for (let fault = 1; fault < Fault.length; fault++) {
    if (fault % LATCHES === 0) {
      bit = 1;
      word++;
    }
    // Only a latch that waits for service outlives the start: the others see for themselves.
    if (p.state[fault] === Row.Tripped && releaseOf(p, fault) === Release.Service) count[word] += bit;
    bit *= 2;
  }
  const records = caldera.records;
  // Only where the channel has not rested for hours: an erase takes longer than a tick.
  if (records !== undefined && !append(records, Kind.Count, count) && withPart(UPKEEP, 'makeRoom', [caldera]))
    append(records, Kind.Count, count);
}

/** Integers only: the interpreter prints floats with 11 digits. */
function report(bms: Bms, now: number): void {
  if (bms.run.finished !== reportedCycles) {
    reportedCycles = bms.run.finished;
    const last = bms.run.last;
    say('cycle ' + last.loop + ' ' + last.n + ' ' + Math.floor(last.charge_mC) + ' ' + Math.floor(last.discharge_mC));
    keepCount(bms, now);
  }
  const steering = bms.steering;
  if (steering !== undefined && steering.s[Steer.planned] !== reportedPlans) {
    reportedPlans = steering.s[Steer.planned];
    say(withPart(WORDS, 'rateLine', [bms]));
  }
  if (bms.watch === undefined) return;
  const alarms = bms.watch.alarms;
  for (let alarm = 1; alarm < Alarm.length; alarm++) {
    const level = alarmLevel(alarms, alarm);
    if (level === reportedAlarms[alarm]) continue;
    reportedAlarms[alarm] = level;
    say(withPart(WORDS, 'alarmLine', [bms, alarm]));
  }
}

/** Each row that trips or comes back is said, one a call; a trip is logged with what was before it. */
function reportRow(p: Protection, now: number): void {
  const changes = p.changes;
  for (let fault = 1; fault < Fault.length; fault++) {
    const state = p.state[fault];
    if (state === reportedRows[fault] || state === Row.Suspect) continue;
    reportedRows[fault] = state;
    if (state === Row.Tripped) logTrip(p, fault, now);
    say(withPart(WORDS, 'faultLine', [p, fault]));
    return;
  }
  reportedChanges = changes;
}

function logTrip(p: Protection, fault: Fault, now: number): void {
  const bms = caldera.bms as Bms;
  const records = caldera.records;
  if (records === undefined) return;
  const sense = bms.sense;
  logEvent(records, fault, now / 1000, sense.voltage_mV, sense.current_mA, 100 * sense.temperature_C);
  if (fault === p.fault) keepTrace(records, caldera.samples, bms.ticks);
  keepCount(bms, now);
}

/** The way back without a key. */
function lookAtButton(now: number): void {
  if (caldera.service === undefined || !heldAtBoot(caldera.service, !button.read(), now)) return;
  withPart(SERVE, 'resetByButton', [caldera, now]);
  if (WIRE !== null) openConsole(WIRE);
}

/** A service command. */
function answer(line: string): string {
  return withPart(SERVE, 'answer', [caldera, line, clock(), WIRE]);
}

/** Starts the channel; a board that fails stays safe, says why and tries again: it can always be talked to. */
function start(): void {
  withPart(BOOT, 'boot', [caldera, clock()]);
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
  keptCycles = caldera.bms.estimator === undefined ? 0 : caldera.bms.estimator.cycles;
  reportedCycles = caldera.bms.run.finished;
  if (keptCycles > 0) say('recalled cycle ' + keptCycles);
  caldera.keptAt_ms = clock();
  due_ms = caldera.keptAt_ms + FIRST_MS;
  say('ready');
  after(FIRST_MS, run);
}

/** Between two attempts to start the watchdog is kicked. */
function wait(): void {
  kickWatchdog();
  const line = takeLine(caldera.line);
  if (line !== undefined) say(answer(line));
  lookAtButton(clock());
  if (clock() >= due_ms) start();
  else after(WATCHDOG_S * 500, wait);
}

if (WIRE !== null)
  serialOf(WIRE).on('data', function (data: string): void {
    hold(caldera.line, data);
  });
else expose('serve', answer);
expose('caldera', caldera);
start();
