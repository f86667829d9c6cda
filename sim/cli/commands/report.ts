import { join } from 'node:path';
import type { Command } from 'commander';
import { toCsv } from '../../results/csv';
import { comparisonPicture, influencePicture, lifePicture } from '../../sweep/report/pictures';
import { isReached, type Comparison, type Influence, type Life, type Spreading } from '../../sweep/report/questions';
import type { Report } from '../../sweep/report/report';
import type { ResultFolder } from '../../results/folder';
import type { Context } from '../context';
import * as parse from '../options';
import { addPicture, inResultFolder, printJson } from '../output';
import { fixed, formatTable } from '../table';

interface Flags {
  answer?: string;
  out?: string;
  json?: boolean;
}

export function addReport(program: Command, context: Context): void {
  program
    .command('report')
    .description('Tables and pictures of a campaign: lives, sensitivity, policies compared, worst cases.')
    .argument('<dir>', 'the result folder of "caldera sweep"')
    .option(
      '--answer <column>',
      'the number that is explained and ranked (default: the first that most runs have)',
      parse.nonEmpty('--answer', 'a column'),
    )
    .option(
      '--out <dir>',
      'where tables and pictures go (default: report in the folder)',
      parse.nonEmpty('--out', 'a folder'),
    )
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', '\nExample:\n  caldera report results/climates')
    .action((folder: string, flags: Flags) => run(folder, flags, context));
}

async function run(folder: string, flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const report = await services.report({ folder, answer: flags.answer ?? null });
  await inResultFolder(flags.out ?? join(folder, 'report'), async (target) => {
    write(report, target!, context);
    target!.commit({ command: 'report', version: context.version, options: { folder, ...flags }, interrupted: false });
    if (flags.json) printJson(terminal, report);
    else terminal.stdout(`${describe(report)}\nTables and pictures: ${target!.path}\n`);
  });
}

function write(report: Report, folder: ResultFolder, { terminal }: Context): void {
  const { lives, comparisons, influences, worst, faults, spreading } = report;
  folder.write('report.json', `${JSON.stringify(report, null, 2)}\n`);
  folder.write('report.txt', describe(report));
  const tables = {
    spreading: Object.entries(spreading).flatMap(([answer, rows]) => rows.map((row) => ({ answer, ...row }))),
    lives: lives.flatMap(({ group, curve }) => curve.map((point) => ({ group, ...point }))),
    comparisons,
    influences,
    worst,
    faults,
  };
  for (const [name, rows] of Object.entries(tables)) if (rows.length > 0) folder.write(`${name}.csv`, toCsv(rows));
  if (lives.length > 0) addPicture(terminal, folder, 'lives', lifePicture(lives, lifeUnit(report)));
  if (comparisons.some(({ mean }) => mean !== null))
    addPicture(terminal, folder, 'comparisons', comparisonPicture(comparisons));
  const groups = [...new Set(influences.map(({ group }) => group))];
  groups.forEach((group, k) => {
    const own = influences.filter((of) => of.group === group);
    if (own.some(({ first }) => first !== null))
      addPicture(terminal, folder, `influences-${k + 1}`, influencePicture(own, headings(report)));
  });
}

const lifeUnit = ({ spreading }: Report): string => ('checkupLife' in spreading ? 'Cycles' : 'Missions');

/** What the two numbers of an influence are. */
const headings = ({ method }: Report): [string, string | null] =>
  method.startsWith('Sobol')
    ? ['first order', 'total']
    : method.startsWith('Morris')
      ? ['mu*', 'sigma']
      : ['rank coefficient', null];

const count = (value: number): string => value.toLocaleString('en');
const figures = (value: number | null): string => (value === null ? '-' : String(Number(value.toPrecision(4))));

function describe(report: Report): string {
  const { name, runs, setAside, reasons, stopped, pooledOver, spreading, lives } = report;
  const { comparisons, influences, worst, faults, answer } = report;
  const lines = [`${name}: ${count(runs)} runs, ${count(setAside)} set aside`, ''];
  for (const [what, rows] of [
    ['set aside', reasons],
    ['ended early', stopped],
  ] as const)
    for (const row of rows)
      lines.push(`${what} ${count(row.runs as number)}: ${String(row.reason)} (run ${String(row.example)})`);
  if (pooledOver.length > 0)
    lines.push(`Too many groups to tell apart: each is over all of ${pooledOver.join(', ')}`, '');
  for (const [of, rows] of Object.entries(spreading))
    if (rows.some(({ mean }) => mean !== null)) lines.push(of, spreadingTable(of, rows), '');
  if (lives.length > 0)
    lines.push(
      `Life in ${lifeUnit(report).toLowerCase()} (Kaplan-Meier: runs that outlived their test count as far as they went)`,
      livesTable(lives),
      '',
    );
  if (comparisons.some(({ mean }) => mean !== null)) lines.push(...comparisonText(comparisons), '');
  if (influences.some(({ first }) => first !== null)) lines.push(...influenceText(report), '');
  if (worst.length > 0) lines.push(`Worst by ${answer}`, worstTable(worst), '');
  if (faults.length > 0) lines.push('Faults', worstTable(faults), '');
  return lines.join('\n');
}

const spreadingTable = (answer: string, rows: readonly Spreading[]): string =>
  formatTable<Spreading>(
    [
      { head: 'runs', align: 'left', text: ({ group }) => group },
      { head: 'n', text: ({ n }) => count(n) },
      { head: isReached(answer) ? ['not', 'reached'] : ['no', 'answer'], text: ({ missing }) => count(missing) },
      { head: 'mean', text: ({ mean }) => figures(mean) },
      { head: 'sd', text: ({ sd }) => figures(sd) },
      { head: '5 %', text: ({ p5 }) => figures(p5) },
      { head: 'median', text: ({ median }) => figures(median) },
      { head: '95 %', text: ({ p95 }) => figures(p95) },
    ],
    rows,
  );

const livesTable = (rows: readonly Life[]): string =>
  formatTable<Life>(
    [
      { head: 'runs', align: 'left', text: ({ group }) => group },
      { head: 'n', text: ({ n }) => count(n) },
      { head: ['outlived', 'the test'], text: ({ alive }) => count(alive) },
      { head: ['90 % live', 'longer than'], text: ({ tenth }) => figures(tenth) },
      { head: ['half lives', 'longer than'], text: ({ median }) => figures(median) },
    ],
    rows,
  );

function comparisonText(comparisons: readonly Comparison[]): string[] {
  const { factor, answer, against } = comparisons[0]!;
  const table = formatTable<Comparison>(
    [
      { head: factor, align: 'left', text: ({ level }) => level },
      ...(comparisons.some(({ among }) => among !== '')
        ? [{ head: 'among', align: 'left' as const, text: ({ among }: Comparison) => among }]
        : []),
      { head: 'specimens', text: ({ specimens }) => count(specimens) },
      { head: ['mean', 'difference'], text: ({ mean }) => figures(mean) },
      { head: '+- 95 %', text: ({ within }) => figures(within) },
      { head: ['better', 'in %'], text: ({ better_pct }) => fixed(better_pct, 0) },
    ],
    comparisons,
  );
  return [
    `${answer} against ${factor} ${against}, on the same specimens (each interval for itself: with many, some exclude 0 by chance)`,
    table,
  ];
}

function influenceText(report: Report): string[] {
  const { influences, method, r2, answer, incomplete } = report;
  const [first, second] = headings(report);
  const table = formatTable<Influence>(
    [
      { head: 'runs', align: 'left', text: ({ group }) => group },
      { head: 'sampled', align: 'left', text: ({ input }) => input },
      { head: first, text: (of) => fixed(of.first, 3) },
      { head: '+-', text: (of) => fixed(of.firstWithin, 3) },
      ...(second === null
        ? []
        : [
            { head: second, text: (of: Influence) => fixed(of.second, 3) },
            { head: '+-', text: (of: Influence) => fixed(of.secondWithin, 3) },
          ]),
    ],
    influences,
  );
  return [
    `What ${answer} depends on: ${method}`,
    table,
    ...Object.entries(r2).map(([group, share]) => `r2 of ranks, ${group}: ${share.toFixed(2)}`),
    ...(incomplete > 0 ? [`${count(incomplete)} without an answer, left out`] : []),
  ];
}

function worstTable(rows: Report['worst']): string {
  const show = (value: Report['worst'][number][string] | undefined): string =>
    typeof value === 'number' ? figures(value) : value === null || value === undefined ? '-' : String(value);
  return formatTable(
    Object.keys(rows[0]!).map((key) => ({
      head: key,
      text: (row: Report['worst'][number]) => (key === 'seed' || key === 'run' ? String(row[key]) : show(row[key])),
    })),
    rows,
  );
}
