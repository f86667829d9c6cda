/** A pack as data: a JSON object or file, checked as a whole before anything is built. */
import { number, object, refuseOthers, show, type Json, type NumberRow } from '../checkJson';
import { InputError } from '../errors';
import { loadProfile, type CellProfile } from '../profiles/profile';
import { readJson } from '../readJson';
import type { Spread } from './spread';

export interface PackConfiguration {
  /** What every cell of the pack is by its label. */
  cell: CellProfile;
  /** Groups in series, cells in parallel in each. */
  series: number;
  parallel: number;
  temperature_C: number;
  /** Between every cell and its group's node. */
  busbar_ohm: number;
  spread: Spread;
  seed: number;
}

interface Row extends NumberRow {
  /** Taken where it is not given; without one, the field must be given. */
  usual?: number;
}

const ROWS: readonly Row[] = [
  { key: 'series', unit: '(groups)', min: 1, max: 400, whole: true },
  { key: 'parallel', unit: '(cells)', min: 1, max: 100, whole: true },
  { key: 'temperature_C', unit: 'degC', min: -20, max: 60, usual: 25 },
  { key: 'busbar_ohm', unit: 'ohm', min: 0, max: 10, usual: 0 },
  { key: 'seed', unit: '(no unit)', min: 0, max: 4294967295, whole: true, usual: 1 },
];
const SPREAD_ROWS: readonly Row[] = [
  { key: 'capacity_pct', unit: '%', min: 0, max: 50, usual: 0 },
  { key: 'resistance_pct', unit: '%', min: 0, max: 200, usual: 0 },
  { key: 'temperature_K', unit: 'K', min: -40, max: 40, usual: 0 },
  { key: 'agedCycles', unit: '(cycles)', min: 0, max: 10000, whole: true, usual: 0 },
];

/** From a `.json` file. @throws InputError naming the field, its value and what is allowed */
export function loadPackConfiguration(file: string): PackConfiguration {
  return checkPackConfiguration(readJson(file, 'pack file'), file);
}

/** From an object of the same form. `where` names it in errors. @throws InputError */
export function checkPackConfiguration(json: unknown, where: string): PackConfiguration {
  const own = object(json, where, 'the pack');
  refuseOthers(own, ['cell', ...ROWS.map((row) => row.key), 'spread'], where);
  if (typeof own.cell !== 'string')
    throw new InputError(`${where}: cell is ${show(own.cell)}; allowed: the name of a cell or a FILE.json`);
  const cell = loadProfile(own.cell);
  if (cell.kind !== 'full')
    throw new InputError(`${where}: cell is "${own.cell}", a ${cell.kind} cell; allowed: a full cell`);
  const spreadOf = own.spread === undefined ? {} : object(own.spread, where, 'spread');
  refuseOthers(
    spreadOf,
    SPREAD_ROWS.map((row) => row.key),
    where,
    'spread.',
  );
  const [series, parallel, temperature_C, busbar_ohm, seed] = numbers(own, ROWS, where, '');
  const [capacity_pct, resistance_pct, temperature_K, agedCycles] = numbers(spreadOf, SPREAD_ROWS, where, 'spread.');
  const [low_C, high_C] = [
    temperature_C! - Math.abs(temperature_K!) / 2,
    temperature_C! + Math.abs(temperature_K!) / 2,
  ];
  const limits = ROWS.find((row) => row.key === 'temperature_C')!;
  if (low_C < limits.min || high_C > limits.max)
    throw new InputError(
      `${where}: spread.temperature_K is ${temperature_K} K, which takes cells from ${low_C} to ${high_C} degC; ` +
        `allowed: ${limits.min} to ${limits.max} degC`,
    );
  const spread = { capacity_pct, resistance_pct, temperature_K, agedCycles } as Spread;
  return { cell, series, parallel, temperature_C, busbar_ohm, seed, spread } as PackConfiguration;
}

const numbers = (json: Json, rows: readonly Row[], where: string, prefix: string): number[] =>
  rows.map((row) => number(row.key in json ? json[row.key] : row.usual, row, where, prefix));
