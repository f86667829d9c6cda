/** The report of a replay: per cycle and per rest, with what the firmware makes of it. */
import { cycleWarnings, whyNotKnown } from '../../../replay/remarks';
import { ESTIMATED_COLUMNS } from '../../../replay/estimatedColumns';
import type { ReplayedCycle, ReplayReport } from '../../../replay/report';
import { cyclesCsv, estimatesCsv } from '../../../replay/tables';
import { toCsv } from '../../../results/csv';
import type { EstimatedCycle } from '../../../replay/estimated';
import { h } from '../dom';
import { facts, lines, saveButton, type Stage } from './cards';
import type { Trace } from './overview';
import { createTable, fixed, type TableColumn } from './table';

const cycleAxis = { label: 'Cycle', unit: '1', decimals: 0 };

/** @param trace the samples, where the file itself was read */
export function showReplay(stage: Stage, report: ReplayReport, trace?: Trace): void {
  const { summary, cycles, relaxations, cell } = report;
  const remarks = [...summary.warnings, ...cycleWarnings(cycles)];
  stage.card(
    h('h2', {}, report.file.split(/[\\/]/).pop()!),
    facts([
      ['Format', report.format],
      ['Samples', String(summary.samples)],
      ['Duration', fixed(summary.duration_h, 1, 'h')],
      ['Cycles', String(summary.cycles)],
      ['Rests', String(summary.rests)],
      ['after a charge or discharge', String(summary.restsAfterPulse)],
      ['with fast and slow part known', String(summary.separated)],
      ['Charged', fixed(summary.charge_mAh, 1, 'mAh')],
      ['Discharged', fixed(summary.discharge_mAh, 1, 'mAh')],
    ]),
    h(
      'p',
      { class: 'controls' },
      saveButton('cycles.csv', () => cyclesCsv(cycles)),
      relaxations.length > 0 && saveButton('relaxations.csv', () => toCsv(relaxations)),
      cell && saveButton('estimates.csv', () => estimatesCsv(cycles)),
    ),
  );
  if (remarks.length > 0) stage.card(h('h3', {}, 'Warnings'), lines(remarks));
  if (trace) showTrace(stage, trace);
  showCycles(stage, cycles);
  if (cell) showEstimates(stage, report);
  stage.card(h('h3', {}, 'Notes'), lines(summary.notes));
}

function showTrace(stage: Stage, { time_h, voltage_V, current_A }: Trace): void {
  const x = { label: 'Time', unit: 'h', decimals: 3 };
  stage.chart(
    {
      title: 'Measured voltage',
      x,
      y: { label: 'Voltage', unit: 'V', decimals: 3 },
      series: [{ label: 'voltage', colour: 'voltage' }],
      sync: 'trace',
    },
    [time_h, voltage_V],
  );
  stage.chart(
    {
      title: 'Measured current',
      x,
      y: { label: 'Current', unit: 'A', decimals: 4 },
      series: [{ label: 'discharge positive', colour: 'current' }],
      sync: 'trace',
    },
    [time_h, current_A],
  );
}

function showCycles(stage: Stage, cycles: readonly ReplayedCycle[]): void {
  stage.card(
    createTable<ReplayedCycle>(
      'Measured, by cycle. eta_fast: ohmic and reaction; eta_conc: slower recovery; means over the rests after discharge.',
      [
        { head: 'Cycle', text: ({ n }) => String(n) },
        { head: 'Charge / mAh', text: ({ charge_mAh }) => fixed(charge_mAh, 2) },
        { head: 'Discharge / mAh', text: ({ discharge_mAh }) => fixed(discharge_mAh, 2) },
        { head: 'CE / %', text: ({ ce_pct }) => fixed(ce_pct, 2) },
        { head: 'Rests', text: ({ rests }) => String(rests) },
        { head: 'eta_fast after discharge / mV', text: ({ etaFast_mV }) => fixed(etaFast_mV, 1) },
        { head: '± / mV', text: ({ etaUncertainty_mV }) => fixed(etaUncertainty_mV, 1) },
        { head: 'eta_conc after discharge / mV', text: ({ etaConc_mV }) => fixed(etaConc_mV, 1) },
        { head: '± / mV', text: ({ etaConcUncertainty_mV }) => fixed(etaConcUncertainty_mV, 1) },
      ],
      cycles,
    ),
  );
  if (cycles.length < 2) return;
  const n = cycles.map((cycle) => cycle.n);
  stage.chart(
    {
      title: 'Capacity by cycle',
      x: cycleAxis,
      y: { label: 'Charge', unit: 'mAh', decimals: 2 },
      series: [
        // Almost alike: what is discharged lies on top and leaves the dashes to be seen.
        { label: 'charged', colour: 'series-2', dashed: true },
        { label: 'discharged', colour: 'series-1', kind: 'dots' },
      ],
    },
    [n, cycles.map((cycle) => cycle.charge_mAh), cycles.map((cycle) => cycle.discharge_mAh)],
  );
  const around = (sign: number) =>
    cycles.map(({ etaConc_mV: eta, etaConcUncertainty_mV: by }) =>
      eta === null || by === null ? null : eta + sign * by,
    );
  stage.chart(
    {
      title: 'Overpotentials after discharge, by cycle',
      x: cycleAxis,
      y: { label: 'Overpotential', unit: 'mV', decimals: 1 },
      series: [
        { label: 'eta_conc (slow)', colour: 'series-1', interval: true },
        { label: 'eta_fast (ohmic and reaction)', colour: 'series-2' },
      ],
    },
    [n, cycles.map((cycle) => cycle.etaConc_mV), around(-1), around(1), cycles.map((cycle) => cycle.etaFast_mV)],
  );
}

function showEstimates(stage: Stage, { cycles, cell }: ReplayReport): void {
  const digits = cell!.capacity_mAh > 100 ? 1 : 3;
  const columns = ESTIMATED_COLUMNS.map(
    ({ name, unit, value, sigma, decimals = digits }): TableColumn<ReplayedCycle> => ({
      head: `${name} / ${unit}`,
      text: ({ estimated }) => {
        const mean = value(estimated!);
        return mean === null ? '–' : `${fixed(mean, decimals)} ± ${fixed(sigma(estimated!), decimals)}`;
      },
    }),
  );
  stage.card(
    h(
      'h3',
      {},
      `Estimated by the firmware for ${cell!.name}, ${cell!.area_cm2} cm², ${fixed(cell!.capacity_mAh, digits)} mAh`,
    ),
    createTable<ReplayedCycle>(
      'Estimated, by cycle; ± one standard deviation. lambda: all lithium outside the cathode; residual: part of active.',
      [{ head: 'Cycle', text: ({ n }) => String(n) }, ...columns],
      cycles,
    ),
    lines(whyNotKnown(cycles)),
  );
  const known = cycles.filter(({ estimated }) => estimated!.lithium_mAh.active !== null);
  if (known.length < 2) return;
  const of = (name: keyof EstimatedCycle['lithium_mAh']) => known.map(({ estimated }) => estimated!.lithium_mAh[name]);
  stage.chart(lithiumByCycle('Lithium outside the cathode, estimated'), [
    known.map(({ n }) => n),
    of('sei'),
    of('dead'),
    of('isolated'),
    of('active'),
  ]);
}

/** Columns: cycle, SEI, dead, isolated, active. */
export const lithiumByCycle = (title: string) => ({
  title,
  x: cycleAxis,
  y: { label: 'Lithium', unit: 'mAh', decimals: 2, min: 0 },
  series: (['sei', 'dead', 'isolated', 'active'] as const).map((pool) => ({
    label: pool === 'sei' ? 'SEI' : pool,
    colour: `li-${pool}`,
    kind: 'area' as const,
  })),
});
