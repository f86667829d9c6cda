/**
 * The start of a pack's device. Loaded once and dropped.
 *
 * In flight it may be that the controller alone started anew: then the front end is taken over as it stands, and what was on stays
 * on. Otherwise the switches are open until the self-test has passed.
 */
import { deviceId } from '../../hal/espruino/system';
import { sendingUart } from '../../hal/espruino/uart';
import type { PackBoard, PackWires } from '../../hal/boards/drone';
import type { I2cBus } from '../../hal/bus';
import type { Bq76952 } from '../../hal/chips/bq76952';
import { checkPackConfig } from '../config/checkPack';
import { packConfig, type PackConfig } from '../config/packDefaults';
import { Calibration, Setup } from '../device';
import { Parameter } from '../estimate/cellModel';
import { Why } from '../estimate/estimates';
import { recallEstimator } from '../estimate/memory';
import { startUnknown } from '../estimate/trust';
import { openMavlink, type MavlinkPack } from '../mavlink/open';
import { createPackBms, Wish, type OpenFrontEnd } from '../pack';
import { settle } from '../protect/engine';
import { Fault, Policy } from '../protect/faults';
import { openFrontEnd } from '../protect/frontEnd';
import { Kind } from '../record/layout';
import { recallParts } from '../record/recall';
import { openStore, readConfig, recallLatches, setupPart, showStart, type SmallPages } from '../start';
import { PACK_COUNT_FORM, PackCount, type PackDevice } from './device';
import { G } from './gauge';
import { openGauge } from './openGauge';

/** The first of several batteries; 0 is taken for none by a receiver (docs/drone-link.md). */
const BATTERY_ID = 1;

/** What makes functions that stay, or is one: they would keep this part in memory if they came from it. */
export interface PackMakers {
  wires: (board: PackBoard) => PackWires;
  smallPages: SmallPages;
  /** Sets up the front end again when that is needed later. */
  open: OpenFrontEnd;
}

/** Starts everything. Leaves `error` and `fault` when the board is not ready. */
export function boot(device: PackDevice, now_ms: number, makers: PackMakers): void {
  device.bms = undefined;
  device.error = '';
  if (device.records === undefined && !openStore(device, PACK_COUNT_FORM, makers.smallPages, now_ms))
    device.count[PackCount.left_mC] = -1;
  try {
    startPack(device, makers, now_ms);
  } catch (error) {
    device.error = '' + error;
    device.fault = device.error.indexOf('not a BQ76952') >= 0 ? Fault.WrongPart : Fault.SelfTestFailed;
  }
}

/** Sets up the front end that lost its settings. */
export function reopen(config: PackConfig, bus: I2cBus): Bq76952 {
  return openFrontEnd(config, bus);
}

/** Without a configuration: the reference board and the cells it is laid out for. */
export function unconfiguredPack(): PackConfig {
  return packConfig({ capacity_mAh: 1000, chargeTo_mV: 4300, dischargeTo_mV: 3000 }, 6, 0.5, 5, Policy.Flight);
}

function startPack(device: PackDevice, makers: PackMakers, now_ms: number): void {
  const stored = readConfig(checkPackConfig);
  const config = stored.config === undefined ? unconfiguredPack() : stored.config;
  const calibration = setupPart(device, Setup.calibration);
  // A monitor that reads too little has a shunt that is smaller than believed.
  if (calibration !== undefined) config.board.afe.shunt_uOhm /= calibration[Calibration.current_ppm] / 1e6;
  const bms = createPackBms(config, makers.wires(config.board), openFrontEnd, now_ms);
  bms.open = makers.open;
  // A pack that flies has no switch of its own: plugged in it is on, as soon as it has tested itself.
  if (config.policy === Policy.Flight && stored.why === '') bms.wish = Wish.On;
  const cells = bms.sense.cells_mV.length;
  const mavlink = config.mavlink;
  const described = describe(config, cells);
  const gauge = openGauge(config, cells, now_ms);
  device.gauge = gauge;
  device.mavlink = mavlink === undefined ? undefined : openMavlink(described, sendingUart(mavlink), gauge.told, now_ms);
  device.bms = bms;
  const p = bms.protection;
  showStart(device, p, stored.why, now_ms);
  if (stored.why === '') recall(device, now_ms);
  settle(p);
}

function describe(config: PackConfig, cells: number): MavlinkPack {
  const cell = config.cell;
  return {
    systemId: config.mavlink === undefined ? 0 : config.mavlink.systemId,
    batteryId: BATTERY_ID,
    cells: cells,
    design_mAh: cell === undefined ? 0 : Math.floor(cell.parameters[Parameter.Qn] * cell.area_cm2 + 0.5),
    chargeTo_mV: config.chargeTo_mV,
    dischargeTo_mV: cell === undefined ? 0 : Math.floor(1000 * cell.dischargeTo_V + 0.5),
    nominal_mV: 0,
    discharge_mA: Math.floor(config.limits.lastingDischarge_mA),
    charge_mA: Math.floor(config.limits.lastingCharge_mA),
    serial: deviceId(),
    name: 'Caldera_' + config.board.name,
  };
}

/** Latches that wait for service, what was learned, and how much was left. */
function recall(device: PackDevice, now_ms: number): void {
  const bms = device.bms;
  const gauge = device.gauge;
  if (bms === undefined || gauge === undefined) return;
  const count = device.count;
  recallLatches(bms.protection, count, now_ms);
  const parts = device.records === undefined ? undefined : recallParts(device.records, Kind.State);
  const estimator = gauge.estimator;
  // A cell that it does not know may be charged or not.
  if (estimator !== undefined && (parts === undefined || !recallEstimator(estimator, parts[0], now_ms)))
    startUnknown(estimator, Why.Gap, Infinity);
  const g = gauge.g;
  if (count[PackCount.left_mC] >= 0) {
    g[G.left_mAh] = count[PackCount.left_mC] / 3600;
    g[G.full_mC] = -count[PackCount.consumed_mC];
    if (count[PackCount.cell] < gauge.apart_mV.length) g[G.cell] = count[PackCount.cell];
  }
}
