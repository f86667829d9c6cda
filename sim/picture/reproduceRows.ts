/** The list of reproduced numbers as it is written: headings, wrapped names, columns. */
import type { Reproduced } from '../reproduce/row';

/** One number of a paper beside the model's; `bound`: the target is a limit, and all on its right side passes. */
export type ReproducedRow = Reproduced & { bound?: 'atLeast' | 'atMost' };

/** An entry of the list: the heading of a paper, or one of its numbers. */
export interface Entry {
  /** Of text, one below the other. */
  lines: string[];
  /** None: a heading. */
  row?: ReproducedRow;
  /** Of the row, in tolerances, infinite where none is allowed; null: no value. */
  error: number | null;
}

/** Papers in the order in which they first occur, each with a heading that counts its passes. `wrap` breaks names into lines. */
export function listRows(rows: readonly ReproducedRow[], wrap: (name: string) => string[]): Entry[] {
  const papers = [...new Set(rows.map((row) => row.paper))];
  return papers.flatMap((paper): Entry[] => {
    const own = rows.filter((row) => row.paper === paper);
    const passed = own.filter((row) => row.pass).length;
    return [
      heading(`${paper}: ${passed} of ${own.length}`),
      ...own.map((row) => ({ lines: wrap(row.quantity), row, error: errorOf(row) })),
    ];
  });
}

const heading = (text: string): Entry => ({ lines: [text], error: null });

function errorOf({ target, tolerance, model }: ReproducedRow): number | null {
  if (model === null) return null;
  return model === target ? 0 : (model - target) / tolerance;
}

/** Cuts a list into two columns of about equal length; a paper that is cut has its heading repeated. */
export function twoColumns(list: readonly Entry[]): [Entry[], Entry[]] {
  const half = lineCount(list) / 2;
  let cut = list.findIndex((_, k) => lineCount(list.slice(0, k + 1)) >= half) + 1;
  // No heading at the foot of a column.
  while (cut > 0 && list[cut - 1]!.row === undefined) cut--;
  const paper = list[cut]?.row?.paper;
  return [list.slice(0, cut), [...(paper === undefined ? [] : [heading(`${paper}, continued`)]), ...list.slice(cut)]];
}

export const lineCount = (list: readonly Entry[]): number => list.reduce((sum, { lines }) => sum + lines.length, 0);

/** Breaks a text at its blanks into lines that `width` says are no wider than `most`; a word that is wider stands alone. */
export function wrapText(text: string, most: number, width: (text: string) => number): string[] {
  return text.split(' ').reduce((lines: string[], word) => {
    const last = lines.at(-1);
    if (last === undefined || width(`${last} ${word}`) > most) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}
