/** A Parquet file of rows with numbers, words and flags, any of which may be null: written a row group at a time, so of any length. */
import { ParquetWriter, fileWriter } from 'hyparquet-writer';
import type { Cell, Column, ColumnType } from '../runs/result';

/** The size of a row group never depends on how the rows come, nor does any byte of the file. */
const GROUP_ROWS = 20_000;

type Element = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

const TYPES: Record<ColumnType, Partial<Element>> = {
  number: { type: 'DOUBLE' },
  whole: { type: 'INT32' },
  flag: { type: 'BOOLEAN' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
};

export class Table {
  private readonly writer: ParquetWriter;
  private rows: Cell[][] = [];

  /** @param about is kept in the file under the key `caldera` */
  constructor(
    file: string,
    private readonly columns: readonly Column[],
    about: string,
  ) {
    const schema: Element[] = [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...TYPES[type] })),
    ];
    const kvMetadata = [{ key: 'caldera', value: about }];
    this.writer = new ParquetWriter({ writer: fileWriter(file), schema, createdBy: 'caldera', kvMetadata });
  }

  add(row: Cell[]): void {
    this.rows.push(row);
    if (this.rows.length === GROUP_ROWS) this.flush();
  }

  close(): void {
    this.flush();
    void this.writer.finish();
  }

  private flush(): void {
    if (this.rows.length === 0) return;
    const { rows } = this;
    const columnData = this.columns.map(({ name }, c) => ({ name, data: rows.map((row) => row[c] ?? null) }));
    void this.writer.write({ columnData, rowGroupSize: rows.length });
    this.rows = [];
  }
}
