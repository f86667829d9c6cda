import type { Command } from 'commander';
import { profileOf } from '../../campaign/profileOf';
import { citation, paperPoints, paperRetentions, type PaperPoint } from '../../paper/000';
import { retentionPicture, type RetentionRun } from '../../picture/retention';
import { volcanoPicture } from '../../picture/volcano';
import { toCsv } from '../../results/csv';
import type { SimulateResult, VolcanoOptions, VolcanoPoint, VolcanoResult } from '../../results/types';
import type { Context } from '../context';
import * as parse from '../options';
import { addPicture, inResultFolder, printJson } from '../output';
import { withProgress } from '../progress';
import { fixed, formatTable, type Column } from '../table';
import { addCyclingOptions, cyclingOptions, describeRun, type CyclingFlags } from './cycling';

interface Flags extends CyclingFlags {
  rates: number[];
  threads?: number;
}

const picture = 'volcano';

export function addVolcano(program: Command, context: Context): void {
  const command = program
    .command('volcano')
    .description('Retention, lifespan and coulombic efficiency against discharge rate, beside the published numbers.')
    .option('--rates <list>', 'discharge rates, separated by commas', parse.rates('--rates'), [0.5, 1, 2, 3])
    .option('--threads <n>', 'worker threads (default: one per processor core)', parse.threads('--threads'));
  addCyclingOptions(command)
    .addHelpText(
      'after',
      `
Runs 100 cycles at each rate unless --cycles says otherwise.

Example:
  caldera volcano --cell afl-l2 --rates 0.5,1,2,3 --out results/volcano-l2`,
    )
    .action((flags: Flags) => runVolcano(flags, context));
}

async function runVolcano(flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const options: VolcanoOptions = {
    ...cyclingOptions(flags, 100),
    rates_C: flags.rates,
    threads: flags.threads ?? null,
  };
  await inResultFolder(flags.out, async (folder) => {
    const runs: { rate_C: number; run: SimulateResult }[] = [];
    const result = await withProgress(terminal, (onProgress) =>
      services.volcano(options, onProgress, terminal.signal, (rate_C, run) => runs.push({ rate_C, run })),
    );
    const interrupted = terminal.signal.aborted;
    if (interrupted) context.exitCode = 130;
    if (interrupted && result.points.length === 0) {
      terminal.stderr('caldera: stopped before the first rate had finished; nothing is written\n');
      return;
    }
    const paper = paperPoints(result.cell);
    if (folder) {
      folder.write('volcano.csv', toCsv(result.points));
      folder.write('result.json', `${JSON.stringify(result, null, 2)}\n`);
      addPicture(terminal, folder, picture, volcanoPicture(result, paper));
      addPicture(
        terminal,
        folder,
        'retention',
        retentionPicture(runs.map(({ rate_C, run }) => withPaper(rate_C, run))),
      );
      folder.commit({
        command: 'volcano',
        version: context.version,
        options,
        profile: profileOf(options),
        interrupted,
      });
    }
    if (flags.json) printJson(terminal, result);
    else terminal.stdout(describeResult(result, options, paper));
    if (interrupted) {
      terminal.stderr(`caldera: stopped after ${result.points.length} of ${options.rates_C.length} rates\n`);
    }
    if (folder && !flags.json) {
      terminal.stdout(`\nPicture: ${folder.path}/${picture}.png (and .svg); data beside it\n`);
    }
  });
}

/** A run by cycle with what the paper says of it. */
function withPaper(rate_C: number, result: SimulateResult): RetentionRun {
  const point = paperPoints(result.cell).find((paper) => paper.rate_C === rate_C);
  const retention = paperRetentions(result.cell, rate_C);
  const run = { label: `${rate_C}C`, result };
  if (point === undefined && retention.length === 0) return run;
  const { lifespan_cycles = null, averageCe_pct = null } = point ?? {};
  return { ...run, paper: { lifespan_cycles, averageCe_pct, retention } };
}

interface Row {
  rate_C: number;
  model: VolcanoPoint | undefined;
  paper: PaperPoint | undefined;
}

function describeResult(result: VolcanoResult, options: VolcanoOptions, paper: readonly PaperPoint[]): string {
  const rows: Row[] = result.points.map((model) => ({
    rate_C: model.rate_C,
    model,
    paper: paper.find((point) => point.rate_C === model.rate_C),
  }));
  const inPaper = paper.length > 0;
  const pair = (
    head: readonly string[],
    model: (point: VolcanoPoint) => number | null,
    published: (point: PaperPoint) => number | null,
    decimals: readonly [number, number],
  ): Column<Row>[] => [
    { head: [...head, 'model'], text: (row) => fixed(row.model && model(row.model), decimals[0]) },
    ...(inPaper
      ? [{ head: [...head, 'PAPER'], text: (row: Row) => fixed(row.paper && published(row.paper), decimals[1]) }]
      : []),
  ];
  const table = formatTable<Row>(
    [
      { head: 'rate', text: (row) => `${row.rate_C}C` },
      ...pair(
        ['lifespan', 'cycles'],
        (point) => point.cyclesTo80,
        (point) => point.lifespan_cycles,
        [1, 0],
      ),
      ...pair(
        ['retention', 'after 100, %'],
        (point) => point.retention100_pct,
        (point) => point.retention100_pct,
        [1, 1],
      ),
      ...pair(
        ['mean', 'CE, %'],
        (point) => point.averageCe_pct,
        (point) => point.averageCe_pct,
        [2, 2],
      ),
      { head: ['check-up', 'life, cycles', 'model'], text: (row) => fixed(row.model?.checkupLife, 1) },
      { head: ['energy to end', 'of life, Wh', 'model'], text: (row) => fixed(row.model?.energyToEol_Wh, 0) },
      { head: '', align: 'left', text: (row) => (row.rate_C === result.optimum_C ? '<- longest lifespan' : '') },
    ],
    rows,
  );
  return [
    `Volcano of ${result.cell}: ${describeRun(options)}`,
    inPaper
      ? `Columns "model" are simulated here; columns "PAPER" are measured: ${citation}`
      : 'All columns are simulated.',
    '',
    table,
    '',
    ...(inPaper && options.cycles < 100 ? [`mean CE: model over ${options.cycles} cycles, paper over 100`] : []),
    `lifespan: cycles until the discharge is below 80 % of the first one at 0.2C; - : ${inPaper ? 'not reached, not run or not published' : 'not reached or not run'}`,
    '',
  ].join('\n');
}
