/** The tables of a campaign, asked by DuckDB: an optional package, loaded when first needed. It keeps to its memory and spills to disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../errors';

const load = createRequire(__filename);
const MEMORY = '256MB';

export type Row = Record<string, number | string | boolean | null>;

export interface Database {
  /** Of a few rows; whole numbers of any width come as numbers. */
  query(sql: string): Promise<Row[]>;
  close(): void;
}

/** @param file the table of runs, which is called `runs` in queries @throws InputError where DuckDB is not installed */
export async function openDatabase(file: string): Promise<Database> {
  const { DuckDBInstance } = duckDb();
  const spill = mkdtempSync(join(tmpdir(), 'caldera-report-'));
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: MEMORY, temp_directory: spill });
  const connection = await instance.connect();
  await connection.run(`SET preserve_insertion_order = false`);
  await connection.run(`CREATE VIEW runs AS SELECT * FROM read_parquet(${text(file)})`);
  return {
    async query(sql) {
      const rows = (await connection.runAndReadAll(sql)).getRowObjects();
      return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])));
    },
    close() {
      connection.closeSync();
      instance.closeSync();
      rmSync(spill, { recursive: true, force: true });
    },
  };
}

function duckDb(): typeof import('@duckdb/node-api') {
  try {
    return load('@duckdb/node-api') as typeof import('@duckdb/node-api');
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new InputError(`report needs the package @duckdb/node-api (${reason}): npm install @duckdb/node-api`);
  }
}

const plain = (value: unknown): Row[string] => (typeof value === 'bigint' ? Number(value) : (value as Row[string]));

/** In SQL. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
export const name = (column: string): string => `"${column.replaceAll('"', '""')}"`;
