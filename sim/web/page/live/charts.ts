/** What a board measures and estimates, over time. A line is interrupted where nothing was heard. */
import { createChart, type Chart } from '../chart';
import type { ChartSpec } from '../chartSpec';
import { h } from '../dom';
import type { LiveRecord } from './record';

const WINDOWS: readonly [string, number][] = [
  ['10 minutes', 600],
  ['1 hour', 3600],
  ['6 hours', 21_600],
  ['all', Infinity],
];

const x = { label: 'Time', unit: 'min', decimals: 2 };
const sync = 'live';
const spec = (title: string, y: ChartSpec['y'], series: ChartSpec['series']): ChartSpec => ({
  title,
  x,
  y,
  series,
  sync,
  height_px: 180,
});

const MEASURED = [
  spec('Voltage', { label: 'Voltage', unit: 'V', decimals: 3 }, [{ label: 'voltage', colour: 'voltage' }]),
  spec('Current', { label: 'Current', unit: 'A', decimals: 3 }, [{ label: 'discharge positive', colour: 'current' }]),
  spec('Temperature', { label: 'Temperature', unit: '°C', decimals: 2 }, [
    { label: 'temperature', colour: 'temperature' },
  ]),
] as const;
const MEASURED_COLUMNS = ['voltage_V', 'current_A', 'temperature_C'] as const;

const ETA = spec('Overpotentials, estimated', { label: 'Overpotential', unit: 'mV', decimals: 1 }, [
  { label: 'eta_conc (concentration)', colour: 'series-1', interval: true },
  { label: 'eta_fast (ohmic and reaction)', colour: 'series-2' },
]);
const LITHIUM = spec('Lithium outside the cathode, estimated', { label: 'Lithium', unit: 'mAh', decimals: 2, min: 0 }, [
  { label: 'active', colour: 'li-active', kind: 'steps' },
  { label: 'isolated', colour: 'li-isolated', kind: 'steps' },
  { label: 'dead', colour: 'li-dead', kind: 'steps' },
  { label: 'SEI', colour: 'li-sei', kind: 'steps' },
]);

export function createCharts(): { element: HTMLElement; show(record: LiveRecord): void; destroy(): void } {
  const grid = h('div', { class: 'grid-2' });
  const choice = h('select', {}, ...WINDOWS.map(([name], k) => h('option', { value: k }, name)));
  const card = (): HTMLElement => grid.appendChild(h('div', { class: 'card' }));
  const measured = MEASURED.map((each) => createChart(card(), each));
  const eta = createChart(card(), ETA);
  const lithium = createChart(card(), LITHIUM);
  const charts: readonly Chart[] = [...measured, eta, lithium];
  let shown = '';

  return {
    element: h(
      'section',
      { 'aria-labelledby': 'live-charts' },
      h('h2', { id: 'live-charts' }, 'Over time'),
      h('div', { class: 'controls' }, h('label', { class: 'field' }, h('span', {}, 'Show the last'), choice)),
      grid,
    ),
    show: (record) => {
      const second = record.isStale ? Math.floor(record.now_ms() / 1000) : 0;
      const state = [record.measured.length, record.estimated.length, choice.value, second];
      if (shown === state.join() || record.measured.length === 0) return;
      shown = state.join();
      const now_s = record.now_ms() / 1000;
      const from_s = now_s - WINDOWS[Number(choice.value)]![1];
      // What is stale ends before the right edge: the time since then stands there, empty.
      const minutes = (times: readonly number[]): number[] =>
        (record.isStale ? [...times, now_s] : times).map((time) => (time - record.begin_s) / 60);
      const open = (column: (number | null)[]): (number | null)[] => (record.isStale ? [...column, null] : column);
      const [times, ...columns] = record.measured.since(from_s, MEASURED_COLUMNS);
      measured.forEach((chart, k) => chart.setData([minutes(times), open(columns[k]!)]));
      const [estimatedAt, etaConc, sigma, ...others] = record.estimated.since(from_s, [
        ...(['etaConc_mV', 'etaConcSigma_mV', 'etaFast_mV'] as const),
        ...(['active_mAh', 'isolated_mAh', 'dead_mAh', 'sei_mAh'] as const),
      ]);
      const [etaFast, ...pools] = others.map(open);
      const end = (sign: number) => (value: number | null, k: number) =>
        value === null || sigma![k] === null ? null : value + sign * sigma![k]!;
      eta.setData([
        minutes(estimatedAt),
        open(etaConc!),
        open(etaConc!.map(end(-1))),
        open(etaConc!.map(end(1))),
        etaFast!,
      ]);
      lithium.setData([minutes(estimatedAt), ...pools]);
    },
    destroy: () => charts.forEach((chart) => chart.destroy()),
  };
}
