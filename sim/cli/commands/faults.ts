import type { Command } from 'commander';
import { Fault } from '../../../firmware/protect/faults';
import { scenarioOfRun, type FaultsOptions, type FaultsResult } from '../../faults/faults';
import { faultOfName, nameOfId } from '../../faults/names';
import { faultsPicture } from '../../faults/picture';
import { loadScenario, type Scenario } from '../../faults/scenario';
import type { FaultReaction, FaultsReport } from '../../faults/summary';
import { fails, type Verdict } from '../../faults/verdict';
import { toPng } from '../../picture/png';
import type { Context } from '../context';
import { refuseIdle } from '../idle';
import * as parse from '../options';
import { inResultFolder, printJson } from '../output';
import { withProgress } from '../progress';
import { fixed, formatTable } from '../table';

interface Flags {
  runs: number;
  seed: number;
  run?: number;
  /** Its id. */
  fault?: string;
  cell?: string;
  scenario?: string;
  out?: string;
  resume?: boolean;
  threads?: number;
  json?: boolean;
}

const RUNS = 1000;
const MOST_RUNS = 1e6;
const SEED = 1;
/** Failures that are told on the terminal. */
const SHOWN = 10;
const VOID = 'the cell was full or empty before anything could be injected';

export function addFaults(program: Command, context: Context): void {
  program
    .command('faults')
    .description(
      'The fault-injection campaign: faults of sensors, bus, switches, cell, power and operator against the firmware on the simulated channel and pack; exits 1 on any violation or false trip.',
    )
    .option('--runs <n>', 'runs', parse.count('--runs', 1, MOST_RUNS), RUNS)
    .option('--seed <n>', 'seed of all random draws', parse.seed('--seed'), SEED)
    .option(
      '--fault <name>',
      'only faults of this row of the table: over-voltage, or its id OverVoltage',
      (text: string) => Fault[faultOfName(text)],
    )
    .option(
      '--cell <name>',
      'only this cell: a profile or a FILE.json (default: several)',
      parse.nonEmpty('--cell', 'a cell'),
    )
    .option(
      '--run <n>',
      'instead: run n of the seed alone, with a trace; the first is 0. With --out also as a file for --scenario',
      parse.count('--run', 0, MOST_RUNS - 1),
    )
    .option(
      '--scenario <file>',
      'instead: the scenario in FILE.json alone, with a trace',
      parse.nonEmpty('--scenario', 'a file'),
    )
    .option('--threads <n>', 'worker threads (default: one per processor core)', parse.threads('--threads'))
    .option(
      '--out <dir>',
      'result folder: a line for each run, failures as small scenarios, picture',
      parse.nonEmpty('--out', 'a folder'),
    )
    .option('--resume', 'goes on with the runs of --out that were not finished')
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText(
      'after',
      `
Of eight runs six have a fault that must be found, one a fault too small to be, one none. The judge is the
plant, not the firmware: docs/faults.md.
Examples:
  caldera faults --runs 10000 --out results/faults
  caldera faults --run 17 --fault over-voltage`,
    )
    .action((flags: Flags, command: Command) => {
      if (flags.scenario !== undefined) {
        refuseIdle(command, '--scenario', ['--json'], ', which has all that makes a run');
        return runOne(loadScenario(flags.scenario), flags, context);
      }
      if (flags.run === undefined) return runCampaign(flags, context);
      refuseIdle(command, '--run', ['--seed', '--fault', '--cell', '--out', '--json']);
      return runOne(scenarioOfRun(flags.run, drawnBy(flags)), flags, context);
    });
}

const drawnBy = ({ seed, fault, cell }: Flags): Pick<FaultsOptions, 'seed' | 'fault' | 'cell'> => ({
  seed,
  fault: fault ?? null,
  cell: cell ?? null,
});

async function runCampaign(flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const options: FaultsOptions = {
    runs: flags.runs,
    ...drawnBy(flags),
    out: flags.out ?? null,
    resume: flags.resume ?? false,
    threads: flags.threads ?? null,
    version: context.version,
  };
  const result = await withProgress(terminal, (onProgress) => services.faults(options, onProgress, terminal.signal));
  const { report, folder } = result;
  const interrupted = terminal.signal.aborted;
  const failed = report.violations > 0 || report.falseTrips > 0;
  context.exitCode = interrupted ? 130 : failed ? 1 : 0;
  if (folder) keep(result, options, interrupted, context);
  if (flags.json) printJson(terminal, report);
  else terminal.stdout(describe(report, flags.fault));
  if (interrupted) terminal.stderr(`caldera: stopped after ${report.runs} of ${options.runs} runs\n`);
  if (folder && !flags.json) terminal.stdout(`\nRuns, failures and picture: ${folder.path}\n`);
}

/** Report, picture, and each failure as the smallest scenario that still fails. */
function keep(
  { report, folder, smallest }: FaultsResult,
  options: FaultsOptions,
  interrupted: boolean,
  context: Context,
): void {
  const { terminal } = context;
  folder!.write('result.json', `${JSON.stringify(report, null, 2)}\n`);
  const svg = faultsPicture(report.faults);
  folder!.write('reactions.svg', `${svg}\n`);
  try {
    folder!.write('reactions.png', toPng(svg));
  } catch (error) {
    terminal.stderr(`caldera: reactions.png not written (${(error as Error).message.split('\n')[0]})\n`);
  }
  for (const [run, scenario] of smallest)
    folder!.write(`failure-${run}.json`, `${JSON.stringify(scenario, null, 2)}\n`);
  folder!.describe(interrupted, options);
}

/** With --out, which only --run takes, the scenario as a file of its own. */
async function runOne(scenario: Scenario, flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const { run } = flags;
  await inResultFolder(flags.out, async (folder) => {
    const result = await services.faultTrace(scenario);
    const { verdict, trace } = result;
    if (folder) {
      folder.write(`run-${run}.json`, `${JSON.stringify(scenario, null, 2)}\n`);
      folder.write('result.json', `${JSON.stringify(result, null, 2)}\n`);
      const options = { run, ...drawnBy(flags) };
      folder.commit({ command: 'faults', version: context.version, options, interrupted: false });
    }
    if (flags.json) printJson(terminal, result);
    else terminal.stdout(`${trace.join('\n')}\n\n${judged(verdict)}\n`);
    if (folder && !flags.json) terminal.stdout(`\nScenario and trace: ${folder.path}\n`);
    if (fails(verdict)) context.exitCode = 1;
  });
}

/** The verdict in words, each violation and false trip on a line of its own. */
function judged(verdict: Verdict): string {
  const { violations, falseTrips } = verdict;
  return [
    outcome(verdict),
    ...violations.map((what) => `violation: ${what}`),
    ...falseTrips.map((what) => `false trip: ${what}`),
    `violations ${violations.length}, false trips ${falseTrips.length}`,
  ].join('\n');
}

function outcome(verdict: Verdict): string {
  const { id, hardware, reaction_ms, promised_ms, watched_ms } = verdict;
  if (verdict.case === 'void') return `void: ${VOID}`;
  if (verdict.case === 'clean') return 'nothing was injected';
  if (verdict.case === 'small fault') return 'a fault too small to be found';
  const row = hardware ?? (id === null ? undefined : nameOfId(id));
  if (row === undefined) return 'no row of the fault table has to find it';
  if (reaction_ms === null) return `${row}: not found`;
  const from =
    watched_ms === undefined ? '' : `, from the watcher's alarm on, which took ${lasted(watched_ms / 3.6e6)}`;
  return `${row}: acted after ${Number(reaction_ms.toPrecision(3))} ms${from}; promised ${promised_ms} ms`;
}

/** @param asked the id of a row that is shown although it was not injected */
function describe(report: FaultsReport, asked?: string): string {
  const shown = report.faults.filter(({ id, injected }) => injected > 0 || id === asked);
  const others = report.faults.length - shown.length;
  const table = formatTable<FaultReaction>(
    [
      { head: 'row of the fault table', align: 'left', text: ({ id }) => nameOfId(id) },
      { head: 'injected', text: ({ injected }) => String(injected) },
      { head: 'found', text: ({ detected }) => String(detected) },
      { head: ['promised', 'ms'], text: ({ promised_ms }) => String(promised_ms) },
      { head: ['worst', 'ms'], text: ({ worst_ms }) => fixed(worst_ms, 0) },
      { head: ['median', 'ms'], text: ({ median_ms }) => fixed(median_ms, 0) },
      { head: '', align: 'left', text: remark },
    ],
    shown,
  );
  const hardware = report.hardware.map(
    ({ id, injected, detected, promised_ms, worst_ms }) =>
      `${id}, without the firmware: ${detected} of ${injected} in ${fixed(worst_ms, 2)} ms at worst; promised ${promised_ms} ms`,
  );
  const watchers = report.watchers.map(
    ({ id, found, worst_h, median_h }) =>
      `${nameOfId(id)}: the watcher took ${lasted(median_h)}, at worst ${lasted(worst_h)}, in ${found} runs; the reaction counts from then on`,
  );
  const beside = [
    ...(others === 0 ? [] : [`${others} other row${others === 1 ? ' was' : 's were'} not injected`]),
    ...hardware,
    ...watchers,
  ];
  return [
    table,
    '',
    ...(beside.length === 0 ? [] : [...beside, '']),
    ...report.failures.slice(0, SHOWN).map(({ run, what }) => `run ${run}: ${what}`),
    ...(report.failures.length > SHOWN ? [`and ${report.failures.length - SHOWN} more`] : []),
    `${report.runs} runs, ${report.clean} of them clean, ${report.small} with a fault too small to be found${voided(report)}`,
    `violations ${report.violations}, false trips ${report.falseTrips}`,
    '',
  ].join('\n');
}

const lasted = (time_h: number): string => (time_h < 1 ? `${fixed(60 * time_h, 1)} min` : `${fixed(time_h, 1)} h`);

const voided = ({ void: count }: FaultsReport): string => (count === 0 ? '' : `; ${count} void: ${VOID}`);

function remark({ injected, detected, promised_ms, worst_ms }: FaultReaction): string {
  if (injected === 0) return '<- not injected';
  if (detected < injected) return '<- not found';
  return worst_ms !== null && worst_ms > promised_ms ? '<- late' : '';
}
