import type { Command } from 'commander';
import { reasonText } from '../../../firmware/steer/explain';
import { readAction } from '../../campaign/action';
import { ADAPTIVE, defaultCycles, LIMITS } from '../../campaign/limits';
import { InputError } from '../../errors';
import { profileOf } from '../../campaign/profileOf';
import { missionNames } from '../../mission/mission';
import { paperRetentions } from '../../paper/000';
import { curveCollector } from '../../picture/curveCollector';
import { cyclesPicture } from '../../picture/cycles';
import { estimatedInventoryPicture, type Amounts, type InventoryPoint } from '../../picture/estimators';
import { inventoryPicture } from '../../picture/inventory';
import { steeredPicture } from '../../picture/steered';
import { voltagePicture } from '../../picture/voltage';
import { bdfHeader, bdfRow } from '../../results/bdf';
import { toCsv } from '../../results/csv';
import type { ResultFolder } from '../../results/folder';
import type { CycleResult, Lithium, OnSample, SimulateOptions, SimulateResult } from '../../results/types';
import type { Context } from '../context';
import * as parse from '../options';
import { addPicture, inResultFolder, printJson, stoppedWithNothing } from '../output';
import { withProgress } from '../progress';
import { fixed, formatTable } from '../table';
import { addCyclingOptions, cyclingOptions, describeRun, strategiesHelp } from './cycling';
import { runMissionCommand, type MissionFlags } from './missions';

interface Flags extends MissionFlags {
  discharge: number | parse.Adaptive;
  untilRetention?: number;
  slowStripEvery: number;
}

/** Longest time between two rows of the time series: 40 points in a discharge at 3C, some 3 MB for 100 cycles at 1C. */
const sampleEvery_s = 30;
const timeSeries = 'timeseries.bdf.csv';

export function addSimulate(program: Command, context: Context): void {
  const command = program
    .command('simulate')
    .description('Cycles one cell: the firmware on simulated chips and cell.')
    .option(
      '--discharge <rate|strategy>',
      `discharge rate, or how the firmware chooses it: ${ADAPTIVE.join(', ')}`,
      parse.discharge('--discharge'),
      1,
    )
    .option(
      '--until-retention <percent>',
      'stop when the discharge capacity falls below this part of the first',
      parse.percent('--until-retention'),
    )
    .option(
      '--slow-strip-every <n>',
      'in every so many cycles a rest and a slow strip after the discharge, which measure what it left behind; 0: never',
      parse.limited('--slow-strip-every', LIMITS.slowStripEvery),
      0,
    )
    .option(
      '--mismatch <share>',
      "the true cell's parameters differ from the firmware's profile by up to this share",
      parse.limited('--mismatch', LIMITS.mismatch),
      0,
    )
    .option(
      '--mission <name|file>',
      `fly instead: power is demanded, without chips, until a mission fails: ${missionNames().join(', ')} or a FILE.json`,
      parse.nonEmpty('--mission', 'a name or a FILE.json'),
    )
    .option('--no-advice', "with --mission: the cruise as planned, without the firmware's advice");
  addCyclingOptions(command)
    .addHelpText(
      'after',
      `
Runs 100 cycles, or at most 1000 with --until-retention or --mission, unless --cycles says otherwise.
${strategiesHelp}
Examples:
  caldera simulate --cell afl-l1 --discharge 1C --cycles 60 --out results/l1-1c
  caldera simulate --cell afl-l2 --told afl-l1 --discharge adaptive --out results/l2-blind
  caldera simulate --cell afl-l1 --mission evtol`,
    )
    .action((flags: Flags, self: Command) =>
      flags.mission === undefined ? runSimulate(flags, context) : runMissionCommand(flags, self, context),
    );
}

async function runSimulate(flags: Flags, context: Context): Promise<void> {
  const { terminal, services } = context;
  if (!flags.advice) throw new InputError('--no-advice has no effect without a mission; allowed with: --mission');
  const strategy = typeof flags.discharge === 'number' ? 'fixed' : flags.discharge;
  const options: SimulateOptions = {
    ...cyclingOptions(flags, defaultCycles(flags.untilRetention !== undefined), [strategy]),
    ...(strategy !== 'fixed' && { strategy }),
    discharge_C: typeof flags.discharge === 'number' ? flags.discharge : null,
    slowStripEvery: flags.slowStripEvery,
    mismatch: flags.mismatch,
    untilRetention_pct: flags.untilRetention ?? null,
    sampleEvery_s: flags.out === undefined ? null : sampleEvery_s,
  };
  await inResultFolder(flags.out, async (folder) => {
    const published = options.discharge_C === null ? [] : paperRetentions(options.cell, options.discharge_C);
    const curves = curveCollector(published.map(({ cycle }) => cycle));
    const onSample = folder && recorder(folder, curves.add);
    const result = await withProgress(terminal, (onProgress) =>
      services.simulate(options, onProgress, terminal.signal, onSample),
    );
    const interrupted = terminal.signal.aborted;
    if (stoppedWithNothing(context, result.cycles, 'cycle')) return;
    if (folder) {
      folder.write('cycles.csv', toCsv(result.cycles));
      folder.write('result.json', `${JSON.stringify(result, null, 2)}\n`);
      addPicture(terminal, folder, 'cycles', cyclesPicture(result));
      if (strategy !== 'fixed') addPicture(terminal, folder, 'steering', steeredPicture(result));
      const marks = published.map(({ cycle, retention_pct }) => ({ label: `Cycle ${cycle}`, retention_pct }));
      addPicture(terminal, folder, 'voltage', voltagePicture(curves.curves(), marks));
      const estimates = inventoryPoints(result.cycles, profileOf(options).area_cm2);
      if (estimates.length > 1)
        addPicture(terminal, folder, 'estimates', estimatedInventoryPicture(estimates, toldAll(options)));
      const { kind, parameters, area_cm2 } = profileOf(options);
      if (kind === 'full') {
        const lithium_mAh = (parameters.Qcat + parameters.Ainit) * area_cm2;
        addPicture(terminal, folder, 'inventory', inventoryPicture(result.cycles, lithium_mAh));
      }
      folder.commit({
        command: 'simulate',
        version: context.version,
        options,
        profile: profileOf(options),
        interrupted,
        notes: { [timeSeries]: 'Battery Data Format columns; charging current is positive' },
      });
    }
    if (flags.json) printJson(terminal, result);
    else terminal.stdout(describeResult(result, options));
    if (result.summary.stopped !== undefined) {
      context.exitCode = 1;
      terminal.stderr(`caldera: the run ended early at ${result.summary.stopped}\n`);
    }
    if (interrupted) terminal.stderr(`caldera: stopped after ${result.cycles.length} of ${options.cycles} cycles\n`);
    if (folder && !flags.json) terminal.stdout(`\nData and pictures: ${folder.path}\n`);
  });
}

/** What the firmware estimated beside what was so [mAh/cm2], of cycles in which it did. */
function inventoryPoints(cycles: readonly CycleResult[], area_cm2: number): InventoryPoint[] {
  return cycles.flatMap((cycle): InventoryPoint[] => {
    const {
      n,
      lithium_mAh: truth,
      lithiumEstimated_mAh,
      lithiumSigma_mAh,
      lambdaEstimated_mAh,
      lambdaSigma_mAh,
    } = cycle;
    if (lambdaEstimated_mAh === undefined) return [];
    const known = lambdaEstimated_mAh !== null;
    const amounts = (of: Lithium<number | null> | undefined, lambda: number | null | undefined): Amounts => ({
      lambda: (lambda ?? 0) / area_cm2,
      active: (of?.active ?? 0) / area_cm2,
      residual: (of?.residual ?? 0) / area_cm2,
      isolated: (of?.isolated ?? 0) / area_cm2,
      dead: (of?.dead ?? 0) / area_cm2,
      sei: (of?.sei ?? 0) / area_cm2,
    });
    return [
      {
        cycle: n,
        truth: amounts(truth, truth.active + truth.isolated + truth.dead + truth.sei),
        estimate: known ? amounts(lithiumEstimated_mAh, lambdaEstimated_mAh) : null,
        sigma: amounts(lithiumSigma_mAh, lambdaSigma_mAh),
      },
    ];
  });
}

/** An estimate that is as good as what the firmware was told looks like a measurement. */
function toldAll({ mismatch = 0, told, plant = 'reduced' }: SimulateOptions): string[] {
  const all = mismatch === 0 && told === undefined && plant === 'reduced';
  if (!all) return [];
  return [
    'The firmware was told this very cell, hence its good estimates;',
    '--mismatch 0.2 makes what it was told wrong.',
  ];
}

function recorder(folder: ResultFolder, alsoTo: OnSample): OnSample {
  const series = folder.lines(timeSeries);
  series.line(bdfHeader);
  return (sample) => {
    series.line(bdfRow(sample));
    alsoTo(sample);
  };
}

function describeResult(result: SimulateResult, options: SimulateOptions): string {
  const first_mAh = result.cycles[0]?.discharge_mAh ?? 0;
  // Four figures for a pouch and for a coin cell alike.
  const decimals = first_mAh > 100 ? 1 : 3;
  const lithium = (name: string, amount_mAh: (cycle: CycleResult) => number) => ({
    head: ['Li', name, 'mAh'],
    text: (cycle: CycleResult) => fixed(amount_mAh(cycle), decimals),
  });
  const steered = result.strategy !== 'fixed';
  const table = formatTable<CycleResult>(
    [
      { head: 'cycle', text: (cycle) => String(cycle.n) },
      ...(steered ? [{ head: 'rate', text: (cycle: CycleResult) => `${cycle.rate_C.toFixed(2)}C` }] : []),
      { head: ['charge', 'mAh'], text: (cycle) => fixed(cycle.charge_mAh, decimals) },
      { head: ['discharge', 'mAh'], text: (cycle) => fixed(cycle.discharge_mAh, decimals) },
      ...(result.cycles.some(({ strip_mAh }) => strip_mAh !== undefined)
        ? [{ head: ['stripped', 'after, mAh'], text: (cycle: CycleResult) => fixed(cycle.strip_mAh, decimals) }]
        : []),
      { head: ['retention', '%'], text: (cycle) => fixed((100 * cycle.discharge_mAh) / first_mAh, 1) },
      { head: ['CE', '%'], text: (cycle) => fixed(cycle.ce_pct, 2) },
      { head: ['eta_conc', 'mV'], text: (cycle) => fixed(cycle.etaConc_mV, 1) },
      lithium('active', (cycle) => cycle.lithium_mAh.active),
      lithium('isolated', (cycle) => cycle.lithium_mAh.isolated),
      lithium('dead', (cycle) => cycle.lithium_mAh.dead),
      lithium('SEI', (cycle) => cycle.lithium_mAh.sei),
      ...(steered ? [{ head: 'action', align: 'left' as const, text: (cycle: CycleResult) => cycle.action }] : []),
    ],
    someCycles(result.cycles),
  );
  const { summary } = result;
  const recoveries = result.cycles.filter(({ recovery_s }) => recovery_s !== undefined).length;
  const facts: [string, string][] = [
    ['lifespan (discharge below 80 % of the first 0.2C discharge)', `${fixed(summary.cyclesTo80, 1)} cycles`],
    ['check-up life (capacity at 0.2C below 80 %)', `${fixed(summary.checkupLife, 1)} cycles`],
    ['retention after the last cycle', `${fixed(summary.retention_pct, 1)} %`],
    ['mean coulombic efficiency', `${fixed(summary.averageCe_pct, 2)} %`],
    ['energy to end of life', `${fixed(summary.energyToEol_Wh, decimals)} Wh`],
    ['energy of the first 100 cycles', `${fixed(summary.energyFirst100_Wh, decimals)} Wh`],
    ['mean discharge power', `${fixed(summary.meanDischargePower_W, decimals + 1)} W`],
    ...(summary.recoveryMinutes === undefined
      ? []
      : [
          [
            'recovery after discharges, all cycles',
            `${fixed(summary.recoveryMinutes, 0)} min in ${recoveries} of ${result.cycles.length} cycles`,
          ] as [string, string],
        ]),
    ...(summary.highestTemperature_C === undefined
      ? []
      : [['highest temperature', `${fixed(summary.highestTemperature_C, 1)} degC`] as [string, string]]),
    ['simulated time', `${fixed(summary.simulatedSeconds / 3600, 1)} h in ${fixed(summary.wallSeconds, 1)} s`],
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    `${result.cell} at ${options.discharge_C === null ? result.strategy : `${options.discharge_C}C`} discharge: ${describeRun(options)}`,
    'Lithium outside the cathode at the end of the discharge, from the cell model.',
    ...(result.cycles.some(({ lambdaEstimated_mAh }) => lambdaEstimated_mAh !== undefined) ? toldAll(options) : []),
    '',
    table,
    '',
    ...facts.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    '',
    ...(steered ? meanings(result.cycles) : []),
    ...(summary.alarms === undefined ? [] : ['The firmware warned', ...summary.alarms.map((text) => `  ${text}`), '']),
    '- : not reached or not run',
    '',
  ].join('\n');
}

/** What the steering's words mean, of those that it used. */
function meanings(cycles: readonly CycleResult[]): string[] {
  const used = new Map(cycles.map(({ action }) => readAction(action)).map(({ word, reason }) => [word, reason]));
  const width = Math.max(...[...used.keys()].map((word) => word.length));
  return [
    'Why the rate',
    ...[...used]
      .sort(([, a], [, b]) => a - b)
      .map(([word, reason]) => `  ${word.padEnd(width)}  ${reasonText(reason)}`),
    '',
  ];
}

/** All of a short list; of a long one about a dozen, the first and last among them. */
function someCycles(cycles: readonly CycleResult[]): CycleResult[] {
  const step = Math.ceil(cycles.length / 12);
  return cycles.filter((cycle, index) => index === 0 || cycle.n % step === 0 || index === cycles.length - 1);
}
