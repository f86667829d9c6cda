import * as fs from 'node:fs';
import { ParquetWriter, fileWriter } from 'hyparquet-writer';

/** Writes a table of numbers to a file, many rows at a time. NaN stands for a value that is not known. */
export interface ColumnWriter {
  /** The next rows: one array a column, all of one length. */
  write(columns: readonly Float64Array[]): void;
  close(): void;
}

/** CSV with every digit that tells a number apart from its neighbours; an unknown value is an empty field. */
export function csvWriter(path: string, titles: readonly string[]): ColumnWriter {
  const file = fs.openSync(path, 'w');
  fs.writeSync(file, `${titles.join(',')}\n`);
  return {
    write(columns) {
      let lines = '';
      for (let row = 0; row < columns[0]!.length; row++) {
        for (let c = 0; c < columns.length; c++) {
          const value = columns[c]![row]!;
          if (c > 0) lines += ',';
          if (!Number.isNaN(value)) lines += String(value);
        }
        lines += '\n';
      }
      fs.writeFileSync(file, lines);
    },
    close: () => fs.closeSync(file),
  };
}

/** A row group has at least so many rows, the last one aside. */
const rowGroup_rows = 100_000;

/** Parquet with columns of doubles, written a row group at a time. */
export function parquetWriter(path: string, titles: readonly string[]): ColumnWriter {
  const schema = [
    { name: 'root', num_children: titles.length },
    ...titles.map((name) => ({ name, type: 'DOUBLE' as const, repetition_type: 'REQUIRED' as const })),
  ];
  const writer = new ParquetWriter({ writer: fileWriter(path), schema, createdBy: 'caldera' });
  let waiting: (readonly Float64Array[])[] = [];
  let rows = 0;
  const flush = (): void => {
    if (rows === 0) return;
    const columnData = titles.map((name, c) => ({ name, data: joined(waiting.map((columns) => columns[c]!), rows) }));
    void writer.write({ columnData, rowGroupSize: rows });
    waiting = [];
    rows = 0;
  };
  return {
    write(columns) {
      waiting.push(columns);
      rows += columns[0]!.length;
      if (rows >= rowGroup_rows) flush();
    },
    close() {
      flush();
      void writer.finish();
    },
  };
}

function joined(parts: readonly Float64Array[], length: number): Float64Array {
  const all = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
