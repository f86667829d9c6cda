import type { Command } from 'commander';
import { relaxationsPicture } from '../../picture/relaxations';
import { replayPicture } from '../../picture/replay';
import { replayEstimatesPicture } from '../../picture/replayEstimates';
import { profileNames } from '../../profiles/profile';
import { checkExportTarget, exportMeasurement } from '../../replay/exportMeasurement';
import { recordedProfile, type RecordedCell } from '../../replay/estimated';
import { ESTIMATED_COLUMNS } from '../../replay/estimatedColumns';
import { cycleWarnings, whyNotKnown } from '../../replay/remarks';
import type { ReplayedCycle, ReplayReport } from '../../replay/report';
import { cyclesCsv, estimatesCsv } from '../../replay/tables';
import { toCsv } from '../../results/csv';
import { InputError } from '../../errors';
import type { Context } from '../context';
import * as parse from '../options';
import { addPicture, inResultFolder, printJson } from '../output';
import { withProgress } from '../progress';
import { fixed, formatTable, type Column } from '../table';

interface Flags {
  cell?: string;
  area?: number;
  temperature?: number;
  out?: string;
  export?: string;
  json?: boolean;
}

export function addReplay(program: Command, context: Context): void {
  const cells = `${profileNames().join(', ')} or a FILE.json`;
  program
    .command('replay')
    .description(
      'Reports every cycle and every relaxation of a recorded measurement, and what the firmware makes of it.',
    )
    .argument('<file>', 'a Maccor, Arbin, Neware or BioLogic text export, or a BDF CSV')
    .option(
      '--cell <name|file>',
      `the measurement is of such a cell: run the firmware's estimator on it: ${cells}`,
      parse.nonEmpty('--cell', cells),
    )
    .option('--area <cm2>', "copper area, where it is not the profile's", parse.within('--area', 0.01, 1e6, ' cm2'))
    .option(
      '--temperature <degC>',
      'where the file tells none, -20 to 60 degC; without this option 25',
      parse.temperature('--temperature'),
    )
    .option('--out <dir>', 'result folder: data and pictures', parse.nonEmpty('--out', 'a folder'))
    .option(
      '--export <file>',
      'write the samples with BDF columns: a file ending in .csv or .parquet',
      checkExportTarget,
    )
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText(
      'after',
      `
Examples:
  caldera replay measurement.csv --out results/measurement --export measurement.parquet
  caldera replay measurement.csv --cell afl-l1 --out results/measurement`,
    )
    .action((file: string, flags: Flags) => runReplay(file, flags, context));
}

async function runReplay(file: string, flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  const recorded = recordedCell(flags);
  await inResultFolder(flags.out, async (folder) => {
    const report = await withProgress(terminal, (onProgress) =>
      services.replay(file, { recorded, ...(onProgress && { onProgress: (part) => onProgress(part, 'reading') }) }),
    );
    if (flags.export !== undefined) await exportMeasurement(file, flags.export);
    if (folder) {
      folder.write('cycles.csv', cyclesCsv(report.cycles));
      folder.write('relaxations.csv', toCsv(report.relaxations));
      folder.write('result.json', `${JSON.stringify(report, null, 2)}\n`);
      addPicture(terminal, folder, 'replay', replayPicture(report));
      if (report.relaxations.some(({ etaFast_mV, etaConc_mV }) => etaFast_mV !== null || etaConc_mV !== null))
        addPicture(terminal, folder, 'relaxations', relaxationsPicture(report.relaxations));
      if (report.cell) {
        folder.write('estimates.csv', estimatesCsv(report.cycles));
        if (report.cycles.some(({ estimated: e }) => e!.etaConc_mV !== null || e!.lambda_mAh !== null))
          addPicture(terminal, folder, 'estimates', replayEstimatesPicture(report.cycles));
      }
      folder.commit({
        command: 'replay',
        version: context.version,
        options: { file, ...recorded },
        ...(recorded && { profile: recordedProfile(recorded) }),
        interrupted: false,
      });
    }
    if (flags.json) printJson(terminal, report);
    else terminal.stdout(describe(report));
    if (flags.export !== undefined && !flags.json) terminal.stdout(`\nSamples: ${flags.export}\n`);
    if (folder && !flags.json) terminal.stdout(`\nData and pictures: ${folder.path}\n`);
  });
}

function recordedCell({ cell, area, temperature }: Flags): RecordedCell | undefined {
  if (cell === undefined) {
    const alone = area !== undefined ? '--area' : temperature !== undefined ? '--temperature' : undefined;
    if (alone)
      throw new InputError(`${alone}: says nothing without --cell; allowed: together with --cell NAME|FILE.json`);
    return undefined;
  }
  return {
    cell,
    ...(area !== undefined && { area_cm2: area }),
    ...(temperature !== undefined && { temperature_C: temperature }),
  };
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
      {
        head: ['eta_fast', 'after discharge', 'mV'],
        text: ({ etaFast_mV, etaUncertainty_mV }) => within(etaFast_mV, etaUncertainty_mV, 1),
      },
      {
        head: ['eta_conc', 'after discharge', 'mV'],
        text: ({ etaConc_mV, etaConcUncertainty_mV }) => within(etaConc_mV, etaConcUncertainty_mV, 1),
      },
    ],
    report.cycles,
  );
  const { cell } = report;
  const remarks = [...summary.warnings, ...cycleWarnings(report.cycles)];
  return [
    `${report.file} (${report.format}): ${summary.samples} samples, ${fixed(summary.duration_h, 1)} h, ${summary.rests} rests, ` +
      `${summary.restsAfterPulse} of them after a charge or discharge; fast and slow part known of ${summary.separated}`,
    '',
    table,
    '',
    'eta_fast: ohmic and reaction; eta_conc: slower recovery, up to the end of the rest; means over the rests after discharge; - : not known',
    ...(cell
      ? [
          '',
          `Estimated by the firmware for ${cell.name}, ${cell.area_cm2} cm2, ${fixed(cell.capacity_mAh, cell.capacity_mAh > 100 ? 0 : 2)} mAh`,
          '',
          ...estimatesTable(report.cycles, cell.capacity_mAh > 100 ? 1 : 3),
          ...whyNotKnown(report.cycles),
        ]
      : []),
    ...(remarks.length > 0 ? ['', 'Warnings', ...remarks.map((text) => `  ${text}`)] : []),
    '',
    'Notes',
    ...summary.notes.map((text) => `  ${text}`),
    '',
  ].join('\n');
}

function within(value: number | null, by: number | null, decimals: number): string {
  return value === null ? '-' : `${fixed(value, decimals)} +- ${fixed(by, decimals)}`;
}

function estimatesTable(cycles: readonly ReplayedCycle[], decimals: number): string[] {
  const columns: Column<ReplayedCycle>[] = [
    ...ESTIMATED_COLUMNS.map(({ name, unit, value, sigma, decimals: places = decimals }) => ({
      head: [name, unit],
      text: ({ estimated }: ReplayedCycle) => within(value(estimated!), sigma(estimated!), places),
    })),
    { head: ['cathode', 'mAh'], text: ({ estimated }) => fixed(estimated!.cathode_mAh, decimals) },
  ];
  // What is known of no cycle is not shown: the reasons below the table name it.
  const known = columns.filter(({ text }) => cycles.some((cycle) => text(cycle) !== '-'));
  if (known.length === 0) return ['Nothing is known of any cycle:'];
  return [
    formatTable([{ head: 'cycle', text: ({ n }) => String(n) }, ...known], cycles),
    '',
    'eta_conc: under load, mean of the discharge; above: what the rests after it show; +- one standard deviation',
    'lambda: all lithium outside the cathode after the discharge; residual: part of active',
  ];
}
