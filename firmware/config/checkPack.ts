/** Looks at a pack's configuration as a whole before any of it applies. Not resident. */
import type { PackBoard } from '../../hal/boards/drone';
import { bq76952Settings } from '../../hal/chips/bq76952Settings';
import type { BalanceSettings } from '../balance/balance';
import { frontEnd } from '../protect/frontEnd';
import { Policy } from '../protect/faults';
import type { MavlinkConfig } from './config';
import type { PackConfig } from './packDefaults';
import {
  checkExtras,
  checkLimits,
  checkLimitsFit,
  checkPins,
  checkRanges,
  checkWiring,
  has,
  inRange,
  isObject,
  isSound,
  refuse,
} from './ranges';

/** A cell is full so far beyond its cut-off (pack.ts), which has to come before the over-voltage. */
const OVER_FULL_MV = 15;

/** What is wrong first, in one line with field, value, unit and what is allowed; '' when nothing is. */
export function checkPackConfig(config: PackConfig): string {
  const problems = packProblems(config);
  return problems.length === 0 ? '' : problems[0];
}

/** All that is wrong, a line each. */
export function packProblems(config: PackConfig): string[] {
  const problems: string[] = [];
  if (!isObject(config)) return ['configuration is not an object'];
  checkPackFields(problems, config);
  checkPackFit(problems, config);
  if (problems.length === 0) checkFrontEnd(problems, config);
  return problems;
}

/** Each field by itself. */
export function checkPackFields(problems: string[], config: PackConfig): void {
  checkLimits(problems, config.limits);
  if (has(problems, 'board', config.board)) checkBoard(problems, config.board, config.mavlink);
  if (config.policy !== Policy.Cycler && config.policy !== Policy.Flight)
    refuse(problems, 'policy', config.policy, Policy.Cycler + ', ' + Policy.Flight);
  inRange(problems, 'period_ms', config.period_ms, 50, 1000, 'ms', false);
  checkBalance(problems, config.balance);
  checkExtras(problems, config.cell, config.link, config.wifi);
  if (config.mavlink !== undefined) checkMavlink(problems, config.mavlink);
}

/** What bounds each other, as far as what it rests on has no line yet. */
export function checkPackFit(problems: string[], config: PackConfig): void {
  const limits = config.limits;
  const balance = config.balance;
  checkLimitsFit(problems, limits, 'period_ms', config.period_ms);
  if (isSound(problems, 'limits.overVoltage_mV') && isSound(problems, 'limits.underVoltage_mV')) {
    const highest_mV = limits.overVoltage_mV - OVER_FULL_MV;
    const unit = 'mV (' + OVER_FULL_MV + ' mV below limits.overVoltage_mV at most)';
    inRange(problems, 'chargeTo_mV', config.chargeTo_mV, limits.underVoltage_mV, highest_mV, unit, false);
  }
  if (isSound(problems, 'balance.start_mV'))
    inRange(problems, 'balance.stop_mV', balance.stop_mV, 0, balance.start_mV, 'mV', false);
}

function checkBoard(problems: string[], board: PackBoard, mavlink: MavlinkConfig | undefined): void {
  const i2c = board.i2c;
  const pins = board.pins;
  if (checkWiring(problems, board)) {
    const names = ['pins.alert', 'pins.precharge', 'i2c.sda', 'i2c.scl'];
    const own = [pins.alert, pins.precharge, i2c.sda, i2c.scl];
    if (mavlink !== undefined && isObject(mavlink)) {
      names.push('mavlink.rx', 'mavlink.tx');
      own.push(mavlink.rx, mavlink.tx);
    }
    checkPins(problems, names, own);
  }
  const afe = board.afe;
  const hasAfe = checkRanges(problems, 'board.afe', afe, [
    ['address', 8, 119, '', true],
    ['cells', 0x8003, 0xffff, '', true],
    ['thermistors', 0, 7, '', true],
    ['shunt_uOhm', 50, 100000, 'uOhm', false],
  ]);
  if (hasAfe && typeof afe.crc !== 'boolean') refuse(problems, 'board.afe.crc', afe.crc, 'true, false');
  checkRanges(problems, 'board.precharge', board.precharge, [
    ['full_pct', 50, 99, '%', false],
    ['longest_ms', 100, 10000, 'ms', false],
  ]);
  inRange(problems, 'board.balance_ohm', board.balance_ohm, 10, 1000, 'ohm', false);
}

function checkBalance(problems: string[], balance: BalanceSettings): void {
  checkRanges(problems, 'balance', balance, [
    ['start_mV', 1, 200, 'mV', false],
    ['lowest_mV', 500, 5000, 'mV', false],
    ['rest_mA', 0, 10000, 'mA', false],
    ['rest_ms', 0, 1e7, 'ms', false],
    ['chargeEnd_mA', 0, 100000, 'mA', false],
    ['chargeEnd_mV', 500, 5000, 'mV', false],
    // The front end ends it by itself 10 s later, which it counts in one byte of seconds.
    ['drain_ms', 1000, 245000, 'ms', false],
    ['settle_ms', 1000, 60000, 'ms', false],
    ['hottestCell_C', 20, 70, 'degC', false],
    ['hottestBoard_C', 20, 105, 'degC', false],
    ['longestCell_s', 0, 1e6, 's', false],
    ['longest_s', 0, 1e6, 's', false],
  ]);
}

function checkMavlink(problems: string[], mavlink: MavlinkConfig): void {
  const there = checkRanges(problems, 'mavlink', mavlink, [
    ['baud', 9600, 921600, 'bit/s', true],
    ['systemId', 1, 255, '', true],
  ]);
  if (there && mavlink.uart !== 'Serial1' && mavlink.uart !== 'Serial2')
    refuse(problems, 'mavlink.uart', mavlink.uart, 'Serial1, Serial2');
}

/** What the front end's registers hold. */
function checkFrontEnd(problems: string[], config: PackConfig): void {
  try {
    bq76952Settings(frontEnd(config));
  } catch (error) {
    problems.push('front end: ' + ('' + error).replace('Error: ', ''));
  }
}
