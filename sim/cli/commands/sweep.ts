import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { duration, size } from '../../sweep/engine/words';
import type { SweepOptions } from '../../sweep/sweep';
import type { Context } from '../context';
import * as parse from '../options';
import { printJson } from '../output';
import { withProgress } from '../progress';

interface Flags {
  out?: string;
  threads?: number;
  chunk?: number;
  redis?: string;
  restart?: boolean;
  dryRun?: boolean;
  json?: boolean;
}

export function addSweep(program: Command, context: Context): void {
  program
    .command('sweep')
    .description(
      'Runs a design of experiments (YAML or JSON): cells x policies x temperatures x missions x faults, sampled parameters, random specimens. Goes on where it was stopped.',
    )
    .argument('<file>', 'the design: docs/scaling.md')
    .option(
      '--out <dir>',
      'result folder; with runs of the same design in it, the missing ones are done (default: results/NAME)',
      parse.nonEmpty('--out', 'a folder'),
    )
    .option('--threads <n>', 'worker threads (default: one per processor core)', parse.threads('--threads'))
    .option(
      '--chunk <n>',
      'runs that are done and stored together: the most that a kill costs a worker (default: by the number of runs)',
      parse.count('--chunk', 1, 1e5),
    )
    .option(
      '--redis <url>',
      'let workers on other machines do the runs ("caldera worker"): redis://HOST:PORT',
      parse.nonEmpty('--redis', 'a URL such as redis://HOST:6379'),
    )
    .option('--restart', 'begin again, whatever campaign the folder holds')
    .option('--dry-run', 'only say how many runs, how long, how large; tries some of them, keeps nothing')
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText(
      'after',
      `
A design, with all combinations of the grid at each point of the sample for each specimen:
  seed: 1
  run: { cycles: 100, mismatch: 0.2 }
  grid: { cell: [afl-l1, afl-l2], policy: [0.5C, 1C, adaptive] }
  sample:
    method: sobol            # random, latin-hypercube, sobol, saltelli, morris
    points: 256
    of: { temperature_C: { from: 5, to: 40 }, times.limitingCurrent_mA_cm2: { mean: 1, sd: 0.2, log: true } }
  repeats: 4
Example:
  caldera sweep docs/examples/climates.yaml --out results/climates`,
    )
    .action((file: string, flags: Flags) => (flags.dryRun ? plan(file, flags, context) : run(file, flags, context)));
}

async function run(file: string, flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const options: SweepOptions = {
    file,
    out: flags.out ?? null,
    threads: flags.threads ?? null,
    chunk: flags.chunk ?? null,
    restart: flags.restart ?? false,
    redis: flags.redis ?? null,
    version: context.version,
  };
  const say = (text: string): void => terminal.stderr(`caldera: ${text}\n`);
  const result = await withProgress(
    terminal,
    (onProgress) => services.sweep(options, onProgress, terminal.signal, say),
    true,
  );
  if (!result.complete) context.exitCode = 130;
  if (flags.json) printJson(terminal, result);
  else if (result.complete) terminal.stdout(describe(result));
  if (!result.complete)
    terminal.stderr(
      `caldera: stopped after ${result.finished} of ${result.runs} runs; the same command goes on with the rest\n`,
    );
}

function describe({ name, out, runs, found, setAside }: Awaited<ReturnType<Context['services']['sweep']>>): string {
  return [
    `${name}: ${runs.toLocaleString('en')} runs${found > 0 ? `, ${found.toLocaleString('en')} of them found done` : ''}`,
    ...(setAside > 0 ? [`${setAside} set aside; why stands in the column setAside`] : []),
    `Table: ${out}/runs.parquet`,
    `Tables and pictures of it: caldera report ${out}`,
    '',
  ].join('\n');
}

async function plan(file: string, flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const { name, ...planned } = await services.planSweep(file, terminal.signal);
  const threads = flags.threads ?? availableParallelism();
  const document = { name, ...planned, threads, wall_s: planned.core_s / threads };
  if (flags.json) return printJson(terminal, document);
  const { runs, tried, run_s, core_s, tables_B, working_B } = planned;
  terminal.stdout(
    [
      `${name}: ${runs.toLocaleString('en')} runs`,
      `one run   ${duration(run_s.mean)} on one thread (${duration(run_s.least)} to ${duration(run_s.most)}, ${tried} tried)`,
      `all runs  ${duration(core_s)} of one core, about ${duration(core_s / threads)} on ${threads} threads that have a core each`,
      `tables    about ${size(tables_B)}, and ${size(working_B)} more until they are complete`,
      '',
    ].join('\n'),
  );
}
