import type { Command } from 'commander';
import { defaultCycles, STRATEGIES } from '../../campaign/limits';
import { profileOf } from '../../campaign/profileOf';
import { InputError } from '../../errors';
import { citation, paperPoints, paperRetentions, type PaperPoint } from '../../paper/000';
import { retentionPicture, type RetentionRun } from '../../picture/retention';
import { volcanoPicture } from '../../picture/volcano';
import { loadProfile } from '../../profiles/profile';
import { toCsv } from '../../results/csv';
import type { SimulateResult, Strategy, VolcanoOptions, VolcanoPoint, VolcanoResult } from '../../results/types';
import type { Context } from '../context';
import * as parse from '../options';
import { addPicture, inResultFolder, printJson, stoppedWithNothing } from '../output';
import { withProgress } from '../progress';
import { fixed, formatTable, type Column } from '../table';
import { addCyclingOptions, cyclingOptions, describeRun, strategiesHelp, type CyclingFlags } from './cycling';

interface Flags extends CyclingFlags {
  rates?: number[];
  strategies?: Strategy[];
  threads?: number;
}

const picture = 'volcano';
const RATES_C = [0.5, 1, 2, 3];

export function addVolcano(program: Command, context: Context): void {
  const command = program
    .command('volcano')
    .description(
      'Retention, lifespan and coulombic efficiency against discharge rate, beside the published numbers and the runs in which the firmware chooses the rate.',
    )
    .option(
      '--rates <list>',
      `fixed discharge rates, separated by commas (default: ${RATES_C.join(',')})`,
      parse.rates('--rates'),
    )
    .option(
      '--strategies <list>',
      `some of ${STRATEGIES.join(', ')} (default: all; of a half cell, and with --direct --cooling: fixed)`,
      parse.list('--strategies', STRATEGIES),
    )
    .option('--threads <n>', 'worker threads (default: one per processor core)', parse.threads('--threads'));
  addCyclingOptions(command)
    .addHelpText(
      'after',
      `
Runs 100 cycles at each rate and with each strategy, all with the same rests and interrupts, unless --cycles says otherwise.
${strategiesHelp}
Example:
  caldera volcano --cell afl-l2 --rates 0.5,1,2,3 --out results/volcano-l2`,
    )
    .action((flags: Flags) => runVolcano(flags, context));
}

async function runVolcano(flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const strategies = flags.strategies ?? possibleStrategies(flags);
  if (flags.rates !== undefined && !strategies.includes('fixed'))
    throw new InputError(`--rates has no effect with --strategies ${strategies.join()}; allowed with: fixed`);
  const options: VolcanoOptions = {
    ...cyclingOptions(flags, defaultCycles(false), strategies),
    rates_C: strategies.includes('fixed') ? (flags.rates ?? RATES_C) : [],
    strategies,
    threads: flags.threads ?? null,
  };
  await inResultFolder(flags.out, async (folder) => {
    const runs: RetentionRun[] = [];
    const result = await withProgress(terminal, (onProgress) =>
      services.volcano(options, onProgress, terminal.signal, (point, run) => runs.push(withPaper(point, run))),
    );
    const interrupted = terminal.signal.aborted;
    if (stoppedWithNothing(context, result.points, 'run')) return;
    const paper = paperPoints(result.cell);
    if (folder) {
      folder.write('volcano.csv', toCsv(result.points));
      folder.write('result.json', `${JSON.stringify(result, null, 2)}\n`);
      addPicture(terminal, folder, picture, volcanoPicture(result, options, paper));
      addPicture(terminal, folder, 'retention', retentionPicture(runs));
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
      const asked = options.rates_C.length + strategies.filter((strategy) => strategy !== 'fixed').length;
      terminal.stderr(`caldera: stopped after ${result.points.length} of ${asked} runs\n`);
    }
    if (folder && !flags.json) {
      terminal.stdout(`\nPicture: ${folder.path}/${picture}.png (and .svg); data beside it\n`);
    }
  });
}

/** All that the cell and the way it is run allow. */
function possibleStrategies(flags: Flags): Strategy[] {
  const half = loadProfile(flags.cell).kind === 'half';
  return half || (flags.direct && flags.cooling !== undefined) ? ['fixed'] : [...STRATEGIES];
}

/** A run by cycle with what the paper says of it. */
function withPaper({ strategy, rate_C }: VolcanoPoint, result: SimulateResult): RetentionRun {
  // Beside the panel there is no room for more.
  if (strategy !== 'fixed') return { label: strategy.replace('adaptive+', '+'), result };
  const point = paperPoints(result.cell).find((paper) => paper.rate_C === rate_C);
  const retention = paperRetentions(result.cell, rate_C);
  const run = { label: `${rate_C}C`, result };
  if (point === undefined && retention.length === 0) return run;
  const { lifespan_cycles = null, averageCe_pct = null } = point ?? {};
  return { ...run, paper: { lifespan_cycles, averageCe_pct, retention } };
}

/** Why no rate is marked although some reached their end. */
function outlived({ points, optimum_C }: VolcanoResult): string[] {
  const fixedRates = points.filter(({ strategy }) => strategy === 'fixed');
  const beyond = fixedRates.filter(({ cyclesTo80 }) => cyclesTo80 === null);
  if (optimum_C !== null || beyond.length < 2 || beyond.length === fixedRates.length) return [];
  const which = beyond.map(({ rate_C }) => `${rate_C}C`).join(', ');
  return [`which fixed rate lives longest is not known: ${which} outlived the test; --cycles makes it longer`];
}

interface Row {
  model: VolcanoPoint;
  paper: PaperPoint | undefined;
}

function describeResult(result: VolcanoResult, options: VolcanoOptions, paper: readonly PaperPoint[]): string {
  const rows: Row[] = result.points.map((model) => ({
    model,
    paper: model.strategy === 'fixed' ? paper.find((point) => point.rate_C === model.rate_C) : undefined,
  }));
  const inPaper = paper.length > 0;
  const steered = result.points.some(({ strategy }) => strategy !== 'fixed');
  const longest = `<- longest lifespan${steered ? ' at a fixed rate' : ''}`;
  const pair = (
    head: readonly string[],
    model: (point: VolcanoPoint) => number | null,
    published: (point: PaperPoint) => number | null,
    decimals: readonly [number, number],
  ): Column<Row>[] => [
    { head: [...head, 'model'], text: (row) => fixed(model(row.model), decimals[0]) },
    ...(inPaper
      ? [{ head: [...head, 'PAPER'], text: (row: Row) => fixed(row.paper && published(row.paper), decimals[1]) }]
      : []),
  ];
  const table = formatTable<Row>(
    [
      {
        head: 'rate',
        text: ({ model: { strategy, rate_C } }) =>
          strategy === 'fixed' ? `${rate_C}C` : `${strategy} ${rate_C.toFixed(2)}C`,
      },
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
      { head: ['check-up', 'life, cycles', 'model'], text: (row) => fixed(row.model.checkupLife, 1) },
      { head: ['energy to end', 'of life, Wh', 'model'], text: (row) => fixed(row.model.energyToEol_Wh, 0) },
      {
        head: '',
        align: 'left',
        text: ({ model: { strategy, rate_C } }) => (strategy === 'fixed' && rate_C === result.optimum_C ? longest : ''),
      },
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
    "retention: of each run's own first discharge, which is less at fast rates; mean CE: over at most the first 100 cycles",
    ...(inPaper && options.interrupts
      ? [
          `the model's discharges have ${options.interrupts} interrupts of ten seconds, the paper's had none: at fast rates they help the cell`,
        ]
      : []),
    ...(steered ? ['rate of an adaptive run: mean over its cycles'] : []),
    ...outlived(result),
    '',
  ].join('\n');
}
