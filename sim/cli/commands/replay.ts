import type { Command } from 'commander';
import { relaxationsPicture } from '../../picture/relaxations';
import { replayPicture } from '../../picture/replay';
import { checkExportTarget, exportMeasurement } from '../../replay/exportMeasurement';
import type { ReplayedCycle, ReplayReport } from '../../replay/replay';
import { toCsv } from '../../results/csv';
import type { Context } from '../context';
import * as parse from '../options';
import { addPicture, inResultFolder, printJson } from '../output';
import { fixed, formatTable } from '../table';

interface Flags {
  out?: string;
  export?: string;
  json?: boolean;
}

export function addReplay(program: Command, context: Context): void {
  program
    .command('replay')
    .description('Reports every cycle and every relaxation of a recorded measurement.')
    .argument('<file>', 'a Maccor, Arbin, Neware or BioLogic text export, or a BDF CSV')
    .option('--out <dir>', 'result folder: data and pictures', parse.nonEmpty('--out', 'a folder'))
    .option(
      '--export <file>',
      'write the samples with BDF columns: a file ending in .csv or .parquet',
      checkExportTarget,
    )
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  caldera replay measurement.csv --out results/measurement --export measurement.parquet',
    )
    .action((file: string, flags: Flags) => runReplay(file, flags, context));
}

async function runReplay(file: string, flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  await inResultFolder(flags.out, async (folder) => {
    const report = await services.replay(file);
    if (flags.export !== undefined) await exportMeasurement(file, flags.export);
    if (folder) {
      folder.write('cycles.csv', toCsv(report.cycles));
      folder.write('relaxations.csv', toCsv(report.relaxations));
      folder.write('result.json', `${JSON.stringify(report, null, 2)}\n`);
      addPicture(terminal, folder, 'replay', replayPicture(report));
      if (report.relaxations.length > 0)
        addPicture(terminal, folder, 'relaxations', relaxationsPicture(report.relaxations));
      folder.commit({ command: 'replay', version: context.version, options: { file }, interrupted: false });
    }
    if (flags.json) printJson(terminal, report);
    else terminal.stdout(describe(report));
    if (flags.export !== undefined && !flags.json) terminal.stdout(`\nSamples: ${flags.export}\n`);
    if (folder && !flags.json) terminal.stdout(`\nData and pictures: ${folder.path}\n`);
  });
}

function describe(report: ReplayReport): string {
  const { summary } = report;
  const table = formatTable<ReplayedCycle>(
    [
      { head: 'cycle', text: (cycle) => String(cycle.n) },
      { head: ['charge', 'mAh'], text: (cycle) => fixed(cycle.charge_mAh, 2) },
      { head: ['discharge', 'mAh'], text: (cycle) => fixed(cycle.discharge_mAh, 2) },
      { head: ['CE', '%'], text: (cycle) => fixed(cycle.ce_pct, 2) },
      { head: 'rests', text: (cycle) => String(cycle.rests) },
      { head: ['eta_fast', 'mV'], text: (cycle) => fixed(cycle.etaFast_mV, 1) },
      { head: ['eta_conc', 'mV'], text: (cycle) => fixed(cycle.etaConc_mV, 1) },
      { head: ['+-', 'mV'], text: (cycle) => fixed(cycle.etaUncertainty_mV, 1) },
    ],
    report.cycles,
  );
  const remarks = [
    ...summary.warnings,
    ...report.cycles.flatMap((cycle) => cycle.warnings.map((warning) => `cycle ${cycle.n}: ${warning}`)),
  ];
  return [
    `${report.file} (${report.format}): ${summary.samples} samples, ${fixed(summary.duration_h, 1)} h, ${summary.rests} rests, ` +
      `${summary.restsAfterPulse} of them after a pulse, ${summary.separated} separated`,
    '',
    table,
    '',
    'eta_fast: ohmic and reaction; eta_conc: slower recovery; means over the relaxations of the cycle; - : not known',
    ...(remarks.length > 0 ? ['', 'Warnings', ...remarks.map((text) => `  ${text}`)] : []),
    '',
    'Notes',
    ...summary.notes.map((text) => `  ${text}`),
    '',
  ].join('\n');
}
