/** Looks at a channel's configuration as a whole before any of it applies. Not resident. */
import type { CyclerBoard } from '../../hal/boards/cycler';
import { Policy } from '../protect/faults';
import type { ProtocolStep } from '../protocol/protocol';
import type { SteerSettings } from '../steer/steering';
import type { Config } from './config';
import { checkExtras, checkLimits, checkPins, checkRanges, has, inRange, isObject } from './ranges';

const STEP_KINDS = 6;
/** Of the current monitor, over its shunt: mA x uOhm. */
const FULL_SCALE_NV = 163.84e6;
/** The front end's comparators stand this far outside. */
const FRONT_END = 1.2;

/** What is wrong first, in one line with field, value, unit and what is allowed; '' when nothing is. */
export function checkConfig(config: Config): string {
  const problems = configProblems(config);
  return problems.length === 0 ? '' : problems[0];
}

/** All that is wrong, a line each. */
export function configProblems(config: Config): string[] {
  const problems: string[] = [];
  if (!isObject(config)) return ['configuration is not an object'];
  const limits = config.limits;
  const pace = config.pace;
  const hasLimits = checkLimits(problems, limits);
  const hasBoard = has(problems, 'board', config.board);
  if (hasBoard) checkBoard(problems, config.board);
  if (hasBoard && hasLimits) checkShunt(problems, config);
  const hasPace = checkRanges(problems, 'pace', pace, [
    ['period_ms', 50, 1000, 'ms', false],
    ['horizon_ms', 0, 60000, 'ms', false],
  ]);
  if (hasPace) inRange(problems, 'pace.fast_ms', pace.fast_ms, 50, pace.period_ms, 'ms', false);
  if (hasPace && hasLimits)
    inRange(problems, 'limits.maxAge_ms', limits.maxAge_ms, pace.period_ms, 2000, 'ms (at least a tick)', false);
  if (config.policy !== undefined && config.policy !== Policy.Cycler && config.policy !== Policy.Flight)
    problems.push('policy is ' + config.policy + '; allowed: ' + Policy.Cycler + ', ' + Policy.Flight);
  if (hasLimits) checkProtocol(problems, config);
  if (config.steer !== undefined) checkSteer(problems, config.steer);
  checkExtras(problems, config.cell, config.link, config.wifi);
  return problems;
}

function checkBoard(problems: string[], board: CyclerBoard): void {
  const i2c = board.i2c;
  const pins = board.pins;
  const hasI2c = checkRanges(problems, 'board.i2c', i2c, [['bitrate_Hz', 10000, 400000, 'Hz', false]]);
  if (has(problems, 'board.pins', pins) && hasI2c)
    checkPins(
      problems,
      ['pins.charge', 'pins.discharge', 'pins.alert', 'pins.cellAdc', 'pins.thermistorAdc', 'i2c.sda', 'i2c.scl'],
      [pins.charge, pins.discharge, pins.alert, pins.cellAdc, pins.thermistorAdc, i2c.sda, i2c.scl],
    );
  checkRanges(problems, 'board.ina228', board.ina228, [
    ['address', 0x40, 0x4f, '', true],
    ['shunt_uOhm', 100, 1e7, 'uOhm', false],
    ['maxCurrent_mA', 1, 200000, 'mA', false],
    ['adcConfig', 0, 65535, '', true],
  ]);
  checkRanges(problems, 'board.dac', board.dac, [
    ['address', 0x60, 0x67, '', true],
    ['fullScale_mA', 1, 100000, 'mA', false],
  ]);
  checkRanges(problems, 'board.ads1115', board.ads1115, [
    ['address', 0x48, 0x4b, '', true],
    ['input', 0, 3, '', true],
    ['supply_mV', 1800, 5500, 'mV', false],
  ]);
  checkRanges(problems, 'board.thermistor', board.thermistor, [
    ['r25_ohm', 1000, 1e6, 'ohm', false],
    ['pullUp_ohm', 1000, 1e6, 'ohm', false],
    ['beta_K', 2000, 6000, 'K', false],
  ]);
  checkRanges(problems, 'board.coarseVoltage', board.coarseVoltage, [
    ['gain_mV', 1000, 50000, 'mV', false],
    ['offset_mV', -2000, 2000, 'mV', false],
  ]);
  checkRanges(problems, 'board.coarseThermistor', board.coarseThermistor, [
    ['gain', 0.5, 2, '', false],
    ['offset', -0.3, 0.3, '', false],
  ]);
  const relay = board.relay;
  // Each phase of the self-test lasts 200 ms, and its sample must show nothing but it.
  if (relay === undefined || !checkRanges(problems, 'board.relay', relay, [['time_ms', 1, 100, 'ms', false]])) return;
  if (typeof relay.activeLow !== 'boolean')
    problems.push('board.relay.activeLow is ' + relay.activeLow + '; allowed: true, false');
}

/** What the current monitor can measure has to hold what its comparators are to catch. */
function checkShunt(problems: string[], config: Config): void {
  const ina228 = config.board.ina228;
  if (!isObject(ina228)) return;
  const largest_mA = Math.floor(Math.min(FULL_SCALE_NV / ina228.shunt_uOhm, ina228.maxCurrent_mA) / FRONT_END);
  const unit = 'mA (what the shunt can measure)';
  checkRanges(problems, 'limits', config.limits, [
    ['overCharge_mA', 1, largest_mA, unit, false],
    ['overDischarge_mA', 1, largest_mA, unit, false],
  ]);
}

function checkProtocol(problems: string[], config: Config): void {
  const steps = config.protocol;
  const limits = config.limits;
  if (!Array.isArray(steps) || steps.length > 100) {
    problems.push(
      'protocol has ' + (Array.isArray(steps) ? steps.length : 'no') + ' steps; allowed: a list of 0 to 100',
    );
    return;
  }
  for (let k = 0; k < steps.length; k++) {
    const step: ProtocolStep = steps[k];
    const where = 'protocol[' + k + ']';
    checkRanges(problems, where, step, [
      ['kind', 0, STEP_KINDS, '', true],
      ['current_mA', 0, 1e6, 'mA', false],
      ['to', 0, steps.length - 1, '', true],
    ]);
    if (isObject(step) && step.until_mV !== 0)
      inRange(problems, where + '.until_mV', step.until_mV, limits.underVoltage_mV, limits.overVoltage_mV, 'mV', false);
  }
}

function checkSteer(problems: string[], steer: SteerSettings): void {
  checkRanges(problems, 'steer', steer, [
    ['default_mA', 0.1, 100000, 'mA', false],
    ['recovery_min', 0, 240, 'min', false],
  ]);
  if (!isObject(steer)) return;
  inRange(problems, 'steer.slowest_mA', steer.slowest_mA, 0.1, steer.default_mA, 'mA', false);
  inRange(problems, 'steer.fastest_mA', steer.fastest_mA, steer.default_mA, 100000, 'mA', false);
}
