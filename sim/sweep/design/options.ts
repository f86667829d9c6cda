/** What a run can be told, by the names that `simulate` has for it: what a design may fix, cross or sample. */
import { z } from 'zod';
import { Fault } from '../../../firmware/protect/faults';
import { ADAPTIVE, LIMITS, type Limit } from '../../campaign/limits';
import { CHOICES, flag, name, numberIn, oneOf } from '../../campaign/schemas';
import { PARAMETER_ROWS, type ParameterRow } from '../../cell/parameters';

/** Faults that a run can meet: rows of the fault table; any of them; none, in the same campaign. */
const FAULTS = [
  'clean',
  'any',
  ...Object.keys(Fault).filter((key) => Number.isNaN(Number(key)) && key !== 'None' && key !== 'length'),
] as const;

/** Numbers, which may be sampled. */
const NUMBERS: Record<string, Limit> = {
  ...LIMITS,
  missions: { min: 1, max: 100000, unit: 'missions', whole: true },
};
/** Factors on a parameter of the profile. */
const TIMES: Limit = { min: 1e-3, max: 1e3, unit: '(factor on the profile)' };

const rows: readonly ParameterRow[] = PARAMETER_ROWS;
const parameterKeys = rows.map(({ key }) => key);

/** The range of a number that may be sampled; `parameters.KEY`, `times.KEY`: of the cell. Undefined for anything else. */
export function rangeOf(name: string): Limit | undefined {
  const [group, key] = name.split('.') as [string, string | undefined];
  if (key === undefined) return NUMBERS[name];
  const row = rows.find((one) => one.key === key);
  if (row === undefined) return undefined;
  return group === 'times' ? TIMES : group === 'parameters' ? row : undefined;
}

export const NUMBER_NAMES = `${Object.keys(NUMBERS).join(', ')}, times.KEY, parameters.KEY (KEY: a parameter of "caldera cells show")`;

const rateText = `a rate such as 1C, from 0.01C to 20C, or ${ADAPTIVE.join(', ')}`;
const isRate = (text: string): boolean =>
  /^(\d+\.?\d*|\.\d+)C$/.test(text) && numberIn(NUMBERS.discharge_C!).safeParse(Number.parseFloat(text)).success;
const policy = z
  .string(rateText)
  .refine((text) => (ADAPTIVE as readonly string[]).includes(text) || isRate(text), rateText);

const cellParameters = (of: (row: ParameterRow) => Limit) => Object.fromEntries(rows.map((row) => [row.key, of(row)]));

const { cell, ...choices } = CHOICES;

/** One value of each. The order is that of the digest of a design. */
export const VALUES: Record<string, z.ZodType> = {
  cell,
  policy,
  ...Object.fromEntries(Object.entries(NUMBERS).map(([key, range]) => [key, numberIn(range)])),
  ...choices,
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

function prefixed(group: string, ranges: Record<string, Limit>): Record<string, z.ZodType> {
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
