import type { Command } from 'commander';
import { InputError } from '../../errors';
import { findInterpreter } from '../../hil/interpreter';
import type { HilReport } from '../../results/types';
import type { Context } from '../context';
import { howToGetInterpreter } from '../interpreter';
import * as parse from '../options';
import { printJson } from '../output';
import { withProgress } from '../progress';
import { fixed, formatTable } from '../table';

interface Flags {
  espruino?: string;
  json?: boolean;
}

export function addHil(program: Command, context: Context): void {
  program
    .command('hil')
    .description(
      'Runs the firmware on a real Espruino interpreter against the simulated cell; exits 1 when a scenario fails.',
    )
    .option(
      '--espruino <path>',
      'the interpreter (default: $ESPRUINO, or espruino-linux on PATH)',
      parse.nonEmpty('--espruino', 'the path of an Espruino interpreter'),
    )
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', '\nExample:\n  caldera hil --espruino ./espruino')
    .action((flags: Flags) => runHil(flags, context));
}

async function runHil(flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const espruino = flags.espruino ?? findInterpreter();
  if (espruino === undefined) {
    throw new InputError(
      `--espruino: no interpreter in $ESPRUINO or as espruino-linux on PATH; ${howToGetInterpreter}`,
    );
  }
  const report = await withProgress(terminal, (onProgress) => services.hil({ espruino }, onProgress, terminal.signal));
  if (terminal.signal.aborted) context.exitCode = 130;
  else if (report.failed > 0 || report.passed === 0) context.exitCode = 1;
  if (flags.json) printJson(terminal, report);
  else terminal.stdout(describe(report));
}

function describe(report: HilReport): string {
  const table = formatTable<HilReport['scenarios'][number]>(
    [
      { head: 'scenario', align: 'left', text: (scenario) => scenario.name },
      { head: 'result', align: 'left', text: (scenario) => (scenario.pass ? 'pass' : 'FAIL') },
      { head: 'ticks', text: (scenario) => String(scenario.ticks) },
      { head: ['worst tick', 'ms'], text: (scenario) => fixed(scenario.worstTick_ms, 2) },
    ],
    report.scenarios,
  );
  return [
    `${report.target}: ${report.interpreter}`,
    '',
    table,
    '',
    ...report.scenarios.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`])),
    `JsVars used: ${report.memory.usage} of ${report.memory.total}`,
    ...(report.tick
      ? [
          `A tick: ${fixed(report.tick.median_leibniz, 0)} Leibniz steps, at worst ${fixed(report.tick.worst_leibniz, 0)}`,
        ]
      : []),
    `passed ${report.passed}, failed ${report.failed}`,
    '',
  ].join('\n');
}
