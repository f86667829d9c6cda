import { InputError } from '../errors';
import { withoutQuotes } from './cells';
import { ownCsv } from './formats/bdf';
import type { Column, MeasurementFormat, Quantity } from './formats/format';

/** Where a quantity stands in a row, and the factor that brings it to our unit. */
export interface FoundColumn {
  index: number;
  /** As the file writes it, for messages and for the scope of a counter. */
  title: string;
  unit: string;
  /** NaN when the cells themselves say what they are: `h:min:s` or a date. */
  scale: number;
}
type FoundColumns = Partial<Record<Quantity, FoundColumn>>;

export interface Header {
  format: MeasurementFormat;
  separator: string;
  /** Cells a row must have. */
  width: number;
  columns: FoundColumns;
  /** Columns that were not read although nothing says that they are not needed, each with the reason. */
  notRead: string[];
}

const clockUnits = { clock: NaN, 'h:min:s.ms': NaN, 'h:min:s': NaN, 'hh:mm:ss': NaN, 'h:m:s': NaN };
const unitFactors: Record<string, Record<string, number>> = {
  s: { s: 1, sec: 1, ms: 1e-3, min: 60, hr: 3600, h: 3600, ...clockUnits },
  A: { A: 1, mA: 1e-3, uA: 1e-6, µA: 1e-6 },
  V: { V: 1, mV: 1e-3 },
  Ah: { Ah: 1, mAh: 1e-3, 'A.h': 1, 'mA.h': 1e-3 },
  // The last one is a degree sign that was lost when the file was recoded.
  degC: { c: 1, degc: 1, '°c': 1, '℃': 1, '\uFFFDc': 1 },
};

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, ' ');

interface Title {
  text: string;
  full: string;
  name: string;
  unit: string;
}

/** A column title: `Current(mA)`, `Current [mA]`, `Current / mA` and `Current/mA` are the quantity `current` in `mA`. */
function parseTitle(text: string): Title {
  const match = /^(.*?)\s*[([]([^)\]]*)[)\]]$/.exec(text) ?? /^(.*\S)\s*\/\s*(\S+)$/.exec(text);
  return { text, full: plain(text), name: plain(match?.[1] ?? text), unit: match?.[2]?.trim() ?? '' };
}

/** Reads a line as the column header of the format that fits best; undefined when it is none. @throws see `findColumns` */
export function readHeader(file: string, line: string, formats: readonly MeasurementFormat[]): Header | undefined {
  let best: { format: MeasurementFormat; separator: string; titles: string[] } | undefined;
  let most = 2;
  for (const format of formats) {
    for (const separator of format.separators) {
      const titles = withoutQuotes(line, separator)
        .trimEnd()
        .split(separator)
        .map((title) => title.trim());
      const typical = new Set(titles.map(plain).filter((title) => format.signature.test(title))).size;
      if (typical > most) [most, best] = [typical, { format, separator, titles }];
    }
  }
  if (!best) return undefined;
  const { format, separator, titles } = best;
  return { format, separator, width: titles.length, ...findColumns(file, titles.map(parseTitle), format) };
}

/**
 * Finds the format's columns in its header line.
 * @throws InputError for a needed column that is missing, or has no unit or one that is not known.
 */
function findColumns(
  file: string,
  titles: readonly Title[],
  format: MeasurementFormat,
): Pick<Header, 'columns' | 'notRead'> {
  const columns: FoundColumns = {};
  const unknownUnit: string[] = [];
  const read = new Set<number>();
  for (const [quantity, column] of Object.entries(format.columns) as [Quantity, Column][]) {
    const named = column.names.flatMap((name) =>
      titles.flatMap((title, i) => (isNamed(title, name, column) ? [i] : [])),
    );
    const usable = named.find((i) => scaleOf(titles[i]!, column) !== undefined);
    const index = usable ?? named.find((i) => !read.has(i));
    if (index === undefined) {
      if (!column.optional) throw missing(file, column.names[0]!, titles, format);
      continue;
    }
    read.add(index);
    const title = titles[index]!;
    const scale = scaleOf(title, column);
    if (scale !== undefined) {
      columns[quantity] = { index, title: title.text, unit: column.unit ?? '', scale };
      continue;
    }
    const reason = title.unit === '' ? 'has no unit' : `unit ${title.unit} is not known`;
    if (!column.optional) {
      const allowed = Object.keys(unitFactors[column.unit!]!).join(', ');
      throw new InputError(`${file}: column ${title.text}: ${reason}; allowed: ${allowed}`);
    }
    unknownUnit.push(`${title.text} (${reason})`);
  }
  const unknown = titles.filter(({ text, full }, index) => text && !read.has(index) && !format.notNeeded.test(full));
  if (!columns.time_s && !columns.stepTime_s) throw missing(file, format.columns.time_s!.names[0]!, titles, format);
  return { columns, notRead: [...new Set([...unknownUnit, ...unknown.map(({ text }) => text)])] };
}

function missing(file: string, name: string, titles: readonly Title[], format: MeasurementFormat): InputError {
  const present = titles.slice(0, 12).map(({ text }) => text);
  return new InputError(
    `${file}: column ${name} is missing (found: ${present.join(', ')}); allowed: ${format.name} with this column, or ${ownCsv}`,
  );
}

/** As a whole, or followed by a unit. */
function isNamed(title: Title, name: string, column: Column): boolean {
  const hasUnit = column.unit ? title.unit !== '' : title.unit === '1';
  return title.full === plain(name) || (hasUnit && title.name === plain(name));
}

/** The factor to our unit; undefined when the title's unit is not known or it has none. */
function scaleOf(title: Title, { unit, bare }: Column): number | undefined {
  if (!unit) return 1;
  const implied = Object.entries(bare ?? {}).find(([name]) => plain(name) === title.full)?.[1];
  const spelled = (title.unit || implied || '').toLowerCase();
  return Object.entries(unitFactors[unit]!).find(([name]) => name.toLowerCase() === spelled)?.[1];
}
