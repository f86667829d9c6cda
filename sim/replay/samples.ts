import { InputError } from '../errors';
import { DischargePositive } from './dischargePositive';
import { formats } from './formats';
import { ownCsv } from './formats/bdf';
import { type Header, readHeader } from './header';
import { RowChecks } from './rowChecks';
import { RowOrder, window_rows } from './rowOrder';
import { RowReader, type Rows, type SampleBatch, emptyRows } from './rows';
import { testTimeFromStepTime } from './testTime';
import { type TextSource, textLines } from './textLines';

export type { SampleBatch } from './rows';

/** The column header stands within these first lines: EC-Lab writes a line for each setting above it. */
const headLines = 2000;

/** How a measurement is read. */
export interface ReadOptions {
  /** Called with the part of the file read, 0 to 1. */
  onProgress?: (part: number) => void;
}

/** A recorded measurement that is being read. */
export interface Measurement {
  /** Name of the file format, such as `Maccor text`. */
  format: string;
  /** The columns that are read, by quantity. */
  columns: Header['columns'];
  /** Where a charge counter starts from zero again, see `MeasurementFormat`. */
  counterScope(title: string): string;
  /** What the reader had to put right and what it did not read, one line each. Complete when the last batch has been given. */
  warnings: string[];
  /**
   * The samples in the order in which the cycler took them, to be gone through once. A batch is the receiver's to keep. Memory
   * does not grow with the file.
   * @throws InputError in one line for a line that is cut off, a needed cell that is not a number, time running backwards,
   *   rows too far from their place, or fewer than two samples
   */
  batches: AsyncGenerator<SampleBatch>;
}

/**
 * Reads a cycler's text export; the format is recognised by content, not by the file's name. Rows are brought into order within
 * a window; unsigned current gets its sign from the state column.
 * @throws InputError in one line for a text that is empty, binary, of unknown format or without a needed column; while reading,
 *   see `Measurement`
 */
export async function readMeasurement(text: TextSource, options: ReadOptions = {}): Promise<Measurement> {
  const { name } = text;
  const blocks = textLines(text, options.onProgress);
  try {
    const { header, below, lineNumber } = await findHeader(name, blocks);
    const { format, columns, notRead } = header;
    const warnings = notRead.length > 0 ? [`columns not used: ${notRead.join(', ')}`] : [];
    return {
      format: format.name,
      columns,
      counterScope: (title) => format.counterScope(title),
      warnings,
      batches: orderedSamples(name, header, rowsOf(name, header, lineNumber, below, blocks), warnings),
    };
  } catch (error) {
    await blocks.return(undefined);
    throw error;
  }
}

/** The header, its line number, and the lines below it that have been read with it. */
async function findHeader(path: string, blocks: AsyncGenerator<string[], void>) {
  const head: string[] = [];
  for (;;) {
    const { value: lines } = await blocks.next();
    for (const [i, line] of (lines ?? []).entries()) {
      const header = readHeader(path, line, formats);
      head.push(line);
      if (header) return { header, lineNumber: head.length, below: lines!.slice(i + 1) };
      if (head.length >= headLines) throw unknownFormat(path, head);
    }
    if (!lines) throw unknownFormat(path, head);
  }
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
    `${path}: unknown measurement format (first columns: ${columns.join(', ')}); allowed: ${formats.map((f) => f.name).join(', ')}, or ${ownCsv}`,
  );
}

/** Blocks of rows in the order of the file: all but the last one as long as the window. */
async function* rowsOf(
  path: string,
  header: Header,
  headerLine: number,
  below: string[],
  blocks: AsyncGenerator<string[], void>,
): AsyncGenerator<Rows> {
  const reader = new RowReader(path, header);
  let lineNumber = headerLine;
  let rows = emptyRows(window_rows);
  try {
    for (let lines: string[] | void = below; lines; lines = (await blocks.next()).value) {
      for (const line of lines) {
        lineNumber++;
        if (line.trim() === '') continue;
        reader.read(line, lineNumber, rows);
        if (rows.length < window_rows) continue;
        yield rows;
        rows = emptyRows(window_rows);
      }
    }
    if (rows.length > 0) yield rows;
  } finally {
    await blocks.return();
  }
}

async function* orderedSamples(
  path: string,
  { columns, format }: Header,
  blocks: AsyncGenerator<Rows>,
  warnings: string[],
): AsyncGenerator<SampleBatch> {
  const { record, time_s, stepTime_s, cycle } = columns;
  const orderBy = record ?? time_s;
  const order = orderBy && new RowOrder(path, record ? 'record' : 'time_s', orderBy.title);
  const addTestTime = time_s ? undefined : testTimeFromStepTime();
  const checks = new RowChecks(path, (time_s ?? stepTime_s)!.title);
  const sign = new DischargePositive(columns.direction?.title);
  let count = 0;
  const finished = (ordered: Rows): SampleBatch => {
    addTestTime?.(ordered);
    const rows = checks.apply(ordered);
    sign.apply(rows);
    count += rows.length;
    return rows;
  };

  for await (const block of blocks) {
    const rows = order ? order.add(block) : block;
    if (rows) yield finished(rows);
  }
  const rest = order?.flush();
  if (rest) yield finished(rest);

  if (count < 2) throw new InputError(`${path}: ${count} samples; allowed: at least 2`);
  if (order && order.places > 0)
    warnings.push(`rows out of order in ${order.places} places: ordered by ${orderBy!.title}`);
  if (checks.repeated > 0) warnings.push(`${checks.repeated} repeated rows left out`);
  if (!time_s) warnings.push(`no column ${format.columns.time_s!.names[0]}: time counted from ${stepTime_s!.title}`);
  if (!cycle) warnings.push(`no column ${format.columns.cycle!.names[0]}: the whole file is counted as cycle 1`);
  warnings.push(...sign.warnings());
}
