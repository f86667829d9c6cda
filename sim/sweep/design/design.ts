/**
 * A design of experiments as a file says it: what all runs share, what is crossed, what is sampled, how often each is repeated. The
 * runs themselves are never listed (runs.ts makes each from its number).
 */
import { z } from 'zod';
import { limitText } from '../../campaign/limits';
import { METHODS, mostDimensions } from '../sampling/sample';
import { limitsOf, type Spread } from '../sampling/spread';
import { looksLikeParameter, NUMBER_NAMES, OPTION_NAMES, rangeOf, VALUES, type Value, type Values } from './options';

/** Every combination of one value from each list. */
export type Grid = Record<string, readonly Value[]>;

export interface Sample {
  method: (typeof METHODS)[number];
  /** Points; of `saltelli` rows of the base sample, of `morris` trajectories. */
  points: number;
  of: Record<string, Spread>;
}

export interface Design {
  name: string;
  seed: number;
  run: Values;
  /** One after the other; one that is empty is one combination. */
  grid: readonly Grid[];
  sample?: Sample | undefined;
  /** Specimens of each point: the same options, another seed. */
  repeats: number;
  /** Whether each cycle becomes a row of a second table. */
  cycles: boolean;
  /** The longest that one run may take [s] before it is set aside. */
  timeLimit_s: number;
  /** Files that the design names, by that name: they travel with it. */
  files: Record<string, string>;
}

const HIGHEST = 1e9;
const positive = (what: string) => z.number(what).int(what).min(1, what).max(HIGHEST, what);
const seed = 'a whole number from 0 to 4294967295';
const spreadText = '{ from, to } or { mean, sd }, with or without log: true';

/** A list of values, or one. */
const listOf = (value: z.ZodType) =>
  z.union([value.transform((one) => [one]), z.array(value).min(1, 'at least one value')]);

const values = z.strictObject(
  Object.fromEntries(Object.entries(VALUES).map(([key, value]) => [key, value.optional()])),
);
const grid = z.strictObject(
  Object.fromEntries(Object.entries(VALUES).map(([key, value]) => [key, listOf(value).optional()])),
);

const finite = z.number('a number');
const spread = z.union(
  [
    z.strictObject({ from: finite, to: finite, log: z.boolean().optional() }),
    z.strictObject({ mean: finite, sd: finite.positive(), log: z.boolean().optional() }),
  ],
  spreadText,
);

const sample = z
  .strictObject({
    method: z.enum(METHODS, METHODS.join(', ')),
    points: positive('a whole number from 1'),
    of: z.record(z.string(), spread, 'an object with a spread for each name'),
  })
  .superRefine(({ method, of }, context) => {
    const names = Object.keys(of);
    const refuse = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    const most = mostDimensions(method);
    if (names.length < 1 || names.length > most) refuse(['of'], `1 to ${most} names with ${method}`);
    for (const name of names) {
      const range = rangeOf(name);
      if (range === undefined) refuse(['of', name], `one of ${NUMBER_NAMES}${hint(name)}`);
      else if (range.whole) refuse(['of', name], `in run or grid: sampled is what may be any number`);
      else checkLimits(of[name]!, range, (message) => refuse(['of', name], message));
    }
  });

function checkLimits(
  own: Spread,
  range: { min: number; max: number; unit: string },
  refuse: (message: string) => void,
) {
  if ('from' in own && own.from >= own.to) return refuse('from below to');
  if (own.log && !(('from' in own ? own.from : own.mean) > 0)) return refuse('above 0 with log: true');
  const [low, high] = limitsOf(own);
  if (!(low >= range.min && high <= range.max))
    refuse(`${limitText(range)}; this one goes from ${Number(low.toPrecision(4))} to ${Number(high.toPrecision(4))}`);
}

export const hint = (name: string): string =>
  looksLikeParameter(name) ? `; did you mean times.${name} or parameters.${name}?` : '';

export const designSchema = z.strictObject({
  name: z
    .string('a name')
    .regex(/^[\w.-]{1,60}$/, 'letters, digits, dots, hyphens')
    .optional(),
  seed: z.number(seed).int(seed).min(0, seed).max(4294967295, seed).default(1),
  run: values.default({}),
  grid: z
    .union([grid.transform((one) => [one]), z.array(grid).min(1)], 'an object of lists, or a list of such objects')
    .default([{}]),
  sample: sample.optional(),
  repeats: positive('a whole number from 1').default(1),
  cycles: z.boolean('true or false').default(false),
  timeLimit_s: z.number('seconds from 1 to 1000000').min(1).max(1e6).default(3600),
});

/** What a place in a design may hold, for refusals. */
export const allowedAt = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? Object.keys(designSchema.shape).join(', ')
    : path[0] === 'sample'
      ? path[1] === 'of'
        ? NUMBER_NAMES
        : 'method, points, of'
      : OPTION_NAMES;
