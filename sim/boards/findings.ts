/**
 * What is wrong with a file, a line for each cause. A number that has a line, or that one names, or that stands in something that has
 * one, reads as NaN, and a bound made of NaN bounds nothing: so nothing is told that only follows from another line.
 */
import { isSound, shown } from '../../firmware/config/ranges';
import type { Json } from '../checkJson';

/** What a number has to be at least or at most, and why; '': its own range. */
export type Bound = readonly [side: 'least' | 'most', value: number, why: string];

/** Of a number, by which it may miss a bound: what is left of rounding. */
const TINY = 1e-9;

export class Findings {
  /** They say more than the known ones about the same fields. */
  readonly lines: string[] = [];

  /** @param known lines about fields by themselves */
  constructor(
    private readonly file: Json,
    private readonly known: readonly string[],
  ) {}

  /** NaN: it is none, or something is wrong with it. */
  number(field: string): number {
    const value = this.at(field);
    return typeof value === 'number' && this.isSound(field) && !this.isNamed(field) ? value : NaN;
  }

  /** Whether neither the field nor what it stands in has a line. */
  isSound(field: string): boolean {
    const all = [...this.known, ...this.lines];
    return isSound(all, field) && isSound(all, field.split('[')[0]!);
  }

  /** Whether it may be what is wrong in another field's line. */
  private isNamed(field: string): boolean {
    const others = (line: string): string[] => line.split(/[^\w.[\]]+/).slice(1);
    return [...this.known, ...this.lines].some((line) => others(line).includes(field));
  }

  /** Whether there is no line at all. */
  isClear(): boolean {
    return this.known.length + this.lines.length === 0;
  }

  /** A number that all of these bound; one that is none is told the range too. */
  range(field: string, unit: string, all: readonly Bound[], whole = false): void {
    const value = this.at(field);
    const bounds = this.isNamed(field) ? all.filter(([, , why]) => why === '') : all;
    const [least, most] = [tightest(bounds, 'least'), tightest(bounds, 'most')];
    if (!this.isSound(field.replace(/\.?[^.]*$/, '')) || (!least && !most)) return;
    const isNumber = typeof value === 'number';
    const low = isNumber && least !== undefined && value < least[1] - TINY * Math.abs(least[1]);
    const high = isNumber && most !== undefined && value > most[1] + TINY * Math.abs(most[1]);
    if (isNumber && !low && !high && (!whole || Number.isInteger(value))) return;
    const found = isNumber ? withUnit(value, unit) : shown(value);
    const why = low ? least[2] : high ? most[2] : least?.[2] === most?.[2] ? least?.[2] : '';
    const allowed =
      least && most && least[1] <= most[1]
        ? `${least[1] < most[1] ? `${inward(least)} to ` : ''}${withUnit(inward(most), unit)}`
        : most && (high || !least)
          ? `at most ${withUnit(inward(most), unit)}`
          : `at least ${withUnit(inward(least!), unit)}`;
    this.lines.push(`${field} is ${found}; allowed: ${whole ? 'a whole number, ' : ''}${allowed}${why && `, ${why}`}`);
  }

  /** A number that others make, as near as this share. */
  follows(field: string, unit: string, target: number, share: number, why: string): void {
    const value = this.number(field);
    if (Math.abs(value / target - 1) > share)
      this.lines.push(
        `${field} is ${value} ${unit}; allowed: ${Number(target.toPrecision(3))} ${unit}, ${why} (${100 * share} %)`,
      );
  }

  /** Where more than one of these asks more of a field than it gives, it is the field that is wrong. */
  gives(field: string, unit: string, asked: Readonly<Record<string, number>>): void {
    const limit = this.number(field);
    const above = Object.entries(asked).filter(([, value]) => value > limit);
    const [name, most] = above.sort(([, a], [, b]) => b - a)[0] ?? [];
    if (above.length > 1) this.range(field, unit, [['least', most!, `for ${name}`]]);
  }

  /** A name that somebody is to read. */
  text(field: string): void {
    if (this.isSound(field) && String(this.at(field)).trim() === '')
      this.lines.push(`${field} is ""; allowed: a text that is not empty`);
  }

  /** Takes what another check adds to all lines so far. */
  take(check: (problems: string[]) => void): void {
    const all = [...this.known, ...this.lines];
    const before = all.length;
    check(all);
    this.lines.push(...all.slice(before));
  }

  private at(field: string): unknown {
    return field
      .split(/[.[\]]+/)
      .filter((key) => key !== '')
      .reduce<unknown>((part, key) => (part as Json | null | undefined)?.[key], this.file);
  }
}

const withUnit = (value: number, unit: string): string => `${value}${unit && ` ${unit}`}`;

function tightest(bounds: readonly Bound[], side: Bound[0]): Bound | undefined {
  const own = bounds.filter(([which, value]) => which === side && Number.isFinite(value));
  return own.sort((a, b) => (side === 'least' ? b[1] - a[1] : a[1] - b[1]))[0];
}

/** Four digits, rounded so that the number is allowed itself. */
function inward([side, value]: Bound): number {
  if (value === 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 3);
  const steps = side === 'least' ? Math.ceil(value / step - 1e3 * TINY) : Math.floor(value / step + 1e3 * TINY);
  return Number((steps * step).toPrecision(4));
}
