/** What becomes of the cell over its cycles; runs side by side where there are several. */
import { efficiencyByCycle, modelledEtaConc_mV } from '../../../picture/byCycle';
import { withoutSpikes } from '../../../picture/spikes';
import type { CycleResult } from '../../../results/types';
import { createChart, type Chart } from '../chart';
import type { ChartSeries, Column, Columns } from '../chartSpec';
import { h } from '../dom';
import { SIGMAS } from './cycleCharts';
import { Field } from './messages';
import type { Run } from './runner';
import { labelOf } from './settings';

export interface ComparedRun {
  run: Run;
  /** Name of a colour of look.css. */
  colour: string;
}

export interface RunCharts {
  /** New data of the same runs. */
  update(): void;
  destroy(): void;
}

const cycleAxis = { label: 'Cycle', unit: '1', decimals: 0 };
const sync = 'cycles';
const FIRST_OFF_PCT = 0.5;

export function createRunCharts(root: HTMLElement, runs: readonly ComparedRun[]): RunCharts {
  const own = runs[0]!.run;
  const charts: { chart: Chart; columns: () => Columns }[] = [];
  const section = (
    title: string,
    words: string,
  ): ((spec: Parameters<typeof createChart>[1], columns: () => Columns) => void) => {
    const grid = h('div', { class: 'charts' });
    root.append(h('section', { class: 'card' }, h('h2', {}, title), h('p', { class: 'soft' }, words), grid));
    return (spec, columns) => charts.push({ chart: createChart(grid.appendChild(h('div', {})), spec), columns });
  };
  const perRun = (kind: ChartSeries['kind']): ChartSeries[] =>
    runs.map(({ run, colour }) => ({ label: labelOf(run.settings), colour, kind: kind ?? 'line' }));

  const life = section(
    'Cycle by cycle',
    'Retention is the discharge against the first one of the same run. Coulombic efficiency (CE) is what comes out of what went in; values that jump when the rate changes are left out.',
  );
  life(
    {
      title: 'Capacity retention',
      x: cycleAxis,
      y: { label: 'Retention', unit: '%', decimals: 1 },
      series: perRun('line'),
      sync,
    },
    () => byCycle(runs, (cycle, cycles) => (100 * cycle.discharge_mAh) / cycles[0]!.discharge_mAh),
  );
  life(
    {
      title: 'Coulombic efficiency',
      x: cycleAxis,
      y: { label: 'CE', unit: '%', decimals: 2 },
      series: perRun('line'),
      sync,
    },
    () => [cycleNumbers(runs), ...runs.map(({ run }) => efficiency(run.cycles, longest(runs)))],
  );
  life(
    {
      title: 'Discharge rate',
      x: cycleAxis,
      y: { label: 'Rate', unit: 'C', decimals: 2 },
      series: perRun('steps'),
      sync,
    },
    () => byCycle(runs, (cycle) => cycle.rate_C),
  );

  const inside = section(
    'Where the lithium is',
    'At the end of each discharge. Lithium outside the cathode is lost for the next cycle, unless it is active: connected to the copper.',
  );
  const parts: [keyof CycleResult['lithium_mAh'], string][] = [
    ['sei', 'SEI (bound in the interphase)'],
    ['dead', 'Dead'],
    ['isolated', 'Isolated, can be won back'],
    ['residual', 'Residual (left behind, connected)'],
  ];
  const areas: ChartSeries[] = [
    ...parts.map(([key, label]): ChartSeries => ({ label, colour: `li-${key}`, kind: 'area' })),
    { label: 'Other active', colour: 'li-active', kind: 'area' },
  ];
  const amount = { label: 'Lithium', unit: 'mAh', decimals: 1 };
  inside(
    {
      title: 'As it is: true inventory',
      x: cycleAxis,
      y: { ...amount, min: 0 },
      series: [...areas, { label: 'In the cathode', colour: 'li-cathode', kind: 'area' }],
      height_px: 300,
      sync,
    },
    () => {
      const cycles = own.cycles;
      const stack = stackOf(cycles, (cycle) => cycle.lithium_mAh);
      const all = own.lithium_mAh;
      const cathode = cycles.map(({ lithium_mAh: { active, isolated, dead, sei } }) =>
        all === null ? null : Math.max(0, all - active - isolated - dead - sei),
      );
      return [cycles.map(({ n }) => n), ...stack, cathode];
    },
  );
  if (estimates(own)) {
    inside(
      {
        title: 'As the firmware estimates it',
        x: cycleAxis,
        y: { ...amount, min: 0 },
        series: areas,
        height_px: 300,
        sync,
      },
      () => [own.cycles.map(({ n }) => n), ...stackOf(own.cycles, (cycle) => cycle.lithiumEstimated_mAh)],
    );
    const beside = section(
      'Estimates beside the truth',
      `The firmware has voltage, current and temperature only. Bands are its own intervals: ${SIGMAS} standard deviations on either side. Black is the simulated truth, which it never sees.${own.settings.mismatch === 0 ? ' It was told this very cell, hence its good estimates; a model error of 0.2 (More choices) makes it wrong.' : ''}`,
    );
    const pair = (name: string): ChartSeries[] => [
      { label: `${name}, true`, colour: 'truth' },
      { label: `${name}, estimated`, colour: 'estimate', interval: true },
    ];
    beside(
      { title: 'All lithium outside the cathode', x: cycleAxis, y: amount, series: pair('Lithium outside'), sync },
      () =>
        withInterval(
          own.cycles,
          ({ lithium_mAh: { active, isolated, dead, sei } }) => active + isolated + dead + sei,
          (cycle) => [cycle.lambdaEstimated_mAh, cycle.lambdaSigma_mAh],
        ),
    );
    for (const [key, name] of [
      ['active', 'Active lithium'],
      ['isolated', 'Isolated lithium'],
      ['dead', 'Dead lithium'],
    ] as const)
      beside({ title: name, x: cycleAxis, y: amount, series: pair(name), sync }, () =>
        withInterval(
          own.cycles,
          (cycle) => cycle.lithium_mAh[key],
          (cycle) => [cycle.lithiumEstimated_mAh[key], cycle.lithiumSigma_mAh?.[key]],
        ),
      );
    beside(
      {
        title: 'Concentration overpotential, mean of the discharge',
        x: cycleAxis,
        y: { label: 'eta_conc', unit: 'mV', decimals: 1 },
        series: [
          { label: 'True', colour: 'truth' },
          { label: 'Estimated', colour: 'estimate' },
        ],
        sync,
      },
      () => [
        own.cycles.map(({ n }) => n),
        own.cycles.map(modelledEtaConc_mV),
        own.cycles.map(({ etaConcEstimated_mV }) => etaConcEstimated_mV),
      ],
    );
  }
  const whole = section('The whole test', 'Every sample of the run. Drag to zoom, double-click to see all.');
  whole(
    {
      title: 'Voltage over the whole test',
      x: { label: 'Time', unit: 'h', decimals: 2 },
      y: { label: 'Voltage', unit: 'V', decimals: 3 },
      series: [{ label: 'Voltage', colour: 'voltage' }],
      height_px: 160,
    },
    () => [own.samples.column(Field.Time_s).map((t) => t / 3600), own.samples.column(Field.Voltage_V)],
  );

  const update = (): void => {
    for (const { chart, columns } of charts) chart.setData(columns());
  };
  update();
  return {
    update,
    destroy() {
      for (const { chart } of charts) chart.destroy();
    },
  };
}

/** A fixed rate in fast mode is a cell without firmware. */
const estimates = ({ settings }: Run): boolean => settings.policy !== 'fixed' || settings.chips;

const longest = (runs: readonly ComparedRun[]): number => Math.max(...runs.map(({ run }) => run.cycles.length));
const cycleNumbers = (runs: readonly ComparedRun[]): number[] => Array.from({ length: longest(runs) }, (_, k) => k + 1);

function byCycle(
  runs: readonly ComparedRun[],
  value: (cycle: CycleResult, cycles: readonly CycleResult[]) => number,
): Columns {
  const numbers = cycleNumbers(runs);
  return [
    numbers,
    ...runs.map(({ run: { cycles } }) => numbers.map((_, k) => (cycles[k] ? value(cycles[k], cycles) : null))),
  ];
}

/** Without what would leave nothing else to see: spikes, and a first charge that also fills what formation emptied. */
function efficiency(cycles: readonly CycleResult[], count: number): Column {
  const [first, ...later] = withoutSpikes(efficiencyByCycle(cycles, false));
  const column: (number | null)[] = new Array<null>(count).fill(null);
  const shown =
    first && later[0] && Math.abs(first[1] - later[0][1]) > FIRST_OFF_PCT ? later : first ? [first, ...later] : [];
  for (const [n, value] of shown) column[n - 1] = value;
  return column;
}

function stackOf(
  cycles: readonly CycleResult[],
  of: (cycle: CycleResult) => CycleResult['lithiumEstimated_mAh'],
): Column[] {
  const column = (key: 'sei' | 'dead' | 'isolated' | 'residual'): Column => cycles.map((cycle) => of(cycle)[key]);
  const rest = cycles.map((cycle) => {
    const { active, residual } = of(cycle);
    return active === null ? null : Math.max(0, active - (residual ?? 0));
  });
  return [column('sei'), column('dead'), column('isolated'), column('residual'), rest];
}

function withInterval(
  cycles: readonly CycleResult[],
  truth: (cycle: CycleResult) => number,
  estimate: (cycle: CycleResult) => [value: number | null | undefined, sigma: number | null | undefined],
): Columns {
  const found = cycles.map(estimate);
  const off = (sign: number): Column =>
    found.map(([value, sigma]) =>
      typeof value === 'number' && typeof sigma === 'number' ? value + sign * SIGMAS * sigma : null,
    );
  return [cycles.map(({ n }) => n), cycles.map(truth), found.map(([value]) => value ?? null), off(-1), off(1)];
}
