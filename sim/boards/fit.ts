/** What must fit together on a product beyond each field's own range: pins, shunt, cell, protocol, front end, parts. */
import { checkFit, FRONT_END, FULL_SCALE_NV } from '../../firmware/config/check';
import { checkPackFit } from '../../firmware/config/checkPack';
import type { Config, Limits } from '../../firmware/config/config';
import type { PackConfig } from '../../firmware/config/packDefaults';
import { frontEnd } from '../../firmware/protect/frontEnd';
import type { Bq76952Limits } from '../../hal/chips/bq76952Settings';
import type { Json } from '../checkJson';
import type { CellProfile } from '../profiles/profile';
import { cutOffsOf, cyclingFit, stepsFit } from './cycling';
import { whyNot, type Use } from './esp32';
import type { Findings } from './findings';
import { channelParts, packParts, setPointParts } from './parts';
import { BELOW_CUT, LARGEST_SHUNT_UOHM, LEAST_CHARGE_NV, packApplies } from './packFrontEnd';
import { nominal_mAh } from './product';

/** How far the limits may stand outside the voltages that the cell's profile is made for [mV]. */
const ABOVE_MV = 100;
const BELOW_MV = 600;
/** Over the shunt of the INA228: below, the least SHUNT_CAL, a whole number, is rounded by more than half a percent. */
const LEAST_NV = 4e6;
/** The front end's own balancing switch, and that it drains 6 sevenths of the time; how near the whole has to be. */
const BALANCE_SWITCH_OHM = 28;
const DRAINS = 7 / 6;
const BALANCE_SHARE = 0.1;
/** What the BQ76952 compares over its shunt: mA x uOhm. */
const MOST_CHARGE_NV = 124e6;
const MOST_DISCHARGE_NV = 200e6;
const LEAST_SHORT_NV = 10e6;

export function channelFit(findings: Findings, config: Config, cell: CellProfile | undefined, isList: boolean): void {
  const n = (field: string): number => findings.number(field);
  cellFit(findings, cell);
  const shunt_uOhm = n('board.ina228.shunt_uOhm');
  findings.range('board.ina228.maxCurrent_mA', 'mA', [
    ['least', LEAST_NV / shunt_uOhm, '4 mV over board.ina228.shunt_uOhm'],
    ['most', FULL_SCALE_NV / shunt_uOhm, '163.84 mV over board.ina228.shunt_uOhm'],
  ]);
  findings.gives('board.ina228.maxCurrent_mA', 'mA', {
    'limits.overCharge_mA': FRONT_END * n('limits.overCharge_mA'),
    'limits.overDischarge_mA': FRONT_END * n('limits.overDischarge_mA'),
    'board.dac.fullScale_mA': n('board.dac.fullScale_mA'),
  });
  findings.range('board.dac.fullScale_mA', 'mA', [
    ['most', n('board.ina228.maxCurrent_mA'), 'board.ina228.maxCurrent_mA'],
  ]);
  findings.take((problems) => checkFit(problems, config));
  setPointParts(findings);
  if (isList) stepsFit(findings, config.protocol);
  else cyclingFit(findings, cell);
  channelParts(findings, config.board?.relay !== undefined, cell ? nominal_mAh(cell) : NaN);
}

export function packFit(findings: Findings, config: PackConfig, cell: CellProfile | undefined, cells: number): void {
  const n = (field: string): number => findings.number(field);
  cellFit(findings, cell);
  if (cell) findings.range('chargeTo_mV', 'mV', cutOffsOf(cell));
  findings.take((problems) => checkPackFit(problems, config));
  if (config.mavlink?.uart === 'Serial1')
    findings.lines.push("mavlink.uart is Serial1, the UART of the interpreter's console; allowed: Serial2");
  packParts(findings, cells);
  findings.follows(
    'board.balance_ohm',
    'ohm',
    (2 * n('parts.inputResistor_ohm') + BALANCE_SWITCH_OHM) * DRAINS,
    BALANCE_SHARE,
    'as parts.inputResistor_ohm makes it',
  );
  frontEndFit(findings, config);
}

/** What each pin is used for, against what it can do. Anything may be missing. */
export function pinProblems({ board, mavlink }: Json): string[] {
  const { pins, i2c } = (board ?? {}) as { pins?: Json; i2c?: Json };
  const uses: [field: string, pin: unknown, use: Use][] = [
    ['board.pins.charge', pins?.charge, 'output'],
    ['board.pins.discharge', pins?.discharge, 'output'],
    ['board.pins.precharge', pins?.precharge, 'output'],
    ['board.pins.alert', pins?.alert, 'input'],
    ['board.pins.cellAdc', pins?.cellAdc, 'analogue'],
    ['board.pins.thermistorAdc', pins?.thermistorAdc, 'analogue'],
    ['board.i2c.sda', i2c?.sda, 'bus'],
    ['board.i2c.scl', i2c?.scl, 'bus'],
    ['mavlink.rx', (mavlink as Json | undefined)?.rx, 'input'],
    ['mavlink.tx', (mavlink as Json | undefined)?.tx, 'output'],
  ];
  return uses.flatMap(([field, pin, use]) => {
    const why = typeof pin === 'string' ? whyNot(pin, use) : undefined;
    return why === undefined ? [] : [`${field} is ${String(pin)}, which ${why}`];
  });
}

/** The limits of the voltage, for the cell. */
function cellFit(findings: Findings, cell: CellProfile | undefined): void {
  if (!cell) return;
  const [charge_mV, discharge_mV] = [1000 * cell.chargeCutoff_V, 1000 * cell.dischargeCutoff_V];
  const why = `for the cell ${cell.name}`;
  findings.range('limits.overVoltage_mV', 'mV', [
    ['least', charge_mV, why],
    ['most', charge_mV + ABOVE_MV, why],
  ]);
  findings.range('limits.underVoltage_mV', 'mV', [
    ['least', discharge_mV - BELOW_MV, why],
    ['most', discharge_mV, why],
  ]);
}

/** What the BQ76952's registers hold: of currents over the shunt, of the rest by itself. */
function frontEndFit(findings: Findings, config: PackConfig): void {
  if (!['board.afe', 'limits', 'balance'].every((part) => findings.isSound(part))) return;
  const keys = Object.keys(config.limits) as (keyof Limits)[];
  const sound = Object.fromEntries(keys.map((key) => [key, findings.number(`limits.${key}`)])) as unknown as Limits;
  const { limits } = frontEnd({ ...config, limits: sound });
  const largest_uOhm = MOST_DISCHARGE_NV / limits.dischargeOver1_mA;
  // The part compares a fifth more than the limit.
  const least_mA = LEAST_CHARGE_NV / Math.min(largest_uOhm, LARGEST_SHUNT_UOHM);
  findings.range('limits.overCharge_mA', 'mA', [
    [
      'least',
      least_mA * (sound.overCharge_mA / limits.chargeOver_mA),
      'for the BQ76952 to compare it and limits.overDischarge_mA over one shunt',
    ],
  ]);
  if (!findings.isSound('limits.overCharge_mA')) return;
  findings.range('board.afe.shunt_uOhm', 'uOhm', [
    ['least', LEAST_CHARGE_NV / limits.chargeOver_mA, 'for the BQ76952 to compare limits.overCharge_mA'],
    ['most', MOST_CHARGE_NV / limits.chargeOver_mA, 'for the BQ76952 to compare limits.overCharge_mA'],
    ['least', LEAST_SHORT_NV / limits.short_mA, 'for the BQ76952 to find a short circuit'],
    ['most', largest_uOhm, 'for the BQ76952 to compare limits.overDischarge_mA'],
  ]);
  if (!findings.isClear()) return;
  try {
    lastingFit(findings, packApplies(config));
  } catch (error) {
    blame(findings, config, (error as Error).message);
  }
}

/** In steps of 2 mV over the shunt a level may come to lie far below what it was to be. */
function lastingFit(findings: Findings, applied: Bq76952Limits): void {
  const why = (cut_mA: number): string =>
    `a tenth below where the front end cuts, ${Math.round(cut_mA)} mA in its steps over board.afe.shunt_uOhm`;
  const { chargeOver_mA, dischargeOver1_mA } = applied;
  findings.range('limits.lastingCharge_mA', 'mA', [['most', chargeOver_mA / BELOW_CUT, why(chargeOver_mA)]]);
  findings.range('limits.lastingDischarge_mA', 'mA', [['most', dischargeOver1_mA / BELOW_CUT, why(dischargeOver1_mA)]]);
}

/** Which limit makes a level that the front end cannot hold, and what would be held of it. */
function blame(findings: Findings, config: PackConfig, message: string): void {
  const [, name, least, most] = /^BQ76952 (\w+) is \S+; allowed: (\S+) to (\S+)$/.exec(message) ?? [];
  const level = (limits: Limits): number => frontEnd({ ...config, limits }).limits[name as keyof Bq76952Limits];
  const now = level(config.limits);
  for (const key of Object.keys(config.limits) as (keyof Limits)[]) {
    const value = config.limits[key];
    const slope = level({ ...config.limits, [key]: value + 1 }) - now;
    const held = (bound: string): number => (slope === 0 ? NaN : value + (Number(bound) - now) / slope);
    findings.range(`limits.${key}`, key.endsWith('_C') ? 'degC' : key.replace(/.*_/, ''), [
      ['least', held(least!), 'which the BQ76952 can hold'],
      ['most', held(most!), 'which the BQ76952 can hold'],
    ]);
  }
  if (findings.isClear()) findings.lines.push(`limits is an object; allowed: what the front end can hold: ${message}`);
}
