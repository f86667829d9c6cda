export interface Column<Row> {
  /** One line or more. */
  head: string | readonly string[];
  /** The text of a cell. */
  text: (row: Row) => string;
  align?: 'left' | 'right';
}

/** A plain text table: columns as wide as their widest text, two spaces apart, a rule under the head. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const heads = columns.map(({ head }) => (typeof head === 'string' ? [head] : [...head]));
  const headLines = Math.max(...heads.map((lines) => lines.length));
  const body = rows.map((row) => columns.map((column) => column.text(row)));
  const widths = columns.map((_, c) => Math.max(...heads[c]!.map(length), ...body.map((cells) => cells[c]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, c) => (columns[c]!.align === 'left' ? text.padEnd(widths[c]!) : text.padStart(widths[c]!)))
      .join('  ')
      .trimEnd();
  const headRows = Array.from({ length: headLines }, (_, index) =>
    line(heads.map((lines) => lines[index - (headLines - lines.length)] ?? '')),
  );
  const rule = widths
    .map((width, c) => (heads[c]!.join('') === '' ? ' ' : '-').repeat(width))
    .join('  ')
    .trimEnd();
  return [...headRows, rule, ...body.map(line)].join('\n');
}

const length = (text: string): number => text.length;

/** A number with fixed decimals; a dash for a number that does not exist. */
export function fixed(value: number | null | undefined, decimals: number): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(decimals);
}
