/**
 * The device entry: boot, self-test, schedule, watchdog. The console finds the state under `caldera`.
 *
 * The configuration is the file `caldera.json` in Storage; without one, a 1 Ah cell is charged at 0.2C and discharged at the rate
 * that is found for it.
 */
import { cyclerWires } from '../hal/espruino/cycler';
import { after, expose, kickWatchdog, now_ms, printLine, readFile, startWatchdog, store } from '../hal/espruino/system';
import { createBms, tick, type Bms } from './bms';
import { anodeFreeCell } from './config/anodeFree';
import type { Config } from './config/config';
import { cyclerConfig } from './config/defaults';
import { recallEstimator, rememberEstimator } from './estimate/memory';
import { Fault, faultName } from './protect/faults';
import { readRecord, writeRecord } from './record/record';
import { explain } from './steer/explain';
import { restartTrials } from './steer/learn';
import { Steer, type Steering } from './steer/steering';
import { Alarm, alarmLevel, alarmReason, alarmText } from './watch/alarms';

const CONFIG_FILE = 'caldera.json';
const RECORD = 'caldera.e';
const STEERING_RECORD = 'caldera.s';
const RETRY_MS = 5000;
/** Alarms are looked through every so many ticks. */
const ALARM_TICKS = 10;
/** At least two seconds, and longer than the slowest tick period. */
const WATCHDOG_S = 3;

const caldera = { bms: undefined as Bms | undefined, error: '' };
let due_ms = 0;
let reportedCycles = 0;
let reportedPlans = 0;
let reportedFault = Fault.None;
const reportedAlarms = new Uint8Array(Alarm.length);
let rememberedCycles = 0;
let sequence = 0;

function defaultConfig(): Config {
  const cell = { capacity_mAh: 1000, chargeTo_mV: 4300, dischargeTo_mV: 3000 };
  const config = cyclerConfig(cell, 0.2, 1, 0, { interrupts: 4, slowStripEvery: 0, steerTo_C: 3 });
  config.cell = anodeFreeCell();
  config.steer = { default_mA: 1000, slowest_mA: 150, fastest_mA: 3000, recovery_min: 0, taper: false };
  return config;
}

function run(): void {
  const bms = caldera.bms as Bms;
  const began_ms = now_ms();
  const period_ms = tick(bms, began_ms);
  report(bms);
  if (bms.ticks % ALARM_TICKS === 0) reportAlarms(bms);
  remember(bms, began_ms);
  kickWatchdog();
  // Kept on its grid; a tick that took too long is followed at once by the next.
  due_ms = Math.max(due_ms + period_ms, began_ms + 1);
  after(due_ms - began_ms, run);
}

/** Integers only: the interpreter prints floats with 11 digits. */
function report(bms: Bms): void {
  if (bms.run.finished !== reportedCycles) {
    reportedCycles = bms.run.finished;
    const last = bms.run.last;
    printLine(
      'cycle ' + last.loop + ' ' + last.n + ' ' + Math.floor(last.charge_mC) + ' ' + Math.floor(last.discharge_mC),
    );
  }
  const steering = bms.steering;
  if (steering !== undefined && steering.s[Steer.planned] !== reportedPlans) {
    reportedPlans = steering.s[Steer.planned];
    printLine('rate ' + explain(steering));
  }
  if (bms.protection.fault !== reportedFault) {
    reportedFault = bms.protection.fault;
    printLine('fault ' + reportedFault + ' ' + faultName(reportedFault));
  }
}

/** Each change of a watcher's alarm: number, level, reason, and the reason in words. */
function reportAlarms(bms: Bms): void {
  if (bms.watch === undefined) return;
  const alarms = bms.watch.alarms;
  for (let alarm = 1; alarm < Alarm.length; alarm++) {
    const level = alarmLevel(alarms, alarm);
    if (level === reportedAlarms[alarm]) continue;
    reportedAlarms[alarm] = level;
    const reason = alarmReason(alarms, alarm);
    printLine('alarm ' + alarm + ' ' + level + ' ' + reason + ' ' + alarmText(reason));
  }
}

/** Once a cycle; a record that cannot be written is said and not tried again before the next. */
function remember(bms: Bms, now: number): void {
  const estimator = bms.estimator;
  if (estimator === undefined || estimator.cycles === rememberedCycles) return;
  rememberedCycles = estimator.cycles;
  sequence++;
  try {
    writeRecord(store(), RECORD, sequence, rememberEstimator(estimator, now));
    if (bms.steering !== undefined) writeRecord(store(), STEERING_RECORD, sequence, bms.steering.s);
  } catch (error) {
    printLine('not recorded: ' + error);
  }
}

function recall(bms: Bms, now: number): void {
  const kept = readRecord(store(), RECORD);
  if (kept === undefined) return;
  sequence = kept.sequence;
  const estimator = bms.estimator;
  if (estimator === undefined || !recallEstimator(estimator, kept.numbers, now)) return;
  rememberedCycles = estimator.cycles;
  bms.watchedCycles = estimator.cycles;
  if (bms.steering !== undefined) recallSteering(bms.steering);
  printLine('recalled cycle ' + estimator.cycles);
}

/** The cycle under way is no part of a trial, and the clock starts anew. */
function recallSteering(steering: Steering): void {
  const kept = readRecord(store(), STEERING_RECORD);
  if (kept === undefined || kept.numbers.length !== Steer.length) return;
  steering.s.set(kept.numbers);
  steering.s[Steer.at_ms] = 0;
  restartTrials(steering.s);
}

/** Starts the channel; a board that fails its self-test stays safe, says why and tries again: it can always be talked to. */
function start(): void {
  try {
    const stored = readFile(CONFIG_FILE);
    const config: Config = stored === undefined ? defaultConfig() : JSON.parse(stored);
    const wires = cyclerWires(config.board);
    const began_ms = now_ms();
    caldera.bms = createBms(config, wires, began_ms);
    recall(caldera.bms, began_ms);
    caldera.error = '';
    due_ms = began_ms + config.pace.fast_ms;
    startWatchdog(WATCHDOG_S);
    printLine('ready');
    after(config.pace.fast_ms, run);
  } catch (error) {
    caldera.error = '' + error;
    printLine('self-test failed: ' + caldera.error);
    after(RETRY_MS, start);
  }
}

expose('caldera', caldera);
start();
