import type { Command } from 'commander';
import { loadPackConfiguration } from '../../pack/configuration';
import type { PackOptions, PackResult } from '../../pack/cyclePack';
import type { PackCycle } from '../../pack/packRun';
import { packPicture } from '../../picture/pack';
import type { Context } from '../context';
import * as parse from '../options';
import { addPicture, inResultFolder, printJson, stoppedWithNothing } from '../output';
import { withProgress } from '../progress';
import { fixed, formatTable } from '../table';

interface Flags {
  charge: number;
  discharge: number;
  cycles: number;
  out?: string;
  json?: boolean;
}

export function addPack(program: Command, context: Context): void {
  program
    .command('pack')
    .description('Cycles a pack of bare cells in series and parallel; who carries how much is solved for.')
    .argument('<file>', 'the pack, FILE.json (see docs/packs.md)')
    .option('--charge <rate>', 'charge rate', parse.rate('--charge'), 0.2)
    .option('--discharge <rate>', 'discharge rate', parse.rate('--discharge'), 1)
    .option('--cycles <n>', 'cycles to run', parse.cycles('--cycles'), 20)
    .option('--out <dir>', 'result folder: data and picture', parse.nonEmpty('--out', 'a folder'))
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', '\nExample:\n  caldera pack docs/examples/pack-6s2p.json --cycles 50 --out results/pack')
    .action((file: string, flags: Flags) => runPack(file, flags, context));
}

async function runPack(file: string, flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const options: PackOptions = {
    configuration: loadPackConfiguration(file),
    charge_C: flags.charge,
    discharge_C: flags.discharge,
    cycles: flags.cycles,
  };
  await inResultFolder(flags.out, async (folder) => {
    const { result, trace } = await withProgress(terminal, (onProgress) =>
      services.pack(options, onProgress, terminal.signal),
    );
    const interrupted = terminal.signal.aborted;
    if (stoppedWithNothing(context, result.cycles, 'cycle')) return;
    if (folder) {
      folder.write('result.json', `${JSON.stringify(result, null, 2)}\n`);
      if (trace.points.length > 0) addPicture(terminal, folder, 'sharing', packPicture(trace));
      folder.commit({ command: 'pack', version: context.version, options, interrupted });
    }
    if (flags.json) printJson(terminal, result);
    else terminal.stdout(describeResult(result, options));
    if (result.stopped !== undefined) {
      context.exitCode = 1;
      terminal.stderr(`caldera: the run ended early: ${result.stopped}\n`);
    }
    if (interrupted) terminal.stderr(`caldera: stopped after ${result.cycles.length} of ${options.cycles} cycles\n`);
    if (folder && !flags.json) terminal.stdout(`\nData and picture: ${folder.path}\n`);
  });
}

function describeResult(result: PackResult, { charge_C, discharge_C }: PackOptions): string {
  const { cell, series, parallel, cycles, largestShare } = result;
  const spread_mV = ({ discharge }: PackCycle): number =>
    1000 * (Math.max(...discharge.end.groupVoltage_V) - Math.min(...discharge.end.groupVoltage_V));
  const step = Math.ceil(cycles.length / 12);
  const table = formatTable<PackCycle>(
    [
      { head: 'cycle', text: ({ n }) => String(n) },
      { head: ['charge', 'Ah'], text: ({ charge }) => fixed(charge.charge_Ah, 3) },
      { head: ['discharge', 'Ah'], text: ({ discharge }) => fixed(discharge.charge_Ah, 3) },
      { head: ['energy', 'Wh'], text: ({ discharge }) => fixed(discharge.energy_Wh, 2) },
      { head: ['charge ended', 'by group'], text: ({ charge }) => String(charge.end.group + 1) },
      { head: ['discharge ended', 'by group'], text: ({ discharge }) => String(discharge.end.group + 1) },
      { head: ['spread of groups', 'at its end, mV'], text: (cycle) => fixed(spread_mV(cycle), 0) },
    ],
    cycles.filter((cycle, k) => k === 0 || cycle.n % step === 0 || k === cycles.length - 1),
  );
  return [
    `${series}S${parallel}P of ${cell}: ${charge_C}C charge, ${discharge_C}C discharge`,
    '',
    table,
    '',
    `largest share of a cell in its group's current, first discharge: ${fixed(largestShare, 2)} of an equal one`,
    '',
  ].join('\n');
}
