/** Parsers of option values. Each takes the option's name and gives a function for commander; each throws InputError. */
import { ADAPTIVE, LIMITS, limitText, SEED_LIMIT, type Limit } from '../campaign/limits';
import { InputError } from '../errors';

type Parser<Value> = (text: string) => Value;

interface Range {
  min: number;
  max: number;
  /** Shown after the limits, with its leading space where it has one: ' degC', 'C', ' %'. */
  unit: string;
  integer?: boolean;
}

const rangeOf = ({ min, max, unit, whole = false }: Limit): Range => ({
  ...{ min, max, integer: whole },
  unit: unit === 'C' || unit === '' ? unit : ` ${unit}`,
});
const rateRange = rangeOf(LIMITS.discharge_C);
const temperatureRange = rangeOf(LIMITS.temperature_C);
const cyclesRange = rangeOf(LIMITS.cycles);
const percentRange = rangeOf(LIMITS.untilRetention_pct);
const seedRange = rangeOf(SEED_LIMIT);
const threadsRange: Range = { min: 1, max: 256, unit: ' threads', integer: true };

export type Adaptive = (typeof ADAPTIVE)[number];

function refuse(option: string, text: string, allowed: string): InputError {
  return new InputError(`${option}: '${text}' is not valid; allowed: ${allowed}`);
}

function rangeText({ min, max, unit, integer }: Range): string {
  return `${integer ? 'a whole number' : 'a number'} from ${min}${unit} to ${max}${unit}`;
}

/** Plain decimal notation only: no hexadecimal, no Infinity, no surrounding text. */
function parseNumber(option: string, text: string, range: Range, allowed = rangeText(range)): number {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN;
  const fits = value >= range.min && value <= range.max && (!range.integer || Number.isInteger(value));
  if (!fits) throw refuse(option, text, allowed);
  return value;
}

const rateText = 'a C-rate from 0.01C to 20C, such as 1C or 0.5C';

function parseRate(option: string, text: string, range = rateRange, allowed = rateText): number {
  const digits = text.trim().replace(/c$/i, '');
  try {
    return parseNumber(option, digits, range, allowed);
  } catch {
    throw refuse(option, text, allowed);
  }
}

/** `1C`, `0.5c` or `1`: a multiple of the nominal capacity per hour. */
export function rate(option: string): Parser<number> {
  return (text) => parseRate(option, text);
}

/** The same with an upper limit of its own [C]. */
export function rateUpTo(option: string, max: number): Parser<number> {
  return (text) => parseRate(option, text, { ...rateRange, max }, `a C-rate from ${rateRange.min}C to ${max}C`);
}

/** A rate, or who chooses it. */
export function discharge(option: string): Parser<number | Adaptive> {
  return (text) => {
    const mode = ADAPTIVE.find((name) => name === text);
    if (mode !== undefined) return mode;
    try {
      return parseRate(option, text);
    } catch {
      throw refuse(option, text, `${rateText}, or ${ADAPTIVE.join(', ')}`);
    }
  };
}

/** `0.5,1,2C`: rates separated by commas; returned ascending and without repeats. */
export function rates(option: string): Parser<number[]> {
  return (text) => {
    const values = text.split(',').map((part) => parseRate(option, part));
    return [...new Set(values)].sort((a, b) => a - b);
  };
}

export function temperature(option: string): Parser<number> {
  return (text) =>
    parseNumber(option, text.replace(/\s*(degC|°C|C)$/, ''), temperatureRange, rangeText(temperatureRange));
}

export function cycles(option: string): Parser<number> {
  return (text) => parseNumber(option, text, cyclesRange);
}

export function percent(option: string): Parser<number> {
  return (text) => parseNumber(option, text.replace(/\s*%$/, ''), percentRange);
}

export function seed(option: string): Parser<number> {
  return (text) => parseNumber(option, text, seedRange);
}

export function threads(option: string): Parser<number> {
  return (text) => parseNumber(option, text, threadsRange);
}

/** One of a few words. */
export function oneOf<Word extends string>(option: string, words: readonly Word[]): Parser<Word> {
  return (text) => {
    if (!words.includes(text as Word)) throw refuse(option, text, words.join(', '));
    return text as Word;
  };
}

/** Some of a few words, separated by commas. */
export function list<Word extends string>(option: string, words: readonly Word[]): Parser<Word[]> {
  const one = oneOf(option, words);
  return (text) => [...new Set(text.split(',').map((part) => one(part.trim())))];
}

/** A number within the limits of an option of `simulate`. */
export function limited(option: string, limit: Limit): Parser<number> {
  return (text) => parseNumber(option, text, rangeOf(limit), limitText(limit));
}

/** A number within limits; `unit` with its leading space. */
export function within(option: string, min: number, max: number, unit: string): Parser<number> {
  return (text) => parseNumber(option, text, { min, max, unit });
}

/** A whole number within limits. */
export function count(option: string, min: number, max: number): Parser<number> {
  return (text) => parseNumber(option, text, { min, max, unit: '', integer: true });
}

/** Number of a member of an ensemble. */
export function member(option: string, members: number): Parser<number> {
  return (text) => parseNumber(option, text, { min: 1, max: members, unit: '', integer: true });
}

/** Any text but the empty one, such as a name or a path. `what` says in words what is allowed. */
export function nonEmpty(option: string, what: string): Parser<string> {
  return (text) => {
    if (text.trim() === '') throw refuse(option, text, what);
    return text;
  };
}
