import type { SimulateResult } from '../results/types';
import { byCycle, cycleTicks, efficiencyByCycle, firstEfficiencyOffScale, retentionByCycle } from './byCycle';
import {
  axis,
  axisWithTicks,
  colour,
  colourCycle,
  figureWidth_px,
  fittedAxis,
  icon,
  legend,
  note,
  openSymbol,
  panel,
  panelLetter,
} from './style';
import { isSpiky, withoutSpikes } from './spikes';
import { toSvg } from './svg';

/** Of a run's name, beside a panel of the usual width. */
const MOST_LETTERS = 5;

/** One run, and what a paper says of the same cell at the same rate. */
export interface RetentionRun {
  /** For the legend: `1C`. */
  label: string;
  result: Pick<SimulateResult, 'cycles' | 'summary'>;
  paper?: {
    lifespan_cycles?: number | null;
    averageCe_pct?: number | null;
    /** Discharge capacity in percent of the first at the same rate. */
    retention?: readonly { cycle: number; retention_pct: number }[];
  };
}

/**
 * Retention (a) and coulombic efficiency (b) against the cycle number, one colour a run; right of (b) the means. What a paper
 * measured stands open beside what the model gives: retentions as circles, lifespans as diamonds, means as circles.
 *
 * A lifespan ends at 80 % of the first discharge at 0.2C, which is another percentage of each run's own first discharge: both
 * its diamonds stand at the height where the model's curve crosses it, or on the curve where the model does not get there.
 */
export function retentionPicture(runs: readonly RetentionRun[]): string {
  const spiky = runs.some(({ result: { cycles } }) =>
    isSpiky(efficiencyByCycle(cycles, firstEfficiencyOffScale(cycles))),
  );
  const firstOffScale = runs.some((run) => firstEfficiencyOffScale(run.result.cycles));
  const drawn = runs
    .filter((run) => run.result.cycles.length > 0)
    .map((run, index) => ({
      ...run,
      color: colourCycle[index % colourCycle.length]!,
      retention: retentionByCycle(run.result.cycles),
      efficiency: withoutSpikes(efficiencyByCycle(run.result.cycles, firstOffScale)),
      published: run.paper?.retention ?? [],
    }));
  // Long names need room beside the panel.
  const right = drawn.some(({ label }) => label.length > MOST_LETTERS) ? 82 : 68;
  const cycles = drawn.flatMap((run) => [run.result.cycles.length, ...run.published.map((point) => point.cycle)]);
  const lastCycle = cycles.reduce((last, cycle) => Math.max(last, cycle), 2);

  const lifespans = (of: 'model' | 'paper'): Mark[] =>
    drawn.flatMap(({ result: { summary }, paper, retention, color }) => {
      const life = of === 'model' ? summary.cyclesTo80 : (paper?.lifespan_cycles ?? null);
      return life === null ? [] : [{ at: [life, byCycle(retention, summary.cyclesTo80 ?? life)], color }];
    });
  const means = (of: 'model' | 'paper'): Mark[] =>
    drawn.flatMap(({ result: { summary }, paper, color }, index) => {
      const ce_pct = of === 'model' ? summary.averageCe_pct : (paper?.averageCe_pct ?? null);
      return ce_pct === null ? [] : [{ at: [index + 1, ce_pct], color }];
    });
  const published = drawn.flatMap(({ published, color }): Mark[] =>
    published.map(({ cycle, retention_pct }) => ({ at: [cycle, retention_pct], color })),
  );
  const upper = [
    marks('Retention, paper', 0, 'emptyCircle', 10, published),
    marks('Lifespan, model', 0, 'diamond', 8, lifespans('model')),
    marks('Lifespan, paper', 0, 'emptyDiamond', 13, lifespans('paper')),
  ];
  const lower = [
    marks('Mean, model', 2, 'circle', 6, means('model')),
    marks('Mean, paper', 2, 'emptyCircle', 10, means('paper')),
  ];

  const heights = (of: readonly ReturnType<typeof marks>[]): number[] =>
    of.flatMap((series) => series.data.map(({ value }) => value[1]));
  const efficiencyAxis = fittedAxis('Coulombic efficiency / %', 48, [
    ...drawn.flatMap((run) => run.efficiency.map(([, ce_pct]) => ce_pct)),
    ...heights(lower),
  ]);
  const cycleAxis = (gridIndex: number) => ({
    ...axisWithTicks(gridIndex === 1 ? 'Cycle number' : '', 26, cycleTicks(lastCycle), gridIndex === 1),
    gridIndex,
    min: 0,
    // Room for a symbol on the last cycle.
    max: 1.04 * lastCycle,
  });
  const hidden = { axisTick: { show: false }, axisLabel: { show: false } };
  return toSvg(
    {
      grid: [
        panel({ top: 30, height: 190, left: 70, right }),
        panel({ top: 258, height: 165, left: 70, right }),
        panel({ top: 258, height: 165, left: figureWidth_px + 8 - right, right: 6 }),
      ],
      xAxis: [
        cycleAxis(0),
        cycleAxis(1),
        { ...axis('Mean', 10), ...hidden, gridIndex: 2, min: 0, max: drawn.length + 1 },
      ],
      yAxis: [
        {
          ...fittedAxis('Retention / %', 46, [
            ...drawn.flatMap((run) => run.retention.map(([, retention_pct]) => retention_pct)),
            ...heights(upper),
          ]),
          gridIndex: 0,
        },
        { ...efficiencyAxis, gridIndex: 1 },
        { ...efficiencyAxis, ...hidden, name: '', gridIndex: 2 },
      ],
      legend: [
        symbolLegend(upper, 4),
        symbolLegend(lower, 232),
        legend({
          data: drawn.map((run) => ({ name: run.label, icon: icon.line })),
          orient: 'vertical',
          top: 26,
          left: figureWidth_px + 2 - right,
          itemWidth: 16,
          itemGap: 6,
        }),
      ],
      graphic: [
        panelLetter('a', 4),
        panelLetter('b', 232),
        ...(spiky ? [note('CE: spikes left out', 232)] : firstOffScale ? [note('CE from cycle 2 on', 232)] : []),
      ],
      series: [
        ...drawn.flatMap(({ label, color, retention, efficiency }) => [
          curve(label, 0, color, retention),
          curve(label, 1, color, efficiency),
        ]),
        ...upper,
        ...lower,
      ],
    },
    470,
  );
}

interface Mark {
  at: [x: number, y: number];
  color: string;
}

function curve(name: string, panelIndex: number, color: string, data: readonly [number, number][]) {
  return {
    name,
    type: 'line' as const,
    xAxisIndex: panelIndex,
    yAxisIndex: panelIndex,
    data: [...data],
    // A line needs two points.
    showSymbol: data.length === 1,
    symbol: 'circle',
    symbolSize: 4,
    lineStyle: { width: 1.5, color },
    itemStyle: { color },
  };
}

/** Symbols of one kind, each in the colour of its run; those whose name begins with `empty` are open. */
function marks(name: string, panelIndex: number, symbol: string, symbolSize: number, points: readonly Mark[]) {
  const style = (color: string) => (isOpen(symbol) ? openSymbol(color) : { color, opacity: 1 });
  return {
    name,
    type: 'scatter' as const,
    xAxisIndex: panelIndex,
    yAxisIndex: panelIndex,
    data: points.map(({ at, color }) => ({ value: at, itemStyle: style(color) })),
    symbol: symbol.replace('empty', '').toLowerCase(),
    symbolSize,
    itemStyle: style(colour.black),
    z: 5,
  };
}

const isOpen = (symbol: string): boolean => symbol.startsWith('empty');

function symbolLegend(series: readonly ReturnType<typeof marks>[], top: number) {
  return legend({
    data: series.filter(({ data }) => data.length > 0).map(({ name }) => name),
    top,
    left: 24,
    itemWidth: 12,
    itemGap: 9,
  });
}
