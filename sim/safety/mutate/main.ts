/** `npm run mutate`: how many of the mistakes that could be made in the protection its tests would notice. */
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { withProgress } from '../../cli/progress';
import { processTerminal } from '../../cli/terminal';
import { mutate, shown, type Finding } from './mutate';

interface Flags {
  json?: boolean;
  only?: string;
}

const ENOUGH_PCT = 95;

function byReason(equivalent: readonly Finding[]): Map<string, Finding[]> {
  const reasons = new Map<string, Finding[]>();
  for (const mutant of equivalent) {
    const why = mutant.by ?? '';
    reasons.set(why, [...(reasons.get(why) ?? []), mutant]);
  }
  return reasons;
}

async function main(flags: Flags): Promise<void> {
  const terminal = processTerminal(new AbortController().signal);
  const threads = availableParallelism();
  const result = await withProgress(terminal, (onProgress) => mutate({ only: flags.only, threads }, onProgress));
  const { mutants, killed, score_pct, survived, equivalent, errors } = result;
  if (flags.json) terminal.stdout(`${JSON.stringify(result, null, 1)}\n`);
  else {
    for (const [why, mutants] of byReason(equivalent))
      terminal.stdout(`${mutants.length} change nothing: ${why}\n${mutants.map((m) => `    ${shown(m)}\n`).join('')}`);
    for (const mutant of survived) terminal.stdout(`not noticed: ${shown(mutant)}\n`);
    for (const error of errors) terminal.stdout(`error: ${error}\n`);
    terminal.stdout(
      `${mutants} mistakes, ${equivalent.length} of them change nothing; of the others ${killed} are noticed: ${score_pct.toFixed(1)} %\n`,
    );
  }
  if (score_pct < ENOUGH_PCT || errors.length > 0) process.exitCode = 1;
}

const program = new Command('mutate')
  .description('changes the protection in all small ways, one at a time, and looks whether its tests notice')
  .option('--json', 'everything as JSON')
  .option('--only <text>', 'only changes whose line, as shown, contains this')
  .action(main);
void program.parseAsync();
