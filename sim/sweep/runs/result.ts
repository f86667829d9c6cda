/** What a run yields: numbers and words by name, and where asked for a row for each of its cycles. */
export type Cell = number | string | boolean | null;

/** `whole`: 32 bits. */
export type ColumnType = 'number' | 'whole' | 'text' | 'flag';

export interface Column {
  name: string;
  type: ColumnType;
  /** For the documentation of the table. */
  meaning: string;
}

export interface RunResult {
  values: Record<string, Cell>;
  /** In the order of the columns of cycles. */
  cycles: Cell[][];
}

export const column = (name: string, type: ColumnType, meaning: string): Column => ({ name, type, meaning });
