/**
 * The start of the device: what is remembered, the configuration, the parts, what must be told of the start itself. Loaded once
 * and dropped.
 *
 * Whatever is wrong, the switches are open and the device can be talked to; it tries again by itself.
 */
import { crc32, recordArea } from '../hal/espruino/flash';
import { randomWord, readFile, resetCause } from '../hal/espruino/system';
import { CYCLER, type CyclerBoard, type CyclerWires } from '../hal/boards/cycler';
import type { Flash } from '../hal/bus';
import { createBms, type Bms } from './bms';
import { checkConfig } from './config/check';
import type { Config } from './config/config';
import { defaultConfig } from './config/unconfigured';
import { Calibration, CONFIG_FILE, Count, COUNT_FORM, ResetCause, Setup, type Device } from './device';
import { recallEstimator } from './estimate/memory';
import { check, releaseOf, settle, trip } from './protect/engine';
import { Fault, Release } from './protect/faults';
import { Row } from './protect/protection';
import type { Run } from './protocol/protocol';
import { append } from './record/append';
import { eraseAhead } from './record/erase';
import { Kind, Tally } from './record/layout';
import { openRecords } from './record/open';
import { recallParts, recallWords } from './record/recall';
import { createService } from './service/state';
import { restartTrials } from './steer/learn';
import { Steer, type Steering } from './steer/steering';

/** Erased pages that the start provides for: one for each stream of records. */
const STOCK = 8;
/** Starts in a row after which no more are recorded: they would wear the flash. */
const MOST_RECORDED = 20;

/** What makes functions that stay: they would keep this part in memory if they came from it. */
export interface Makers {
  wires: (board: CyclerBoard) => CyclerWires;
  smallPages: (flash: Flash, pageBytes: number) => Flash;
}

/** Starts everything. Leaves `error` and `fault` when the board is not ready. */
export function boot(device: Device, now_ms: number, makers: Makers): void {
  device.bms = undefined;
  device.error = '';
  const stored = readFile(CONFIG_FILE);
  // The reference board's pins are the best guess until the configuration is known.
  const wires = makers.wires(CYCLER);
  if (device.records === undefined) openStore(device, now_ms, makers);
  try {
    startBms(device, stored, now_ms, makers);
  } catch (error) {
    device.error = '' + error;
    device.fault = faultOf(device.error, wires);
  }
}

/** Which row of the fault table keeps the board from starting. */
function faultOf(error: string, wires: CyclerWires): Fault {
  if (error.indexOf('not an INA228') >= 0) return Fault.WrongPart;
  return answers(wires, CYCLER.dac.address, 1) || answers(wires, CYCLER.ads1115.address, 2)
    ? Fault.SelfTestFailed
    : Fault.BusStuck;
}

function answers(wires: CyclerWires, address: number, count: number): boolean {
  try {
    wires.bus.readFrom(address, count);
    return true;
  } catch (_) {
    return false;
  }
}

function openStore(device: Device, now_ms: number, makers: Makers): void {
  const records = openRecords(recordArea(makers.smallPages), crc32());
  device.records = records;
  const kept = recallWords(records, Kind.Count);
  const count = device.count;
  if (kept !== undefined && kept.length >= Count.length && kept[Count.form] === COUNT_FORM)
    for (let k = 0; k < Count.length; k++) count[k] = kept[k];
  count[Count.form] = COUNT_FORM;
  count[Count.starts]++;
  count[Count.storm]++;
  count[Count.causes + resetCause()]++;
  const setup = recallParts(records, Kind.Setup);
  device.service = createService(setup === undefined ? undefined : setup[Setup.service], randomWord(), now_ms);
  for (let k = 0; k < STOCK && records.tally[Tally.stock] < STOCK; k++) eraseAhead(records);
  if (count[Count.storm] <= MOST_RECORDED) {
    append(records, Kind.Count, count);
  }
}

function startBms(device: Device, stored: string | undefined, now_ms: number, makers: Makers): void {
  const calibration = setupPart(device, Setup.calibration);
  let why = '';
  let config = defaultConfig();
  if (stored !== undefined) {
    why = 'the file is not JSON';
    try {
      const own: Config = JSON.parse(stored);
      why = checkConfig(own);
      if (why === '') config = own;
    } catch (_) {
      // `why` says it.
    }
  }
  // Safe mode: everything is watched, nothing is run.
  if (why !== '') config.protocol = [];
  if (calibration !== undefined) calibrate(config, calibration);
  const bms = createBms(config, makers.wires(config.board), now_ms);
  device.bms = bms;
  if (why !== '') {
    device.error = 'configuration refused: ' + why;
    trip(bms.protection, Fault.ConfigurationInvalid, now_ms);
  } else if (!isAuthorised(device, stored)) trip(bms.protection, Fault.ConfigurationUnsigned, now_ms);
  showStart(device, bms, now_ms);
  if (why === '') recall(device, bms, now_ms);
  settle(bms.protection);
}

/** What the start itself tells. */
function showStart(device: Device, bms: Bms, now_ms: number): void {
  const p = bms.protection;
  const count = device.count;
  const tally = device.records === undefined ? undefined : device.records.tally;
  check(p, Fault.ResetStorm, count[Count.storm] - 1, now_ms);
  if (resetCause() === ResetCause.BrownOut) trip(p, Fault.BrownOut, now_ms);
  if (tally !== undefined && (tally[Tally.bad] !== 0 || tally[Tally.full] !== 0)) trip(p, Fault.FlashWorn, now_ms);
}

function calibrate(config: Config, calibration: Float64Array): void {
  const board = config.board;
  // A monitor that reads too little has a shunt that is smaller than believed.
  board.ina228.shunt_uOhm = board.ina228.shunt_uOhm / (calibration[Calibration.current_ppm] / 1e6);
  board.coarseVoltage.gain_mV *= calibration[Calibration.coarse_ppm] / 1e6;
  board.coarseVoltage.offset_mV += calibration[Calibration.coarseOffset_uV] / 1000;
}

/** A device with a key takes the configuration that was authorised with it, and no other. */
function isAuthorised(device: Device, stored: string | undefined): boolean {
  const crc = setupPart(device, Setup.configuration);
  return crc === undefined || crc.length === 0 || crc[0] === checksumOf(stored === undefined ? '' : stored);
}

/** CRC-32 of a text of which each character is a byte. */
export function checksumOf(text: string): number {
  const bytes = new Uint8Array(text.length);
  for (let k = 0; k < text.length; k++) bytes[k] = text.charCodeAt(k);
  return crc32()(bytes);
}

export function setupPart(device: Device, part: Setup): Float64Array | undefined {
  if (device.records === undefined) return undefined;
  const parts = recallParts(device.records, Kind.Setup);
  return parts === undefined || parts[part] === undefined || parts[part].length === 0 ? undefined : parts[part];
}

/** What was learned, where the run stood, and which latches hold. */
function recall(device: Device, bms: Bms, now_ms: number): void {
  const count = device.count;
  recallLatches(bms, count, now_ms);
  if (device.records !== undefined) {
    const parts = recallParts(device.records, Kind.State);
    const estimator = bms.estimator;
    if (parts !== undefined && estimator !== undefined && recallEstimator(estimator, parts[0], now_ms)) {
      bms.watchedCycles = estimator.cycles;
      if (bms.steering !== undefined && parts.length > 1) recallSteering(bms.steering, parts[1]);
    }
  }
  if (count[Count.protocol] === protocolMark(bms.run)) recallRun(bms, count, now_ms);
  count[Count.protocol] = protocolMark(bms.run);
}

/** The cycle under way is no part of a trial, and the clock starts anew. */
function recallSteering(steering: Steering, kept: Float64Array): void {
  if (kept.length !== Steer.length) return;
  steering.s.set(kept);
  steering.s[Steer.at_ms] = 0;
  restartTrials(steering.s);
}

function recallLatches(bms: Bms, count: Int32Array, now_ms: number): void {
  const p = bms.protection;
  const rows = new Uint8Array(count.buffer, 4 * Count.rows, Fault.length);
  // Only a latch that waits for service outlives the start: the others see for themselves.
  for (let fault = 1; fault < Fault.length; fault++)
    if (rows[fault] === Row.Tripped && releaseOf(p, fault) === Release.Service) trip(p, fault, now_ms);
}

/** Goes on where the last count was kept. */
function recallRun(bms: Bms, count: Int32Array, now_ms: number): void {
  const run = bms.run;
  if (!(count[Count.index] < run.steps.length)) return;
  run.index = count[Count.index];
  run.turns = count[Count.turns];
  run.finished = count[Count.finished];
  run.began_ms = now_ms - count[Count.elapsed_ms];
  bms.counter.charge_mC = bms.counter.raw_mC = count[Count.charge_mC];
  run.beganCharge_mC = count[Count.charge_mC] - count[Count.stepCharge_mC];
  run.now.charge_mC = count[Count.cycleCharge_mC];
  run.now.discharge_mC = count[Count.cycleDischarge_mC];
  run.now.strip_mC = count[Count.cycleStrip_mC];
}

/** Tells one protocol from another; never 0. */
function protocolMark(run: Run): number {
  let sum = 1;
  for (let k = 0; k < run.steps.length; k++) {
    const step = run.steps[k];
    sum = (sum * 31 + step.kind * 7 + step.until_mV + 3 * step.to + 11 * step.times + step.interrupts) % 1000003;
  }
  return sum + 1;
}
