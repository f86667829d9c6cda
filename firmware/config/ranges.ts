/**
 * What the checks of a channel's and a pack's configuration share. Everything found is added to a list of lines, each with field,
 * value, unit and what is allowed; nothing throws, whatever was stored. Not resident.
 */
import type { CellModel } from '../estimate/cellModel';
import type { Limits, LinkConfig, WifiConfig } from './config';

/** The smallest limit of a current: cells of 1 mAh are cycled at such. */
export const LEAST_MA = 0.1;

/** Of a number: its name, least and most, unit (may go on with a remark in brackets), and whether it has to be whole. */
export type Range<Part> = [keyof Part & string, number, number, string, boolean];

function limitRanges(): Range<Limits>[] {
  return [
    ['overVoltage_mV', 1000, 5000, 'mV', false],
    ['underVoltage_mV', 500, 4500, 'mV', false],
    ['deepDischarge_mV', 250, 4000, 'mV', false],
    ['overCharge_mA', LEAST_MA, 100000, 'mA', false],
    ['overDischarge_mA', LEAST_MA, 100000, 'mA', false],
    ['lastingCharge_mA', LEAST_MA, 100000, 'mA', false],
    ['lastingDischarge_mA', LEAST_MA, 100000, 'mA', false],
    ['overTemperature_C', 20, 90, 'degC', false],
    ['underTemperature_C', -50, 20, 'degC', false],
    ['chargeOverTemperature_C', 20, 90, 'degC', false],
    ['chargeUnderTemperature_C', -50, 20, 'degC', false],
    ['boardTemperature_C', 40, 105, 'degC', false],
    ['maxAge_ms', 100, 2000, 'ms', false],
    ['maxSlowAge_ms', 1000, 60000, 'ms', false],
    ['maxTick_ms', 10, 1000, 'ms', false],
    ['voltageDisagreement_mV', 50, 1000, 'mV', false],
    ['temperatureDisagreement_C', 1, 30, 'K', false],
    ['currentError_mA', 1, 10000, 'mA', false],
    ['chargeError_mC', 1, 1e6, 'mC', false],
    ['imbalance_mV', 10, 1000, 'mV', false],
    ['endOfLife_pct', 1, 99, '%', false],
  ];
}
const MODEL_PARAMETERS = 44;

/**
 * Whether neither a field nor anything that it stands in has a line. What rests on one that has a line is not looked at: it would only
 * say the same again.
 */
export function isSound(problems: string[], field: string): boolean {
  return !problems.some(function (line) {
    return (field + '.').indexOf(line.split(' is ')[0] + '.') === 0;
  });
}

/** Adds a line that says what stands in a field and what may. */
export function refuse(problems: string[], field: string, value: unknown, allowed: string): void {
  problems.push(field + ' is ' + shown(value) + '; allowed: ' + allowed);
}

/** Whether a value that was stored has fields: no list, no text, not null. */
export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a part of the configuration is there; adds a line where it is not. */
export function has(problems: string[], field: string, value: unknown): boolean {
  if (isObject(value)) return true;
  refuse(problems, field, value, 'an object');
  return false;
}

/** Each number of a part of the configuration. @returns whether the part is there */
export function checkRanges<Part>(problems: string[], path: string, part: Part, ranges: Range<Part>[]): boolean {
  if (!has(problems, path, part)) return false;
  for (let k = 0; k < ranges.length; k++) {
    const range = ranges[k];
    inRange(problems, path + '.' + range[0], part[range[0]], range[1], range[2], range[3], range[4]);
  }
  return true;
}

/** Adds a line to `problems` unless the value is a number from `least` to `most`. @param unit '': none @param whole no fractions */
export function inRange(
  problems: string[],
  field: string,
  value: unknown,
  least: number,
  most: number,
  unit: string,
  whole: boolean,
): void {
  if (typeof value === 'number' && value >= least && value <= most && (!whole || Math.floor(value) === value)) return;
  problems.push(found(field, value, unit) + (whole ? 'a whole number, ' : '') + least + ' to ' + most + after(unit));
}

function found(field: string, value: unknown, unit: string): string {
  return field + ' is ' + shown(value) + (typeof value === 'number' ? after(unit.split(' ')[0]) : '') + '; allowed: ';
}

function after(unit: string): string {
  return unit === '' ? '' : ' ' + unit;
}

/** A text of so many characters. */
function text(problems: string[], field: string, value: string, least: number, most: number): void {
  if (typeof value === 'string' && value.length >= least && value.length <= most) return;
  refuse(problems, field, value, 'a text of ' + least + ' to ' + most + ' characters');
}

/** A board's bus, and whether it has pins that can be looked at. */
export function checkWiring(problems: string[], board: { i2c: { bitrate_Hz: number }; pins: unknown }): boolean {
  const hasI2c = checkRanges(problems, 'board.i2c', board.i2c, [['bitrate_Hz', 10000, 400000, 'Hz', false]]);
  return has(problems, 'board.pins', board.pins) && hasI2c;
}

/** Each pin named, none twice. Names are of `board`, but those of `mavlink`. */
export function checkPins(problems: string[], names: string[], pins: string[]): void {
  for (let k = 0; k < pins.length; k++) {
    const first = pins.indexOf(pins[k]);
    const field = pinField(names[k]);
    if (typeof pins[k] !== 'string') refuse(problems, field, pins[k], 'a pin, such as D25');
    else if (first < k)
      problems.push(field + ' is ' + pins[k] + ', as is ' + pinField(names[first]) + '; allowed: a pin of its own');
  }
}

function pinField(name: string): string {
  return name.indexOf('mavlink') === 0 ? name : 'board.' + name;
}

/** Each limit by itself. */
export function checkLimits(problems: string[], limits: Limits): void {
  checkRanges(problems, 'limits', limits, limitRanges());
}

/** The limits that bound each other, and how old a value may be where a tick takes so long. */
export function checkLimitsFit(problems: string[], limits: Limits, tick: string, tick_ms: number): void {
  if (!isSound(problems, 'limits')) return;
  if (isSound(problems, tick))
    inRange(problems, 'limits.maxAge_ms', limits.maxAge_ms, tick_ms, 2000, 'ms (at least ' + tick + ')', false);
  below(problems, limits, 'underVoltage_mV', 'overVoltage_mV', 'mV');
  below(problems, limits, 'deepDischarge_mV', 'underVoltage_mV', 'mV');
  below(problems, limits, 'lastingCharge_mA', 'overCharge_mA', 'mA');
  below(problems, limits, 'lastingDischarge_mA', 'overDischarge_mA', 'mA');
  below(problems, limits, 'chargeOverTemperature_C', 'overTemperature_C', 'degC');
  below(problems, limits, 'underTemperature_C', 'chargeUnderTemperature_C', 'degC');
}

/** The cell's model and the lines to the outside, which a configuration may lack. */
export function checkExtras(
  problems: string[],
  cell: CellModel | undefined,
  link: LinkConfig | undefined,
  wifi: WifiConfig | undefined,
): void {
  if (cell !== undefined && checkRanges(problems, 'cell', cell, [['area_cm2', 0.01, 1e6, 'cm2', false]])) {
    numbers(problems, 'cell.ocv', cell.ocv, 7);
    numbers(problems, 'cell.parameters', cell.parameters, MODEL_PARAMETERS);
  }
  // No telemetry, or some.
  if (link !== undefined && (!isObject(link) || link.telemetry_ms !== 0))
    checkRanges(problems, 'link', link, [['telemetry_ms', 100, 60000, 'ms (or 0)', false]]);
  if (wifi === undefined) return;
  const ranges: Range<WifiConfig>[] = [
    ['port', 1, 65535, '', true],
    ['period_ms', 500, 60000, 'ms', true],
  ];
  if (!checkRanges(problems, 'wifi', wifi, ranges)) return;
  text(problems, 'wifi.ssid', wifi.ssid, 1, 32);
  text(problems, 'wifi.password', wifi.password, 0, 63);
  text(problems, 'wifi.broker', wifi.broker, 1, 64);
  text(problems, 'wifi.user', wifi.user, 0, 32);
  text(problems, 'wifi.secret', wifi.secret, 0, 63);
  text(problems, 'wifi.topic', wifi.topic, 1, 64);
  if (typeof wifi.topic === 'string' && (wifi.topic.indexOf('#') >= 0 || wifi.topic.indexOf('+') >= 0))
    refuse(problems, 'wifi.topic', wifi.topic, 'without # and +');
}

function numbers(problems: string[], field: string, values: number[], count: number): void {
  const found = Array.isArray(values) ? values.length : 0;
  let bad = found === count ? 0 : 1;
  for (let k = 0; k < found; k++) if (!(values[k] > -1e12 && values[k] < 1e12)) bad++;
  if (bad > 0) problems.push(field + ' is not ' + count + ' numbers; allowed: as the host makes it of a cell profile');
}

function below(problems: string[], limits: Limits, low: keyof Limits, high: keyof Limits, unit: string): void {
  const value = limits[low];
  const most = limits[high];
  if (typeof value !== 'number' || !isSound(problems, 'limits.' + high) || !(value > most)) return;
  problems.push(
    'limits.' + low + ' is ' + value + ' ' + unit + '; allowed: at most limits.' + high + ', ' + most + ' ' + unit,
  );
}

/** What stands in the place of a field, in few words. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return '"' + value + '"';
  return isObject(value) ? 'an object' : Array.isArray(value) ? 'a list of ' + value.length : '' + value;
}
