import { InputError } from '../errors';
import { formats } from './formats';
import type { MeasurementFormat, Quantity } from './formats/format';
import { GrowingColumn } from './growingColumn';
import { type FoundColumn, type FoundColumns, findColumns, formatOfHeader } from './header';
import type { Measurement } from './measurement';
import { textLines } from './textLines';

/** The column header stands within these first lines. */
const headLines = 30;

export interface ReadOptions {
  /** Called with the part of the file read, 0 to 1. */
  onProgress?: (part: number) => void;
}

/**
 * Reads a cycler's text export; the format is recognised by content, not by the file's name.
 * Rows are brought into the order of the file's record numbers; unsigned current gets its sign from the state column.
 * @throws InputError in one line for a file that is missing, empty, binary, of unknown format, cut off, without a needed
 *   column, with a cell that is not a number, with time running backwards, or with fewer than two samples
 */
export async function readMeasurement(path: string, options: ReadOptions = {}): Promise<Measurement> {
  const head: string[] = [];
  let table: Table | undefined;
  let lineNumber = 0;
  for await (const line of textLines(path, options.onProgress)) {
    lineNumber++;
    if (table) {
      if (line.trim() !== '') table.addRow(line, lineNumber);
      continue;
    }
    const text = line.replace(/^\uFEFF/, '');
    head.push(text);
    const format = formatOfHeader(text, formats);
    if (format) table = new Table(path, format, text.split(format.separator));
    else if (head.length >= headLines) break;
  }
  if (!table) throw unknownFormat(path, head);
  return table.finish();
}

function unknownFormat(path: string, head: readonly string[]): InputError {
  const first = head.find((line) => line.trim() !== '');
  if (first === undefined)
    return new InputError(`${path}: the file holds only blank lines; allowed: a measurement file of a cycler`);
  const columns = first
    .split(/[\t,;]/)
    .slice(0, 4)
    .map((cell) => cell.trim().slice(0, 30));
  return new InputError(
    `${path}: unknown measurement format (first columns: ${columns.join(', ')}); allowed: ${formats.map((f) => f.name).join(', ')}`,
  );
}

/** One quantity of the file while it is read. */
interface Reading {
  quantity: Quantity;
  column: FoundColumn;
  parse(cell: string): number;
  /** A cell that is not a number is refused; otherwise it is kept as NaN. */
  strict: boolean;
  values: GrowingColumn;
}

/** Collects the rows of one file column by column. */
class Table {
  private readonly columns: FoundColumns;
  private readonly readings: Reading[];

  constructor(
    private readonly path: string,
    private readonly format: MeasurementFormat,
    private readonly titles: readonly string[],
  ) {
    this.columns = findColumns(path, titles, format);
    this.readings = (Object.entries(this.columns) as [Quantity, FoundColumn][]).map(([quantity, column]) => ({
      quantity,
      column,
      parse:
        quantity === 'direction' ? format.directionOf! : (cell) => (cell === '' ? NaN : Number(cell) * column.scale),
      strict: quantity === 'record' || !format.columns[quantity]!.optional,
      values: new GrowingColumn(),
    }));
  }

  addRow(line: string, lineNumber: number): void {
    const cells = line.split(this.format.separator);
    if (cells.length < this.titles.length) {
      throw new InputError(
        `${this.path}: line ${lineNumber} is cut off: ${cells.length} fields; allowed: ${this.titles.length}, as in the header`,
      );
    }
    for (const { column, parse, strict, values } of this.readings) {
      const cell = cells[column.index]!.trim();
      const value = parse(cell);
      if (strict && !Number.isFinite(value)) {
        const allowed = column.unit ? `a number in ${column.unit}` : 'a number';
        throw new InputError(
          `${this.path}: line ${lineNumber}, column ${column.title}: '${cell}' is not a number; allowed: ${allowed}`,
        );
      }
      values.push(value);
    }
  }

  finish(): Measurement {
    const warnings: string[] = [];
    const data = new Map(this.readings.map(({ quantity, values }) => [quantity, values.toArray()]));
    const samples = this.readings[0]!.values.length;
    if (samples < 2) throw new InputError(`${this.path}: ${samples} samples; allowed: at least 2`);

    const order = orderByRecord(data.get('record'));
    if (order) {
      for (const [quantity, values] of data)
        data.set(
          quantity,
          Float64Array.from(order.rows, (row) => values[row]!),
        );
      warnings.push(`rows out of order in ${order.places} places: ordered by ${this.columns.record!.title}`);
    }
    this.refuseTimeRunningBack(data.get('time_s')!, data.get('record'));

    const charge = data.get('charge_Ah');
    const discharge = data.get('discharge_Ah');
    const stepTime_s = data.get('stepTime_s');
    return {
      format: this.format.name,
      time_s: data.get('time_s')!,
      current_A: dischargePositive(data.get('current_A')!, data.get('direction')),
      voltage_V: data.get('voltage_V')!,
      step: data.get('step')!,
      cycle: data.get('cycle')!,
      ...(stepTime_s && { stepTime_s }),
      ...(charge && discharge && { counter_Ah: { charge, discharge } }),
      warnings,
    };
  }

  private refuseTimeRunningBack(time_s: Float64Array, record: Float64Array | undefined): void {
    for (let i = 1; i < time_s.length; i++) {
      if (time_s[i]! >= time_s[i - 1]!) continue;
      const where = record ? `${this.columns.record!.title} ${record[i]}` : `sample ${i + 1}`;
      throw new InputError(
        `${this.path}: ${where}, column ${this.columns.time_s!.title}: ${time_s[i]} s after ${time_s[i - 1]} s; allowed: time that does not run back`,
      );
    }
  }
}

/** The order of the rows by record number, and in how many places the file breaks it; undefined when it does not. */
function orderByRecord(record: Float64Array | undefined): { rows: Uint32Array; places: number } | undefined {
  if (!record) return undefined;
  let places = 0;
  for (let i = 1; i < record.length; i++) if (record[i]! < record[i - 1]!) places++;
  if (places === 0) return undefined;
  return { rows: Uint32Array.from(record.keys()).sort((a, b) => record[a]! - record[b]!), places };
}

/**
 * A file whose current is negative anywhere is signed, charge positive. Otherwise the state column gives the direction;
 * a state that tells none (a closing row of a suspended test) keeps the direction of the row before.
 */
function dischargePositive(current_A: Float64Array, directions: Float64Array | undefined): Float64Array {
  const signed = current_A.some((current) => current < 0);
  let direction = signed || !directions ? -1 : 1;
  return current_A.map((current, i) => {
    if (!signed && directions) direction = directions[i] || direction;
    return current === 0 ? 0 : direction * current;
  });
}
