import { InputError } from '../errors';
import type { Column, MeasurementFormat, Quantity } from './formats/format';

/** Where a quantity stands in a row, and the factor that brings it to our unit. */
export interface FoundColumn {
  index: number;
  /** As the file writes it, for error messages. */
  title: string;
  unit: string;
  scale: number;
}
export type FoundColumns = Partial<Record<Quantity, FoundColumn>>;

const unitFactors: Record<string, Record<string, number>> = {
  s: { s: 1, sec: 1, min: 60, hr: 3600, h: 3600 },
  A: { a: 1, ma: 1e-3 },
  V: { v: 1, mv: 1e-3 },
  Ah: { ah: 1, mah: 1e-3 },
};

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, ' ');

/** A column title: `Current(mA)` is the quantity `current` in `mA`. */
function parseTitle(title: string): { title: string; full: string; name: string; unit: string } {
  const match = /^(.*?)\s*[([]([^)\]]*)[)\]]$/.exec(title.trim());
  return { title: title.trim(), full: plain(title), name: plain(match?.[1] ?? title), unit: match?.[2]?.trim() ?? '' };
}

/** The format whose header this line is, or undefined. */
export function formatOfHeader(line: string, formats: readonly MeasurementFormat[]): MeasurementFormat | undefined {
  return formats.find((format) => {
    const names = new Set(line.split(format.separator).map((title) => parseTitle(title).name));
    return format.signature.filter((name) => names.has(plain(name))).length >= 3;
  });
}

/**
 * Finds the format's columns in its header line.
 * @throws InputError for a needed column that is missing, or a unit that is not known.
 */
export function findColumns(file: string, header: readonly string[], format: MeasurementFormat): FoundColumns {
  const titles = header.map(parseTitle);
  const found: FoundColumns = {};
  for (const [quantity, column] of Object.entries(format.columns) as [Quantity, Column][]) {
    const names = column.names.map(plain);
    let index = titles.findIndex((title) => names.includes(title.full));
    if (index < 0 && column.unit) index = titles.findIndex((title) => title.unit && names.includes(title.name));
    const title = titles[index];
    if (title) {
      found[quantity] = { index, title: title.title, unit: column.unit ?? '', scale: scaleOf(file, title, column) };
    } else if (!column.optional) {
      const present = titles.slice(0, 12).map((t) => t.title);
      throw new InputError(
        `${file}: column ${column.names[0]} is missing (found: ${present.join(', ')}); allowed: ${format.name} with this column`,
      );
    }
  }
  return found;
}

function scaleOf(file: string, title: { title: string; unit: string }, column: Column): number {
  if (!column.unit || !title.unit) return 1;
  const factors = unitFactors[column.unit]!;
  const scale = factors[title.unit.toLowerCase()];
  if (scale === undefined) {
    const allowed = Object.keys(factors).join(', ');
    throw new InputError(`${file}: column ${title.title}: unit ${title.unit} is not known; allowed: ${allowed}`);
  }
  return scale;
}
