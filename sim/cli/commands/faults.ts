import type { Command } from 'commander';
import type { FaultsOptions, FaultsResult } from '../../faults/faults';
import { faultsPicture } from '../../faults/picture';
import { loadScenario } from '../../faults/scenario';
import type { FaultReaction, FaultsReport } from '../../faults/summary';
import { toPng } from '../../picture/png';
import type { Context } from '../context';
import * as parse from '../options';
import { printJson } from '../output';
import { withProgress } from '../progress';
import { fixed, formatTable } from '../table';

interface Flags {
  runs: number;
  seed: number;
  fault?: string;
  cell?: string;
  scenario?: string;
  out?: string;
  resume?: boolean;
  threads?: number;
  json?: boolean;
}

const RUNS = 1000;
const SEED = 1;
/** Failures that are told on the terminal. */
const SHOWN = 10;

export function addFaults(program: Command, context: Context): void {
  program
    .command('faults')
    .description(
      'The fault-injection campaign: faults of sensors, bus, switches, cell, power and operator against the firmware on the simulated channel; exits 1 on any violation or false trip.',
    )
    .option('--runs <n>', 'runs', parse.count('--runs', 1, 1e6), RUNS)
    .option('--seed <n>', 'seed of all random draws', parse.seed('--seed'), SEED)
    .option(
      '--fault <name>',
      'only faults of this row of the table, such as OverVoltage',
      parse.nonEmpty('--fault', 'a row'),
    )
    .option(
      '--cell <name>',
      'only this cell: a profile or a FILE.json (default: several)',
      parse.nonEmpty('--cell', 'a cell'),
    )
    .option('--scenario <file>', 'runs one scenario, FILE.json, with a trace', parse.nonEmpty('--scenario', 'a file'))
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
Example:
  caldera faults --runs 10000 --out results/faults`,
    )
    .action((flags: Flags) => (flags.scenario === undefined ? runCampaign(flags, context) : runOne(flags, context)));
}

async function runCampaign(flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const options: FaultsOptions = {
    runs: flags.runs,
    seed: flags.seed,
    fault: flags.fault ?? null,
    cell: flags.cell ?? null,
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
  else terminal.stdout(describe(report));
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

async function runOne(flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const { verdict, trace } = await services.faultTrace(loadScenario(flags.scenario!));
  if (flags.json) printJson(terminal, { verdict, trace });
  else terminal.stdout(`${trace.join('\n')}\n\n${JSON.stringify(verdict, null, 2)}\n`);
  if (verdict.violations.length > 0 || verdict.falseTrips.length > 0) context.exitCode = 1;
}

function describe(report: FaultsReport): string {
  const table = formatTable<FaultReaction>(
    [
      { head: 'row of the fault table', align: 'left', text: ({ id }) => id },
      { head: 'injected', text: ({ injected }) => String(injected) },
      { head: 'found', text: ({ detected }) => String(detected) },
      { head: ['promised', 'ms'], text: ({ promised_ms }) => String(promised_ms) },
      { head: ['worst', 'ms'], text: ({ worst_ms }) => fixed(worst_ms, 0) },
      { head: ['median', 'ms'], text: ({ median_ms }) => fixed(median_ms, 0) },
      { head: '', align: 'left', text: remark },
    ],
    report.faults,
  );
  const hardware = report.hardware.map(
    ({ id, injected, detected, promised_ms, worst_ms }) =>
      `${id}, without the firmware: ${detected} of ${injected} in ${fixed(worst_ms, 2)} ms at worst; promised ${promised_ms} ms`,
  );
  const watchers = report.watchers.map(
    ({ id, found, worst_h, median_h }) =>
      `${id}: the watcher took ${fixed(median_h, 2)} h, at worst ${fixed(worst_h, 2)} h, in ${found} runs; the reaction counts from then on`,
  );
  return [
    table,
    '',
    ...hardware,
    ...watchers,
    '',
    ...report.failures.slice(0, SHOWN).map(({ run, what }) => `run ${run}: ${what}`),
    ...(report.failures.length > SHOWN ? [`and ${report.failures.length - SHOWN} more`] : []),
    `${report.runs} runs, ${report.clean} of them clean, ${report.small} with a fault too small to be found`,
    `violations ${report.violations}, false trips ${report.falseTrips}`,
    '',
  ].join('\n');
}

function remark({ injected, detected, promised_ms, worst_ms }: FaultReaction): string {
  if (injected === 0) return '<- not injected';
  if (detected < injected) return '<- not found';
  return worst_ms !== null && worst_ms > promised_ms ? '<- late' : '';
}
