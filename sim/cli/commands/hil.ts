import type { Command } from 'commander';
import { InputError } from '../../errors';
import { findInterpreter } from '../../hil/interpreter';
import { pickScenarios } from '../../hil/suite';
import type { HilOptions, HilReport, HilScenario } from '../../results/types';
import type { Context } from '../context';
import { howToGetInterpreter } from '../interpreter';
import * as parse from '../options';
import { printJson } from '../output';
import { withProgress } from '../progress';
import { fixed, formatTable } from '../table';

interface Flags {
  port?: string;
  espruino?: string;
  simulator?: boolean;
  scenario?: string[];
  list?: boolean;
  realtime?: boolean;
  soak?: number;
  json?: boolean;
}

/** Longest simulated time of a soak [h]. */
const LONGEST_H = 1000;

export function addHil(program: Command, context: Context): void {
  program
    .command('hil')
    .description(
      'Runs the same scenarios on a board, a real Espruino interpreter or the simulator, with the cell simulated below the drivers; exits 1 when one fails.',
    )
    .option(
      '--port <port>',
      'a device with this build in its flash, no cell attached: tcp://HOST:PORT or a serial port',
      parse.nonEmpty('--port', 'tcp://HOST:PORT or a serial port'),
    )
    .option(
      '--espruino <path>',
      'the interpreter (default: $ESPRUINO, or espruino-linux on PATH)',
      parse.nonEmpty('--espruino', 'the path of an Espruino interpreter'),
    )
    .option('--simulator', 'on Node alone')
    .option('--scenario <text...>', 'only scenarios whose names contain this')
    .option('--list', 'names the scenarios and ends')
    .option('--realtime', 'with --port: every tick at its time by the clock')
    .option('--soak <hours>', 'in place of the scenarios: cycles for so many simulated hours, such as 24h', soakHours)
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', '\nExample:\n  caldera hil --port /dev/ttyUSB0 --scenario "stuck"')
    .action((flags: Flags) => runHil(flags, context));
}

function soakHours(text: string): number {
  const hours = Number(/^(\d+(?:\.\d+)?)h?$/.exec(text)?.[1]);
  if (!(hours > 0 && hours <= LONGEST_H))
    throw new InputError(`--soak: '${text}' is not valid; allowed: hours above 0 up to ${LONGEST_H}, such as 24h`);
  return hours;
}

async function runHil(flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  if (flags.list) {
    const names = pickScenarios(flags.scenario).map(({ name }) => name);
    if (flags.json) printJson(terminal, { scenarios: names });
    else terminal.stdout(`${names.join('\n')}\n`);
    return;
  }
  const options = targetOf(flags);
  if (flags.scenario) options.scenarios = flags.scenario;
  if (flags.soak !== undefined) options.soak_h = flags.soak;
  if (flags.realtime) options.realtime = true;
  // On a terminal a line for each, above the bar.
  if (terminal.showsProgress)
    options.onScenario = (result, number, of) => terminal.stderr(`\r\x1b[K${describeOne(result, number, of)}\n`);
  const report = await withProgress(terminal, (onProgress) => services.hil(options, onProgress, terminal.signal));
  if (terminal.signal.aborted) context.exitCode = 130;
  else if (report.failed > 0 || report.passed === 0 || report.lost !== undefined) context.exitCode = 1;
  if (flags.json) printJson(terminal, report);
  else terminal.stdout(describe(report));
}

/** @throws InputError where more than one target is named, or none is found */
function targetOf(flags: Flags): HilOptions {
  const named = (['port', 'espruino', 'simulator'] as const).filter((name) => flags[name] !== undefined);
  if (named.length > 1) throw new InputError(`--${named[1]}: not together with --${named[0]}; allowed: one target`);
  if (flags.realtime && flags.port === undefined)
    throw new InputError('--realtime: only with --port; the others run on a clock of their own');
  if (flags.port !== undefined) return { port: flags.port };
  if (flags.simulator) return {};
  const espruino = flags.espruino ?? findInterpreter();
  if (espruino === undefined) {
    throw new InputError(
      `--espruino: no interpreter in $ESPRUINO or as espruino-linux on PATH; ${howToGetInterpreter}`,
    );
  }
  return { espruino };
}

function describeOne({ name, pass, ticks, worstTick_ms }: HilScenario, number: number, of: number): string {
  const worst = worstTick_ms > 0 ? `, the longest ${fixed(worstTick_ms, 1)} ms` : '';
  return `${String(number).padStart(String(of).length)}/${of} ${pass ? 'pass' : 'FAIL'}  ${name}: ${ticks} ticks${worst}`;
}

function describe(report: HilReport): string {
  const table = formatTable<HilScenario>(
    [
      { head: 'scenario', align: 'left', text: (scenario) => scenario.name },
      { head: 'result', align: 'left', text: (scenario) => (scenario.pass ? 'pass' : 'FAIL') },
      { head: 'ticks', text: (scenario) => String(scenario.ticks) },
      { head: ['worst tick', 'ms'], text: (scenario) => fixed(scenario.worstTick_ms, 2) },
      { head: ['mean', 'ms'], text: (scenario) => fixed(scenario.meanTick_ms, 2) },
      { head: ['worst', 'Leibniz steps'], text: (scenario) => fixed(scenario.worst_leibniz, 0) },
      { head: ['mean', 'Leibniz steps'], text: (scenario) => fixed(scenario.mean_leibniz, 0) },
      { head: ['JsVars', 'boot'], text: ({ memory }) => (memory ? String(memory.booted) : '') },
      { head: ['JsVars', 'most'], text: ({ memory }) => (memory ? String(memory.most) : '') },
      { head: ['of 16 bytes', 'most'], text: ({ memory }) => (memory ? String(memory.board.most) : '') },
    ],
    report.scenarios,
  );
  const late = report.scenarios.filter(({ worstLate_ms }) => worstLate_ms !== undefined);
  return [
    `${report.target}: ${report.interpreter}`,
    '',
    table,
    '',
    ...report.scenarios.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`])),
    ...late.map(
      ({ name, worstLate_ms, meanLate_ms }) =>
        `${name}: ticks began ${fixed(meanLate_ms!, 1)} ms late, at worst ${fixed(worstLate_ms!, 1)} ms`,
    ),
    ...(report.memory.total > 0 ? [`JsVars used: ${report.memory.usage} of ${report.memory.total}`] : []),
    ...(report.tick
      ? [`A tick: ${fixed(report.tick.mean_leibniz, 0)} Leibniz steps, at worst ${fixed(report.tick.worst_leibniz, 0)}`]
      : []),
    `passed ${report.passed}, failed ${report.failed}`,
    ...(report.lost === undefined ? [] : [`it ended early: ${report.lost}`]),
    '',
  ].join('\n');
}
