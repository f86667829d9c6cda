/** What a run can be told, by the names that `simulate` has for it: what a design may fix, cross or sample. */
import { z } from 'zod';
import { Fault } from '../../../firmware/protect/faults';
import { PLANT_KINDS } from '../../cell/createPlant';
import { PARAMETER_ROWS, type ParameterRow } from '../../cell/parameters';
import { PHYSICS_TERMS } from '../../cell/physics';
import { RESIDUE_RULES } from '../../profiles/terms';
import type { Strategy } from '../../results/types';

/** How the firmware may choose the rate. */
const ADAPTIVE = ['adaptive', 'adaptive+tail', 'adaptive+taper'] as const satisfies readonly Strategy[];

/** Faults that a run can meet: rows of the fault table; any of them; none, in the same campaign. */
const FAULTS = [
  'clean',
  'any',
  ...Object.keys(Fault).filter((key) => Number.isNaN(Number(key)) && key !== 'None' && key !== 'length'),
] as const;

interface Range {
  min: number;
  max: number;
  unit: string;
  whole?: boolean;
}

/** Numbers, which may be sampled. */
const NUMBERS: Record<string, Range> = {
  temperature_C: { min: -20, max: 60, unit: 'degC' },
  charge_C: { min: 0.01, max: 20, unit: 'C' },
  discharge_C: { min: 0.01, max: 20, unit: 'C' },
  cooling_W_K: { min: 0, max: 100, unit: 'W/K' },
  slowest_C: { min: 0.01, max: 3, unit: 'C' },
  recovery_min: { min: 0, max: 240, unit: 'min' },
  mismatch: { min: 0, max: 0.5, unit: '(share of each parameter)' },
  untilRetention_pct: { min: 1, max: 99, unit: '%' },
  cycles: { min: 1, max: 100000, unit: 'cycles', whole: true },
  interrupts: { min: 0, max: 20, unit: 'a discharge', whole: true },
  slowStripEvery: { min: 0, max: 1000, unit: 'cycles', whole: true },
  missions: { min: 1, max: 100000, unit: 'missions', whole: true },
};
/** Factors on a parameter of the profile. */
const TIMES: Range = { min: 1e-3, max: 1e3, unit: '(factor on the profile)' };

const rows: readonly ParameterRow[] = PARAMETER_ROWS;
const parameterKeys = rows.map(({ key }) => key);

/** The range of a number that may be sampled; `parameters.KEY`, `times.KEY`: of the cell. Undefined for anything else. */
export function rangeOf(name: string): Range | undefined {
  const [group, key] = name.split('.') as [string, string | undefined];
  if (key === undefined) return NUMBERS[name];
  const row = rows.find((one) => one.key === key);
  if (row === undefined) return undefined;
  return group === 'times' ? TIMES : group === 'parameters' ? row : undefined;
}

export const NUMBER_NAMES = `${Object.keys(NUMBERS).join(', ')}, times.KEY, parameters.KEY (KEY: a parameter of "caldera cells show")`;

export const rangeText = ({ min, max, unit, whole }: Range): string =>
  `${whole ? 'a whole number' : 'a number'} from ${min} to ${max} ${unit}`;

function numberIn(range: Range): z.ZodNumber {
  const text = rangeText(range);
  const schema = z.number(text).min(range.min, text).max(range.max, text);
  return range.whole ? schema.int(text) : schema;
}

const rateText = `a rate such as 1C, from 0.01C to 20C, or ${ADAPTIVE.join(', ')}`;
const isRate = (text: string): boolean =>
  /^(\d+\.?\d*|\.\d+)C$/.test(text) && numberIn(NUMBERS.discharge_C!).safeParse(Number.parseFloat(text)).success;
const policy = z
  .string(rateText)
  .refine((text) => (ADAPTIVE as readonly string[]).includes(text) || isRate(text), rateText);

const flag = z.boolean('true or false');
const name = (what: string): z.ZodString => z.string(what).min(1, what);
const oneOf = <const Words extends readonly string[]>(words: Words) => z.enum(words, words.join(', '));
const cellParameters = (of: (row: ParameterRow) => Range) => Object.fromEntries(rows.map((row) => [row.key, of(row)]));

/** One value of each. */
export const VALUES: Record<string, z.ZodType> = {
  cell: name('a cell profile, such as afl-l1, or a FILE.json'),
  policy,
  ...Object.fromEntries(Object.entries(NUMBERS).map(([key, range]) => [key, numberIn(range)])),
  plant: oneOf(PLANT_KINDS),
  residue: oneOf(RESIDUE_RULES),
  direct: flag,
  told: name('a full-cell profile or a FILE.json'),
  without: z.array(oneOf(PHYSICS_TERMS.map((term) => term.name)), 'a list of physics terms'),
  mission: name('a mission, such as evtol, or a FILE.json'),
  advice: flag,
  fault: oneOf(FAULTS),
  ...prefixed(
    'times',
    cellParameters(() => TIMES),
  ),
  ...prefixed(
    'parameters',
    cellParameters((row) => row),
  ),
};

function prefixed(group: string, ranges: Record<string, Range>): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(ranges).map(([key, range]) => [`${group}.${key}`, numberIn(range)]));
}

export const OPTION_NAMES = `${Object.keys(VALUES)
  .filter((key) => !key.includes('.'))
  .join(', ')}, times.KEY, parameters.KEY`;

/** Told apart in a refusal: a name that might have been a parameter. */
export const looksLikeParameter = (key: string): boolean => parameterKeys.includes(key);

/** How a value stands in the table of results. */
export function columnTypeOf(option: string): 'number' | 'whole' | 'flag' | 'text' {
  const range = rangeOf(option);
  if (range !== undefined) return range.whole ? 'whole' : 'number';
  return VALUES[option] === flag ? 'flag' : 'text';
}

export type Value = string | number | boolean | readonly string[];
export type Values = Record<string, Value>;
