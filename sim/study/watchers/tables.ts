/** The tables of docs/watchers.md. */
import { markdownTable } from '../../markdown';
import type { WatcherRow } from './row';

type Texts = readonly string[];

const sum = (rows: readonly WatcherRow[], of: (row: WatcherRow) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

function groups(rows: readonly WatcherRow[], key: (row: WatcherRow) => string): [string, WatcherRow[]][] {
  const found = new Map<string, WatcherRow[]>();
  for (const row of rows) found.set(key(row), [...(found.get(key(row)) ?? []), row]);
  return [...found];
}

/** Smallest and largest delay, and how many cases were found of those with something to find. */
function outcome(rows: readonly WatcherRow[]): { cases: number; found: string; delays: string; none: number } {
  const cases = rows.filter((row) => row.found !== null);
  const delays = cases.flatMap(({ delay }) => (delay === null ? [] : [delay]));
  const [least, most] = [Math.min(...delays), Math.max(...delays)];
  const decimals = cases[0]?.unit === 'cycles' ? 0 : 1;
  const text = delays.length === 0 ? '-' : `${least.toFixed(decimals)} to ${most.toFixed(decimals)} ${cases[0]!.unit}`;
  const found = `${cases.filter((row) => row.found).length} of ${cases.length}`;
  return { cases: cases.length, found, delays: text, none: rows.length - cases.length };
}

function found(title: string, rows: readonly WatcherRow[]): string {
  const body = groups(rows, ({ what }) => what).flatMap(([what, same]) => {
    const { cases, found: text, delays } = outcome(same);
    if (cases === 0) return [];
    return [[what, [...new Set(same.map(({ cell }) => cell))].join(', '), text, delays]];
  });
  return `${title}\n\n${markdownTable(['event', 'cells', 'found', 'from the event on'], body)}`;
}

function quiet(rows: readonly WatcherRow[]): string {
  const clean = rows.filter((row) => row.found === null && row.unit === '');
  const body = groups(clean, (row) => (row.watcher === 'all' ? row.cell : row.what)).map(([what, same]) => [
    what,
    String(sum(same, ({ looked }) => looked)),
    String(sum(same, ({ falseAlarms }) => falseAlarms)),
    String(sum(same, ({ falseWarnings }) => falseWarnings)),
  ]);
  const total = ['together', ...[1, 2, 3].map((k) => String(body.reduce((all, row) => all + Number(row[k]), 0)))];
  return `Nothing to find\n\n${markdownTable(['what', 'cycles', 'false alarms', 'false warnings'], [...body, total])}`;
}

/** In short: what was promised. */
function summary(rows: readonly WatcherRow[]): string {
  const of = (watcher: WatcherRow['watcher'], unit: WatcherRow['unit']): WatcherRow[] =>
    rows.filter((row) => row.watcher === watcher && row.unit === unit);
  const clean = rows.filter((row) => row.watcher === 'all');
  const hot = rows.filter((row) => row.watcher === 'self-heating' && row.unit === '');
  const line = (what: string, own: readonly WatcherRow[]): Texts => {
    const { found: text, delays } = outcome(own);
    return [what, text, delays, String(sum(own, ({ falseAlarms }) => falseAlarms))];
  };
  const silent = (what: string, own: readonly WatcherRow[]): Texts => [
    what,
    '-',
    `${sum(own, ({ looked }) => looked)} cycles`,
    String(sum(own, ({ falseAlarms }) => falseAlarms)),
  ];
  return markdownTable(
    ['watcher', 'found', 'when', 'false alarms'],
    [
      line('soft short, cycled, from 2 % of the charge current on', of('soft short', 'cycles')),
      line('soft short, at rest or flickering', of('soft short', 'min')),
      line('self-heating, runaways', of('self-heating', 'K below runaway')),
      silent('self-heating, hot use without reactions', hot),
      line('drying, from 30 % less limiting current on', of('drying', 'cycles')),
      line('plating too fast', of('plating', '% charged')),
      silent('all, clean cells', clean),
    ],
  );
}

export function tablesOf(rows: readonly WatcherRow[]): string {
  const by = (watcher: WatcherRow['watcher']): WatcherRow[] => rows.filter((row) => row.watcher === watcher);
  return [
    summary(rows),
    found('Soft short', by('soft short')),
    found('Self-heating', by('self-heating')),
    found('Drying', by('drying')),
    found('Plating too fast', by('plating')),
    quiet(rows),
  ].join('\n\n');
}
