/** Looks at a configuration as a whole before any of it applies. Not resident. */
import type { ProtocolStep } from '../protocol/protocol';
import type { Config, Limits } from './config';

/** Allowed range and unit of each limit, for one cell on a channel. */
const RANGES: [keyof Limits, number, number, string][] = [
  ['overVoltage_mV', 1000, 5000, 'mV'],
  ['underVoltage_mV', 500, 4500, 'mV'],
  ['deepDischarge_mV', 250, 4000, 'mV'],
  ['overCharge_mA', 1, 100000, 'mA'],
  ['overDischarge_mA', 1, 100000, 'mA'],
  ['lastingCharge_mA', 1, 100000, 'mA'],
  ['lastingDischarge_mA', 1, 100000, 'mA'],
  ['overTemperature_C', 20, 90, 'degC'],
  ['underTemperature_C', -50, 20, 'degC'],
  ['chargeOverTemperature_C', 20, 90, 'degC'],
  ['chargeUnderTemperature_C', -50, 20, 'degC'],
  ['boardTemperature_C', 40, 105, 'degC'],
  ['maxAge_ms', 100, 2000, 'ms'],
  ['maxSlowAge_ms', 1000, 60000, 'ms'],
  ['maxTick_ms', 10, 1000, 'ms'],
  ['voltageDisagreement_mV', 50, 1000, 'mV'],
  ['temperatureDisagreement_C', 1, 30, 'K'],
  ['currentError_mA', 1, 10000, 'mA'],
  ['chargeError_mC', 1, 1e6, 'mC'],
  ['imbalance_mV', 10, 1000, 'mV'],
  ['endOfLife_pct', 1, 99, '%'],
];
const STEP_KINDS = 6;
/** Of the current monitor, over its shunt: mA x uOhm. */
const FULL_SCALE_NV = 163.84e6;
/** The front end's comparators stand this far outside. */
const FRONT_END = 1.2;

/** What is wrong, in one line with field, value, unit and what is allowed; '' when nothing is. */
export function checkConfig(config: Config): string {
  if (typeof config !== 'object' || config === null) return 'configuration is not an object';
  const parts: (keyof Config)[] = ['board', 'limits', 'pace', 'protocol'];
  for (let k = 0; k < parts.length; k++)
    if (typeof config[parts[k]] !== 'object' || config[parts[k]] === null)
      return parts[k] + ' is missing; allowed: an object';
  return checkLimits(config.limits) || checkBoard(config) || checkPace(config) || checkProtocol(config);
}

function checkLimits(limits: Limits): string {
  for (let k = 0; k < RANGES.length; k++) {
    const range = RANGES[k];
    const why = inRange('limits.' + range[0], limits[range[0]], range[1], range[2], range[3]);
    if (why !== '') return why;
  }
  return (
    below(limits, 'underVoltage_mV', 'overVoltage_mV', 'mV') ||
    below(limits, 'deepDischarge_mV', 'underVoltage_mV', 'mV') ||
    below(limits, 'lastingCharge_mA', 'overCharge_mA', 'mA') ||
    below(limits, 'lastingDischarge_mA', 'overDischarge_mA', 'mA') ||
    below(limits, 'chargeOverTemperature_C', 'overTemperature_C', 'degC') ||
    below(limits, 'underTemperature_C', 'chargeUnderTemperature_C', 'degC')
  );
}

function checkBoard(config: Config): string {
  const board = config.board;
  const pins = board.pins;
  if (typeof pins !== 'object' || typeof board.ina228 !== 'object' || typeof board.dac !== 'object')
    return 'board.pins, board.ina228 and board.dac must be objects';
  const names: (keyof typeof pins)[] = ['charge', 'discharge', 'alert', 'cellAdc', 'thermistorAdc'];
  for (let k = 0; k < names.length; k++) {
    if (typeof pins[names[k]] !== 'string')
      return 'board.pins.' + names[k] + ' is ' + pins[names[k]] + '; allowed: a pin';
    for (let other = 0; other < k; other++)
      if (pins[names[k]] === pins[names[other]])
        return (
          'board.pins.' + names[k] + ' is ' + pins[names[k]] + ', as is ' + names[other] + '; allowed: a pin of its own'
        );
  }
  const largest_mA = FULL_SCALE_NV / board.ina228.shunt_uOhm / FRONT_END;
  const limits = config.limits;
  return (
    inRange('board.ina228.shunt_uOhm', board.ina228.shunt_uOhm, 100, 1e6, 'uOhm') ||
    inRange('limits.overCharge_mA', limits.overCharge_mA, 1, largest_mA, 'mA (what the shunt can measure)') ||
    inRange('limits.overDischarge_mA', limits.overDischarge_mA, 1, largest_mA, 'mA (what the shunt can measure)') ||
    inRange('board.dac.fullScale_mA', board.dac.fullScale_mA, 1, 100000, 'mA')
  );
}

function checkPace(config: Config): string {
  const pace = config.pace;
  return (
    inRange('pace.period_ms', pace.period_ms, 50, 1000, 'ms') ||
    inRange('pace.fast_ms', pace.fast_ms, 50, pace.period_ms, 'ms') ||
    inRange('limits.maxAge_ms', config.limits.maxAge_ms, pace.period_ms, 2000, 'ms (at least a tick)')
  );
}

function checkProtocol(config: Config): string {
  const steps = config.protocol;
  const limits = config.limits;
  if (!(steps.length >= 0 && steps.length <= 100)) return 'protocol has ' + steps.length + ' steps; allowed: 0 to 100';
  for (let k = 0; k < steps.length; k++) {
    const step: ProtocolStep = steps[k];
    const where = 'protocol[' + k + '].';
    const why =
      inRange(where + 'kind', step.kind, 0, STEP_KINDS, '') ||
      inRange(where + 'current_mA', step.current_mA, 0, 1e6, 'mA') ||
      (step.until_mV === 0
        ? ''
        : inRange(where + 'until_mV', step.until_mV, limits.underVoltage_mV, limits.overVoltage_mV, 'mV')) ||
      inRange(where + 'to', step.to, 0, steps.length - 1, '');
    if (why !== '') return why;
  }
  return '';
}

function inRange(field: string, value: number, least: number, most: number, unit: string): string {
  if (typeof value === 'number' && value >= least && value <= most) return '';
  return field + ' is ' + value + ' ' + unit + '; allowed: ' + least + ' to ' + most;
}

function below(limits: Limits, low: keyof Limits, high: keyof Limits, unit: string): string {
  if (limits[low] <= limits[high]) return '';
  return (
    'limits.' + low + ' is ' + limits[low] + ' ' + unit + '; allowed: at most limits.' + high + ', ' + limits[high]
  );
}
