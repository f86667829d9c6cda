import type { ReplayReport } from './replay';

/** The per-cycle table as CSV; units are in the column names, an unknown value is an empty cell. */
export function cyclesCsv(report: ReplayReport): string {
  return csv(report.cycles);
}

/** Every relaxation as CSV, in the order of time. */
export function relaxationsCsv(report: ReplayReport): string {
  return csv(report.relaxations);
}

function csv(rows: readonly object[]): string {
  if (rows.length === 0) return '';
  const names = Object.keys(rows[0]!);
  return [names, ...rows.map((row) => Object.values(row).map(cell))].map((cells) => `${cells.join(',')}\n`).join('');
}

function cell(value: unknown): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : `"${value.join('; ').replaceAll('"', '""')}"`;
  return typeof value === 'number' ? String(Number(value.toPrecision(9))) : String(value);
}
