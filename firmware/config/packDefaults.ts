/** Configuration of a pack, and defaults from the few numbers that describe its cells. Not resident. */
import { DRONE_6S, type PackBoard } from '../../hal/boards/drone';
import type { BalanceSettings } from '../balance/balance';
import type { CellModel } from '../estimate/cellModel';
import type { Limits, LinkConfig, MavlinkConfig, WifiConfig } from './config';
import type { Policy } from '../protect/faults';

/** Everything about a pack that is data. */
export interface PackConfig {
  board: PackBoard;
  /** Voltages and temperatures of a cell, currents of the pack. */
  limits: Limits;
  policy: Policy;
  period_ms: number;
  /** The cells' cut-off in charge. */
  chargeTo_mV: number;
  balance: BalanceSettings;
  /** What is known of one cell; without it nothing is estimated. */
  cell?: CellModel | undefined;
  /** As on a channel. */
  link?: LinkConfig | undefined;
  /** Undefined: no flight controller is listening. */
  mavlink?: MavlinkConfig | undefined;
  wifi?: WifiConfig | undefined;
}

/** What must be known of the cells. */
export interface PackedCell {
  capacity_mAh: number;
  chargeTo_mV: number;
  dischargeTo_mV: number;
}

const PERIOD_MS = 100;
/** The reference board is laid out for cells of this size. */
const BOARD_CAPACITY_MAH = 1000;
const HOUR_S = 3600;

/**
 * The configuration of a pack of such cells: the reference board, with limits and balancing derived from these numbers. Without a
 * model of the cell.
 * @param cells in series, 3 to 16
 * @param charge_C fastest charge
 * @param burst_C largest discharge, for as long as it may last
 */
export function packConfig(
  cell: PackedCell,
  cells: number,
  charge_C: number,
  burst_C: number,
  policy: Policy,
): PackConfig {
  const capacity = cell.capacity_mAh;
  const overCharge_mA = capacity * (1.2 * charge_C + 0.1);
  const overDischarge_mA = capacity * (1.2 * burst_C + 0.1);
  return {
    board: boardFor(cells, capacity),
    limits: {
      overVoltage_mV: cell.chargeTo_mV + 50,
      underVoltage_mV: cell.dischargeTo_mV - 500,
      deepDischarge_mV: cell.dischargeTo_mV / 2,
      overCharge_mA: overCharge_mA,
      overDischarge_mA: overDischarge_mA,
      lastingCharge_mA: 0.95 * overCharge_mA,
      lastingDischarge_mA: 0.95 * overDischarge_mA,
      overTemperature_C: 65,
      underTemperature_C: -25,
      chargeOverTemperature_C: 55,
      chargeUnderTemperature_C: -20,
      boardTemperature_C: 85,
      maxAge_ms: 1.5 * PERIOD_MS,
      maxSlowAge_ms: 50 * PERIOD_MS,
      maxTick_ms: 80,
      voltageDisagreement_mV: 250,
      temperatureDisagreement_C: 15,
      currentError_mA: capacity * 0.1,
      chargeError_mC: capacity * burst_C * 1.5 + 500,
      imbalance_mV: 100,
      endOfLife_pct: 50,
    },
    policy: policy,
    period_ms: PERIOD_MS,
    chargeTo_mV: cell.chargeTo_mV,
    balance: {
      start_mV: 12,
      stop_mV: 4,
      lowest_mV: cell.chargeTo_mV - 250,
      rest_mA: capacity * 0.02,
      rest_ms: 300000,
      chargeEnd_mA: capacity * 0.1,
      chargeEnd_mV: cell.chargeTo_mV - 30,
      drain_ms: 50000,
      settle_ms: 10000,
      hottestCell_C: 45,
      hottestBoard_C: 65,
      longestCell_s: 6 * HOUR_S,
      longest_s: 12 * HOUR_S,
    },
  };
}

/** The reference board with as many cells, at the lowest inputs and the topmost, and a shunt for their size. */
function boardFor(cells: number, capacity_mAh: number): PackBoard {
  const board = DRONE_6S;
  return {
    name: 'drone-' + cells + 's',
    i2c: board.i2c,
    pins: board.pins,
    afe: {
      address: board.afe.address,
      crc: board.afe.crc,
      cells: 0x8000 | ((1 << (cells - 1)) - 1),
      shunt_uOhm: (board.afe.shunt_uOhm * BOARD_CAPACITY_MAH) / capacity_mAh,
      thermistors: board.afe.thermistors,
    },
    precharge: board.precharge,
    balance_ohm: board.balance_ohm,
  };
}
