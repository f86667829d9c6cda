/** What every result folder has: what made it, tables and pictures. */
import { h } from '../dom';
import { facts, type Stage } from './cards';
import type { ResultConfig } from './recognise';
import { createTable } from './table';

/** Larger tables are for a program. */
const LARGEST_TABLE = 4 << 20;

export function showMaker(stage: Stage, folder: string, config: ResultConfig): void {
  const { command, version, options, spec, interrupted } = config;
  stage.card(
    h('h2', {}, folder),
    interrupted === true && h('p', { class: 'notice warning' }, 'The run was stopped early; the data end there.'),
    facts([['Made by', `caldera ${command} ${version}`]]),
    h(
      'details',
      {},
      h('summary', {}, 'What was asked for'),
      h('pre', {}, JSON.stringify(options ?? spec ?? {}, null, 2)),
    ),
  );
}

/**
 * Pictures once, as SVG where there is one; tables only where nothing better shows them.
 * @returns whether there were any
 */
export async function showFiles(stage: Stage, files: ReadonlyMap<string, File>, withTables: boolean): Promise<boolean> {
  const before = stage.element.childElementCount;
  for (const [name, file] of files) {
    if (/\.svg$/i.test(name)) stage.picture(file, 'image/svg+xml');
    else if (/\.png$/i.test(name) && !files.has(name.replace(/png$/i, 'svg'))) stage.picture(file, 'image/png');
    else if (withTables && /\.csv$/i.test(name) && file.size <= LARGEST_TABLE)
      showTable(stage, name, await file.text());
  }
  return stage.element.childElementCount > before;
}

function showTable(stage: Stage, name: string, csv: string): void {
  const [head, ...rows] = readCsv(csv);
  if (head === undefined) return;
  stage.card(
    createTable(
      name,
      head.map((title, k) => ({ head: title, text: (row: string[]) => row[k] ?? '' })),
      rows,
    ),
  );
}

/** RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.match(/(?:"(?:[^"]|"")*"|[^\r\n"])+/g) ?? [])
    rows.push(
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
        quoted === undefined ? plain! : quoted.replaceAll('""', '"'),
      ),
    );
  return rows;
}
