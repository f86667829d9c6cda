/** What happens within one cycle: voltage, current, and where the voltage is lost. */
import { createChart, type Chart } from '../chart';
import type { Column } from '../chartSpec';
import { h } from '../dom';
import { Field } from './messages';
import type { Run } from './runner';

/** The interval that is drawn: two standard deviations on either side. */
export const SIGMAS = 2;

export interface CycleCharts {
  show(run: Run, cycle: number): void;
  destroy(): void;
}

const time = { label: 'Time in the cycle', unit: 'h', decimals: 2 };

export function createCycleCharts(root: HTMLElement): CycleCharts {
  const title = h('h2', {});
  const without = h(
    'p',
    { class: 'notice small', hidden: true },
    'No firmware runs here: fast mode cycles the bare cell at a fixed rate. Choose "Simulated chips" to see its estimates.',
  );
  const grid = h('div', { class: 'charts' });
  root.append(title, grid);
  const card = (): HTMLElement => grid.appendChild(h('div', {}));
  const sync = 'cycle';
  const charts: [Chart, Chart, Chart] = [
    createChart(card(), {
      title: 'Voltage',
      x: time,
      y: { label: 'Voltage', unit: 'V', decimals: 3 },
      series: [{ label: 'Voltage', colour: 'voltage' }],
      sync,
    }),
    createChart(card(), {
      title: 'Current (discharge positive)',
      x: time,
      y: { label: 'Current', unit: 'A', decimals: 3 },
      series: [{ label: 'Current', colour: 'current' }],
      sync,
    }),
    createChart(card(), {
      title: 'Where the discharge loses voltage',
      x: time,
      y: { label: 'Overpotential', unit: 'mV', decimals: 1, cutsPeaks: true },
      series: [
        { label: 'Concentration (eta_conc), true', colour: 'truth' },
        { label: 'Concentration, as the firmware estimates it', colour: 'estimate', interval: true },
        { label: 'Ohmic and reaction, true', colour: 'current', dashed: true },
        { label: 'Cathode, true', colour: 'series-4', dashed: true },
      ],
      sync,
    }),
  ];
  grid.lastElementChild!.append(without);

  return {
    show({ samples, settings }, cycle) {
      title.textContent = `Cycle ${cycle}`;
      const [from, to] = samples.rangeOf(cycle);
      const column = (field: Field): Float64Array => samples.column(field).subarray(from, to);
      const times = column(Field.Time_s);
      const began_s = times[0] ?? 0;
      const hours = times.map((t) => (t - began_s) / 3600);
      charts[0].setData([hours, column(Field.Voltage_V)]);
      charts[1].setData([hours, column(Field.Current_A)]);
      charts[2].setData(overpotentials(hours, column));
      without.hidden = settings.policy !== 'fixed' || settings.chips;
    },
    destroy() {
      for (const chart of charts) chart.destroy();
    },
  };
}

/** Of the discharge alone: from the first to the last sample that has its current, and not the noise of a rest. */
function overpotentials(hours: Float64Array, column: (field: Field) => Float64Array): Column[] {
  const current = column(Field.Current_A);
  const flows = current.reduce((most, i) => Math.max(most, i), 0) / 2;
  const from = Math.max(
    0,
    current.findIndex((i) => i > flows),
  );
  const to = current.findLastIndex((i) => i > flows) + 1;
  const part = (field: Field): Float64Array => column(field).subarray(from, to);
  const [estimate, sigma] = [part(Field.Estimate_mV), part(Field.Sigma_mV)];
  return [
    hours.subarray(from, to),
    part(Field.EtaConc_mV),
    known(estimate),
    known(estimate.map((value, k) => value - SIGMAS * sigma[k]!)),
    known(estimate.map((value, k) => value + SIGMAS * sigma[k]!)),
    part(Field.EtaFast_mV),
    part(Field.EtaCathode_mV),
  ];
}

/** A typed array has no gaps: NaN becomes one. */
const known = (values: Float64Array): Column => Array.from(values, (value) => (Number.isNaN(value) ? null : value));
