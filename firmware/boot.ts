/**
 * The start of the device: what is remembered, the configuration, the parts, what must be told of the start itself. Loaded once
 * and dropped.
 *
 * Whatever is wrong, the switches are open and the device can be talked to; it tries again by itself.
 */
import { CYCLER, type CyclerBoard, type CyclerWires } from '../hal/boards/cycler';
import { createBms, type Bms } from './bms';
import { checkConfig } from './config/check';
import type { Config } from './config/config';
import { defaultConfig } from './config/unconfigured';
import { Calibration, Count, COUNT_FORM, Setup, type Device } from './device';
import { recallEstimator } from './estimate/memory';
import { settle } from './protect/engine';
import { Fault } from './protect/faults';
import type { Run } from './protocol/protocol';
import { Kind } from './record/layout';
import { recallParts } from './record/recall';
import { openStore, readConfig, recallLatches, setupPart, showStart, type SmallPages } from './start';
import { restartTrials } from './steer/learn';
import { Steer, type Steering } from './steer/steering';

/** What makes functions that stay: they would keep this part in memory if they came from it. */
export interface Makers {
  wires: (board: CyclerBoard) => CyclerWires;
  smallPages: SmallPages;
}

/** Starts everything. Leaves `error` and `fault` when the board is not ready. */
export function boot(device: Device, now_ms: number, makers: Makers): void {
  device.bms = undefined;
  device.error = '';
  // The reference board's pins are the best guess until the configuration is known.
  const wires = makers.wires(CYCLER);
  if (device.records === undefined) openStore(device, COUNT_FORM, makers.smallPages, now_ms);
  try {
    startBms(device, now_ms, makers);
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

function startBms(device: Device, now_ms: number, makers: Makers): void {
  const stored = readConfig(checkConfig);
  const config = stored.config === undefined ? defaultConfig() : stored.config;
  // Safe mode: everything is watched, nothing is run.
  if (stored.why !== '') config.protocol = [];
  const calibration = setupPart(device, Setup.calibration);
  if (calibration !== undefined) calibrate(config, calibration);
  const bms = createBms(config, makers.wires(config.board), now_ms);
  device.bms = bms;
  showStart(device, bms.protection, stored.why, now_ms);
  if (stored.why === '') recall(device, bms, now_ms);
  settle(bms.protection);
}

function calibrate(config: Config, calibration: Float64Array): void {
  const board = config.board;
  // A monitor that reads too little has a shunt that is smaller than believed.
  board.ina228.shunt_uOhm = board.ina228.shunt_uOhm / (calibration[Calibration.current_ppm] / 1e6);
  board.coarseVoltage.gain_mV *= calibration[Calibration.coarse_ppm] / 1e6;
  board.coarseVoltage.offset_mV += calibration[Calibration.coarseOffset_uV] / 1000;
}

/** What was learned, where the run stood, and which latches hold. */
function recall(device: Device, bms: Bms, now_ms: number): void {
  const count = device.count;
  recallLatches(bms.protection, count, now_ms);
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
