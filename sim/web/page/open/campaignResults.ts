/** Results of the other commands: a simulated cell, a volcano, a campaign of faults. */
import { nameOfId } from '../../../faults/names';
import type { FaultReaction, FaultsReport } from '../../../faults/summary';
import type { CycleResult, SimulateResult, VolcanoPoint, VolcanoResult } from '../../../results/types';
import { modelledEtaConc_mV } from '../../../picture/byCycle';
import { toCsv } from '../../../results/csv';
import { h } from '../dom';
import { facts, lines, saveButton, type Stage } from './cards';
import { lithiumByCycle } from './replayResult';
import { createTable, fixed } from './table';

const cycleAxis = { label: 'Cycle', unit: '1', decimals: 0 };

export function showSimulation(stage: Stage, { cell, strategy, cycles, summary }: SimulateResult): void {
  stage.card(
    h('h2', {}, `${cell}, ${strategy}`),
    facts([
      ['Cycles', String(cycles.length)],
      ['Cycles to 80 %', fixed(summary.cyclesTo80, 1)],
      ['Check-up life', fixed(summary.checkupLife, 1, 'cycles')],
      ['Retention', fixed(summary.retention_pct, 1, '%')],
      ['Average CE', fixed(summary.averageCe_pct, 3, '%')],
      ['Energy of the first 100', fixed(summary.energyFirst100_Wh, 1, 'Wh')],
    ]),
    ...(summary.alarms ?? []).map((alarm) => h('p', { class: 'notice warning' }, alarm)),
    summary.stopped !== undefined && h('p', { class: 'notice bad' }, `Stopped: ${summary.stopped}`),
    h(
      'p',
      { class: 'controls' },
      saveButton('cycles.csv', () => toCsv(cycles)),
    ),
  );
  if (cycles.length > 1) chartCycles(stage, cycles);
  stage.card(
    createTable<CycleResult>(
      'By cycle',
      [
        { head: 'Cycle', text: ({ n }) => String(n) },
        { head: 'Rate / C', text: ({ rate_C }) => fixed(rate_C, 3) },
        { head: 'Charge / mAh', text: ({ charge_mAh }) => fixed(charge_mAh, 2) },
        { head: 'Discharge / mAh', text: ({ discharge_mAh }) => fixed(discharge_mAh, 2) },
        { head: 'CE / %', text: ({ ce_pct }) => fixed(ce_pct, 3) },
        { head: 'eta_conc / mV', text: (cycle) => fixed(modelledEtaConc_mV(cycle), 1) },
        { head: 'estimated / mV', text: ({ etaConcEstimated_mV }) => fixed(etaConcEstimated_mV, 1) },
        { head: 'Why', text: ({ action }) => action, words: true },
      ],
      cycles,
    ),
  );
}

function chartCycles(stage: Stage, cycles: readonly CycleResult[]): void {
  const n = cycles.map((cycle) => cycle.n);
  const chart = (
    title: string,
    label: string,
    unit: string,
    decimals: number,
    colour: string,
    value: (cycle: CycleResult) => number,
  ) =>
    stage.chart(
      {
        title,
        x: cycleAxis,
        y: { label, unit, decimals },
        series: [{ label: title.toLowerCase(), colour }],
        sync: 'cycles',
      },
      [n, cycles.map(value)],
    );
  chart(
    'Retention',
    'Retention',
    '%',
    2,
    'series-1',
    ({ discharge_mAh }) => (100 * discharge_mAh) / cycles[0]!.discharge_mAh,
  );
  chart('Coulombic efficiency', 'CE', '%', 3, 'series-2', ({ ce_pct }) => ce_pct);
  chart('Discharge rate', 'Rate', 'C', 3, 'adaptive', ({ rate_C }) => rate_C);
  stage.chart(
    {
      title: 'Concentration overpotential',
      x: cycleAxis,
      y: { label: 'eta_conc', unit: 'mV', decimals: 1 },
      series: [
        { label: 'of the cell', colour: 'truth' },
        { label: 'estimated by the firmware', colour: 'estimate', dashed: true },
      ],
      sync: 'cycles',
    },
    [n, cycles.map(modelledEtaConc_mV), cycles.map(({ etaConcEstimated_mV }) => etaConcEstimated_mV)],
  );
  const of = (pool: 'sei' | 'dead' | 'isolated' | 'active') => cycles.map(({ lithium_mAh }) => lithium_mAh[pool]);
  stage.chart(lithiumByCycle('Lithium outside the cathode'), [n, of('sei'), of('dead'), of('isolated'), of('active')]);
}

export function showVolcano(stage: Stage, { cell, points, optimum_C }: VolcanoResult): void {
  stage.card(
    h('h2', {}, `Volcano of ${cell}`),
    h(
      'p',
      {},
      optimum_C === null
        ? 'Which fixed rate lives longest is not known: none reached its end of life, or several outlived the test.'
        : `The fixed rate that lives longest: ${optimum_C}C.`,
    ),
    h(
      'p',
      { class: 'controls' },
      saveButton('volcano.csv', () => toCsv(points)),
    ),
  );
  const isFixed = ({ strategy }: VolcanoPoint): boolean => strategy === 'fixed';
  const sorted = [...points].sort((a, b) => a.rate_C - b.rate_C);
  const column = (wanted: (point: VolcanoPoint) => boolean, value: (point: VolcanoPoint) => number | null) =>
    sorted.map((point) => (wanted(point) ? value(point) : null));
  for (const [title, value] of [
    ['Check-up life against rate', (point: VolcanoPoint) => point.checkupLife],
    ['Cycles to 80 % against rate', (point: VolcanoPoint) => point.cyclesTo80],
  ] as const)
    stage.chart(
      {
        title,
        x: { label: 'Discharge rate', unit: 'C', decimals: 2 },
        y: { label: 'Life', unit: 'cycles', decimals: 1, min: 0 },
        series: [
          { label: 'fixed rates', colour: 'fixed', kind: 'dots' },
          { label: 'adaptive, at its mean rate', colour: 'adaptive', kind: 'circles' },
        ],
      },
      [sorted.map(({ rate_C }) => rate_C), column(isFixed, value), column((point) => !isFixed(point), value)],
    );
  stage.card(
    createTable<VolcanoPoint>(
      'By rate and strategy',
      [
        { head: 'Strategy', text: ({ strategy }) => strategy, words: true },
        { head: 'Rate / C', text: ({ rate_C }) => fixed(rate_C, 2) },
        { head: 'Cycles to 80 %', text: ({ cyclesTo80 }) => fixed(cyclesTo80, 1) },
        { head: 'Check-up life', text: ({ checkupLife }) => fixed(checkupLife, 1) },
        { head: 'Retention at 100 / %', text: ({ retention100_pct }) => fixed(retention100_pct, 1) },
        { head: 'Average CE / %', text: ({ averageCe_pct }) => fixed(averageCe_pct, 2) },
        { head: 'Energy to 80 % / Wh', text: ({ energyToEol_Wh }) => fixed(energyToEol_Wh, 0) },
      ],
      points,
    ),
  );
}

export function showFaults(stage: Stage, report: FaultsReport): void {
  const { runs, violations, falseTrips, clean, small, failures } = report;
  const passed = violations === 0 && falseTrips === 0;
  stage.card(
    h(
      'h2',
      {},
      'Fault campaign ',
      h('span', { class: passed ? 'badge good' : 'badge bad' }, passed ? 'passed' : 'failed'),
    ),
    facts([
      ['Runs', String(runs)],
      ['Violations', String(violations)],
      ['False trips', String(falseTrips)],
      ['Without a fault', String(clean)],
      ['Fault too small to be found', String(small)],
    ]),
    h(
      'p',
      { class: 'controls' },
      saveButton('reactions.csv', () => toCsv([...report.faults, ...report.hardware])),
    ),
  );
  if (failures.length > 0)
    stage.card(h('h3', {}, 'Failures'), lines(failures.slice(0, 100).map(({ run, what }) => `run ${run}: ${what}`)));
  stage.card(
    createTable<FaultReaction>(
      'Reaction by row of the fault table, from the fault to the action',
      [
        { head: 'Row', text: ({ id }) => nameOfId(id), words: true },
        { head: 'Injected', text: ({ injected }) => String(injected) },
        { head: 'Found', text: ({ detected }) => String(detected) },
        { head: 'Promised / ms', text: ({ promised_ms }) => String(promised_ms) },
        { head: 'Worst / ms', text: ({ worst_ms }) => fixed(worst_ms, 0) },
        { head: 'Median / ms', text: ({ median_ms }) => fixed(median_ms, 0) },
        { head: 'Verdict', text: verdict, words: true },
      ],
      report.faults,
    ),
  );
}

function verdict({ injected, detected, promised_ms, worst_ms }: FaultReaction): string {
  if (injected === 0) return 'not injected';
  if (detected < injected) return 'not found';
  return worst_ms !== null && worst_ms > promised_ms ? 'late' : 'kept';
}
