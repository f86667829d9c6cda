/** Looks at a channel's configuration as a whole before any of it applies. Not resident. */
import type { CyclerBoard } from '../../hal/boards/cycler';
import { Policy } from '../protect/faults';
import type { ProtocolStep } from '../protocol/step';
import type { Config, Limits } from './config';
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
  LEAST_MA,
  refuse,
} from './ranges';

const STEP_KINDS = 6;
/** Of the current monitor, over its shunt: mA x uOhm. */
export const FULL_SCALE_NV = 163.84e6;
/** The front end's comparators stand this far outside. */
export const FRONT_END = 1.2;

/** What is wrong first, in one line with field, value, unit and what is allowed; '' when nothing is. */
export function checkConfig(config: Config): string {
  const problems = configProblems(config);
  return problems.length === 0 ? '' : problems[0];
}

/** All that is wrong, a line each. */
export function configProblems(config: Config): string[] {
  const problems: string[] = [];
  if (!isObject(config)) return ['configuration is not an object'];
  checkFields(problems, config);
  checkFit(problems, config);
  return problems;
}

/** Each field by itself. */
export function checkFields(problems: string[], config: Config): void {
  checkLimits(problems, config.limits);
  if (has(problems, 'board', config.board)) checkBoard(problems, config.board);
  checkRanges(problems, 'pace', config.pace, [
    ['period_ms', 50, 1000, 'ms', false],
    ['horizon_ms', 0, 60000, 'ms', false],
  ]);
  if (config.policy !== undefined && config.policy !== Policy.Cycler && config.policy !== Policy.Flight)
    refuse(problems, 'policy', config.policy, Policy.Cycler + ', ' + Policy.Flight);
  checkSteps(problems, config.protocol);
  if (config.steer !== undefined)
    checkRanges(problems, 'steer', config.steer, [
      ['default_mA', LEAST_MA, 100000, 'mA', false],
      ['recovery_min', 0, 240, 'min', false],
    ]);
  checkExtras(problems, config.cell, config.link, config.wifi);
}

/** What bounds each other, as far as what it rests on has no line yet. */
export function checkFit(problems: string[], config: Config): void {
  const limits = config.limits;
  const pace = config.pace;
  const steer = config.steer;
  checkShunt(problems, config);
  checkLimitsFit(problems, limits, 'pace.period_ms', isObject(pace) ? pace.period_ms : 0);
  if (isSound(problems, 'pace.period_ms'))
    inRange(problems, 'pace.fast_ms', pace.fast_ms, 50, pace.period_ms, 'ms', false);
  if (isSound(problems, 'limits.overVoltage_mV') && isSound(problems, 'limits.underVoltage_mV'))
    checkCutOffs(problems, config.protocol, limits);
  if (steer === undefined || !isSound(problems, 'steer.default_mA')) return;
  inRange(problems, 'steer.slowest_mA', steer.slowest_mA, LEAST_MA, steer.default_mA, 'mA', false);
  inRange(problems, 'steer.fastest_mA', steer.fastest_mA, steer.default_mA, 100000, 'mA', false);
}

function checkBoard(problems: string[], board: CyclerBoard): void {
  const i2c = board.i2c;
  const pins = board.pins;
  if (checkWiring(problems, board))
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
  if (typeof relay.activeLow !== 'boolean') refuse(problems, 'board.relay.activeLow', relay.activeLow, 'true, false');
}

/** What the current monitor can measure has to hold what its comparators are to catch. */
function checkShunt(problems: string[], config: Config): void {
  if (!isSound(problems, 'board.ina228.shunt_uOhm') || !isSound(problems, 'board.ina228.maxCurrent_mA')) return;
  if (!isSound(problems, 'limits')) return;
  const ina228 = config.board.ina228;
  const largest_mA = Math.floor(Math.min(FULL_SCALE_NV / ina228.shunt_uOhm, ina228.maxCurrent_mA) / FRONT_END);
  const unit = 'mA (what the shunt can measure)';
  checkRanges(problems, 'limits', config.limits, [
    ['overCharge_mA', LEAST_MA, largest_mA, unit, false],
    ['overDischarge_mA', LEAST_MA, largest_mA, unit, false],
  ]);
}

function checkSteps(problems: string[], steps: ProtocolStep[]): void {
  if (!Array.isArray(steps) || steps.length > 100) {
    refuse(problems, 'protocol', steps, 'a list of 0 to 100 steps');
    return;
  }
  for (let k = 0; k < steps.length; k++)
    checkRanges(problems, 'protocol[' + k + ']', steps[k], [
      ['kind', 0, STEP_KINDS, '', true],
      ['current_mA', 0, 1e6, 'mA', false],
      ['time_ms', -1, 1e9, 'ms', false],
      ['to', 0, steps.length - 1, '', true],
      ['times', 0, 1e6, '', true],
      ['interrupts', 0, 20, '', true],
      ['every', -1000, 1000, '', true],
    ]);
}

/** 0: a step that ends at no voltage. */
function checkCutOffs(problems: string[], steps: ProtocolStep[], limits: Limits): void {
  for (let k = 0; Array.isArray(steps) && k < steps.length; k++) {
    const step = steps[k];
    const where = 'protocol[' + k + '].until_mV';
    if (isObject(step) && step.until_mV !== 0)
      inRange(problems, where, step.until_mV, limits.underVoltage_mV, limits.overVoltage_mV, 'mV', false);
  }
}
