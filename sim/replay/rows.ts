import { InputError } from '../errors';
import { decimalComma, isDate, parseClock, parseNumber, withoutQuotes } from './cells';
import type { Quantity } from './formats/format';
import type { FoundColumn, Header } from './header';

const columnNames = [
  ...['time_s', 'voltage_V', 'current_A', 'temperature_C', 'cycle', 'step', 'stepTime_s', 'charge_Ah', 'discharge_Ah'],
  ...['record', 'direction', 'line'],
] as const;

/** Samples in columns, one entry a sample. NaN where the file does not tell. */
export interface SampleBatch {
  /** Only the first `length` entries of the columns count. */
  length: number;
  /** Seconds since the test began, never decreasing. */
  time_s: Float64Array;
  voltage_V: Float64Array;
  /** Discharge positive, whatever the file's own sign. */
  current_A: Float64Array;
  temperature_C: Float64Array;
  /** The cycler's own numbers; 1 where the file has none. */
  cycle: Float64Array;
  step: Float64Array;
  /** Seconds since the step began. */
  stepTime_s: Float64Array;
  /** The cycler's own charge counters, both rising; they may restart at zero and may be one and the same column. */
  charge_Ah: Float64Array;
  discharge_Ah: Float64Array;
}

/** Samples with what puts them in order: the file's record number, direction of the current by its state, line in the file. */
export interface Rows extends SampleBatch {
  record: Float64Array;
  direction: Float64Array;
  line: Float64Array;
}

export function emptyRows(size: number): Rows {
  const missing: Partial<Record<string, number>> = { cycle: 1, step: 1, direction: 0 };
  const columns = columnNames.map((name) => [name, new Float64Array(size).fill(missing[name] ?? NaN)]);
  return { length: 0, ...Object.fromEntries(columns) } as Rows;
}

/** The rows that `pick` names, in its order, out of `from` followed by `then`. */
export function pickRows(from: Rows, then: Rows, pick: ArrayLike<number>): Rows {
  const rows = emptyRows(pick.length);
  for (const name of columnNames) {
    for (let i = 0; i < pick.length; i++) {
      const row = pick[i]!;
      rows[name][i] = row < from.length ? from[name][row]! : then[name][row - from.length]!;
    }
  }
  rows.length = pick.length;
  return rows;
}

/** One quantity of a row. */
interface Reading {
  quantity: Quantity;
  column: FoundColumn;
  /** A cell that is not understood is refused; otherwise it is kept as NaN. */
  strict: boolean;
  parse(cell: string): number;
}

/** Reads the lines below the header. */
export class RowReader {
  private readonly readings: Reading[];
  /** Whether decimals stand after a comma: as the first row with decimals has it. */
  private comma: boolean | undefined;
  private firstDate_s = NaN;

  constructor(
    private readonly path: string,
    private readonly header: Header,
  ) {
    const { format, columns } = header;
    this.readings = (Object.entries(columns) as [Quantity, FoundColumn][])
      .map(([quantity, column]) => ({
        quantity,
        column,
        strict:
          !format.columns[quantity]!.optional ||
          ['record', columns.time_s ? 'time_s' : 'stepTime_s'].includes(quantity),
        parse: this.parserOf(quantity, column),
      }))
      .sort((a, b) => a.column.index - b.column.index);
  }

  /** @throws InputError for a line that is cut off or a needed cell that is not a number */
  read(text: string, lineNumber: number, rows: Rows): void {
    const { separator, width } = this.header;
    const line = withoutQuotes(text, separator);
    this.comma ??= separator === ',' ? false : decimalComma(line);
    const row = rows.length;
    rows.line[row] = lineNumber;
    let cell = 0;
    let begin = 0;
    let end = line.indexOf(separator);
    for (const { quantity, column, strict, parse } of this.readings) {
      for (; cell < column.index && end >= 0; cell++) {
        begin = end + 1;
        end = line.indexOf(separator, begin);
      }
      if (cell < column.index) break;
      const content = end < 0 ? line.slice(begin) : line.slice(begin, end);
      const value = parse(content);
      if (strict && !Number.isFinite(value)) throw this.notANumber(column, content.trim(), lineNumber, line);
      rows[quantity][row] = value;
    }
    for (; end >= 0 && cell < width - 1; cell++) end = line.indexOf(separator, end + 1);
    if (cell < width - 1) throw this.cutOff(cell + 1, lineNumber);
    rows.length++;
  }

  private parserOf(quantity: Quantity, { scale }: FoundColumn): (cell: string) => number {
    const number = (cell: string): number => parseNumber(cell, this.comma === true) * scale;
    if (quantity === 'direction') return (cell) => this.header.format.directionOf!(cell.trim());
    if (quantity === 'temperature_C') return (cell) => above(number(cell), -273.15);
    if (quantity !== 'time_s' && quantity !== 'stepTime_s') return number;
    return (cell) => {
      const plain = number(cell);
      if (!Number.isNaN(plain)) return plain;
      const time_s = parseClock(cell);
      if (!isDate(cell)) return time_s;
      if (Number.isNaN(this.firstDate_s)) this.firstDate_s = time_s;
      return time_s - this.firstDate_s;
    };
  }

  private cutOff(cells: number, lineNumber: number): InputError {
    return new InputError(
      `${this.path}: line ${lineNumber} is cut off: ${cells} fields; allowed: ${this.header.width}, as in the header`,
    );
  }

  private notANumber({ title, unit, scale }: FoundColumn, cell: string, lineNumber: number, line: string): InputError {
    const cells = line.split(this.header.separator).length;
    if (cells < this.header.width) return this.cutOff(cells, lineNumber);
    const allowed = Number.isNaN(scale) ? 'h:min:s or a date' : unit ? `a number in ${unit}` : 'a number';
    return new InputError(
      `${this.path}: line ${lineNumber}, column ${title}: '${cell}' is not a ${Number.isNaN(scale) ? 'time' : 'number'}; allowed: ${allowed}`,
    );
  }
}

/** Channels without a sensor read some thousand degrees below zero. */
const above = (value: number, lowest: number): number => (value > lowest ? value : NaN);
