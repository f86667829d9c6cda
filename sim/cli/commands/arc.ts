import type { Command } from 'commander';
import { InputError } from '../../errors';
import { arcPicture } from '../../picture/arc';
import { loadProfile, profileNames } from '../../profiles/profile';
import { toCsv } from '../../results/csv';
import { runArc, type ArcResult } from '../../thermal/arc';
import { loadThermalProfile, type ThermalProfile } from '../../thermal/profile';
import type { Context } from '../context';
import * as parse from '../options';
import { addPicture, inResultFolder, printJson } from '../output';
import { fixed } from '../table';

interface Flags {
  cell: string;
  step: number;
  wait: number;
  out?: string;
  json?: boolean;
}

export function addArc(program: Command, context: Context): void {
  const measured = profileNames().filter((name) => loadProfile(name).thermal !== null);
  const cells = `${measured.join(', ')} or a thermal profile FILE.json`;
  program
    .command('arc')
    .description(
      'Accelerating rate calorimetry of a charged cell: heat, wait, seek; onset, triggering and highest temperature.',
    )
    .option('--cell <name|file>', cells, parse.nonEmpty('--cell', cells), measured[0]!)
    .option('--step <K>', 'step of the oven, 0.1 to 20 K', parse.within('--step', 0.1, 20, ' K'), 5)
    .option('--wait <min>', 'wait after a step, 1 to 600 min', parse.within('--wait', 1, 600, ' min'), 30)
    .option('--out <dir>', 'result folder: data and picture', parse.nonEmpty('--out', 'a folder'))
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', '\nExample:\n  caldera arc --cell routine-pouch --out results/arc')
    .action((flags: Flags) => runArcCommand(flags, context));
}

async function runArcCommand(flags: Flags, context: Context): Promise<void> {
  const { terminal } = context;
  const profile = thermalProfileOf(flags.cell);
  await inResultFolder(flags.out, async (folder) => {
    const result = runArc(profile, { step_K: flags.step, wait_min: flags.wait });
    if (folder) {
      folder.write('arc.csv', toCsv(result.trace));
      folder.write('result.json', `${JSON.stringify(result, null, 2)}\n`);
      addPicture(terminal, folder, 'arc', arcPicture([{ label: profile.name, result, measured: profile.measured }]));
      folder.commit({ command: 'arc', version: context.version, options: flags, interrupted: false });
    }
    if (flags.json) printJson(terminal, result);
    else terminal.stdout(describeResult(profile, result, flags));
    if (folder && !flags.json) terminal.stdout(`\nData and picture: ${folder.path}\n`);
    await Promise.resolve();
  });
}

/** Of a cell that has one, or from a file. @throws InputError */
function thermalProfileOf(cell: string): ThermalProfile {
  if (/\.json$/i.test(cell)) return loadThermalProfile(cell);
  const { thermal } = loadProfile(cell);
  if (thermal === null)
    throw new InputError(`--cell: '${cell}' has not been in a calorimeter; allowed: a cell with a thermal profile`);
  return loadThermalProfile(thermal);
}

function describeResult({ title, measured }: ThermalProfile, result: ArcResult, { step, wait }: Flags): string {
  const line = (name: string, model: number | null, paper: number | undefined): string =>
    `${name.padEnd(46)}${fixed(model, 1).padStart(8)}${fixed(paper, 1).padStart(10)}`;
  return [
    `${title}: steps of ${step} K, ${wait} min wait`,
    '',
    `${''.padEnd(46)}${'model'.padStart(8)}${'measured'.padStart(10)}`,
    line(`onset, self-heating above ${result.threshold_C_min} degC/min, degC`, result.onset_C, measured?.onset_C),
    line('triggering, above 60 degC/min, degC', result.triggering_C, measured?.triggering_C),
    line('highest, degC', result.max_C, measured?.max_C),
    '',
    'fitted to these temperatures (docs/thermal.md); - : not reached or not measured',
    '',
  ].join('\n');
}
