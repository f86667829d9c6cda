/** Tables of what a result says. */
import { h } from '../dom';
import { scrollBox, tableOf } from '../table';

export interface TableColumn<Row> {
  head: string;
  text(row: Row): string;
  /** Of words, not numbers. */
  words?: boolean;
}

/** More rows than one reads; all of them are in the file. */
const MOST_ROWS = 500;

export function createTable<Row>(
  caption: string,
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
): HTMLElement {
  const shown = rows.slice(0, MOST_ROWS);
  const more = rows.length > shown.length ? ` The first ${shown.length} of ${rows.length} rows; the file has all.` : '';
  const head = columns.map((column) => column.head);
  const body = shown.map((row) =>
    h('tr', {}, ...columns.map(({ text, words }) => h('td', { class: words ? 'words' : undefined }, text(row)))),
  );
  return scrollBox(caption, tableOf(head, body, { caption: caption + more }));
}

/** A number with so many digits and its unit; a dash where there is none. */
export const fixed = (value: number | null | undefined, digits: number, unit = ''): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '–' : `${value.toFixed(digits)} ${unit}`.trim();
