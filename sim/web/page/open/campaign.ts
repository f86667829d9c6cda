/** A campaign of `caldera sweep`: its runs, any number against any other, told apart by a word such as the policy. */
import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer } from 'hyparquet';
import type { ChartSpec, Columns } from '../chartSpec';
import { h } from '../dom';
import { facts, saveButton, type Stage } from './cards';
import { toCsv } from '../../../results/csv';
import { createTable } from './table';

export const RUNS_FILE = 'runs.parquet';

/** As many as a chart can show. */
const MOST_RUNS = 20_000;
/** Colours that are told apart. */
const MOST_GROUPS = 6;
const NO_GROUP = 'all';
/** What one wants to see first, where it is there. */
const FIRST_Y = ['checkupLife', 'cyclesTo80', 'retention_pct', 'worst_ms'];
/** They number the runs. */
const NUMBERS = ['run', 'point', 'repeat', 'seed'];

type Run = Record<string, unknown>;

export async function showCampaign(stage: Stage, file: File): Promise<void> {
  const buffer: AsyncBuffer = {
    byteLength: file.size,
    slice: (start, end) => file.slice(start, end).arrayBuffer(),
  };
  const metadata = await parquetMetadataAsync(buffer);
  const count = Number(metadata.num_rows);
  const runs = (await parquetReadObjects({ file: buffer, metadata, rowEnd: Math.min(count, MOST_RUNS) })) as Run[];
  const names = metadata.schema.slice(1).map(({ name }) => name);
  const varies = (name: string, type: string): boolean =>
    new Set(runs.map((run) => run[name]).filter((value) => typeof value === type)).size > 1;
  const numbers = names.filter((name) => !NUMBERS.includes(name) && varies(name, 'number'));
  const words = names.filter((name) => varies(name, 'string'));
  const part = count > runs.length ? `The first ${runs.length} of ${count} runs are shown. ` : '';

  stage.card(
    facts([['Runs', String(count)]]),
    h('p', {}, `${part}"caldera report FOLDER" answers over all runs: lives, what they depend on, policies compared.`),
    h(
      'p',
      { class: 'controls' },
      saveButton('runs.csv', () => toCsv(runs)),
    ),
  );
  if (numbers.length > 1) scatter(stage, runs, numbers, words);
  stage.card(
    createTable<Run>(
      'Runs',
      names.map((name) => ({ head: name, text: (run) => cellText(run[name]) })),
      runs,
    ),
  );
}

function scatter(stage: Stage, runs: readonly Run[], numbers: readonly string[], words: readonly string[]): void {
  const select = (names: readonly string[], chosen: string | undefined): HTMLSelectElement => {
    const element = h('select', { onchange: draw }, ...names.map((name) => h('option', { value: name }, name)));
    if (chosen !== undefined) element.value = chosen;
    return element;
  };
  const y = select(numbers, FIRST_Y.find((name) => numbers.includes(name)) ?? numbers.at(-1));
  const x = select(
    numbers,
    numbers.find((name) => name !== y.value),
  );
  const by = select([NO_GROUP, ...words], words.find((name) => name === 'policy') ?? words[0]);
  const field = (name: string, element: HTMLElement): HTMLElement =>
    h('label', { class: 'field' }, h('span', {}, name), element);
  const inner = stage.inside(
    stage.card(
      h('h3', {}, 'Any number against any other'),
      h('div', { class: 'controls' }, field('Across', x), field('Up', y), field('Told apart by', by)),
    ),
  );

  function draw(): void {
    inner.clear();
    inner.chart(...scatterChart(runs, x.value, y.value, by.value));
  }
  draw();
}

function scatterChart(runs: readonly Run[], x: string, y: string, by: string): [ChartSpec, Columns] {
  const shown = runs
    .filter((run) => typeof run[x] === 'number' && typeof run[y] === 'number')
    .sort((a, b) => (a[x] as number) - (b[x] as number));
  const groupOf = (run: Run): string => (by === NO_GROUP ? NO_GROUP : cellText(run[by]));
  const groups = [...new Set(shown.map(groupOf))].sort().slice(0, MOST_GROUPS);
  const axis = (name: string) => {
    const [, label, unit] = /^(.*)_([^_.]+)$/.exec(name) ?? [undefined, name, '1'];
    if (unit === 'C' && /temperature/i.test(name)) return { label: label!, unit: '°C' };
    return { label: label!, unit: unit === 'pct' ? '%' : unit! };
  };
  return [
    {
      title: `${y} against ${x}`,
      x: axis(x),
      y: axis(y),
      series: groups.map((label, k) => ({ label, colour: `series-${k + 1}`, kind: 'dots' })),
      height_px: 320,
    },
    [
      shown.map((run) => run[x] as number),
      ...groups.map((group) => shown.map((run) => (groupOf(run) === group ? (run[y] as number) : null))),
    ],
  ];
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(6) : String(value as string);
}
