import type { PaperPoint } from '../paper/000';
import type { Strategy, VolcanoOptions, VolcanoPoint, VolcanoResult } from '../results/types';
import { axisWithTicks, colour, fittedAxis, footer, legend, openSymbol, panel, panelLetter } from './style';
import { toSvg } from './svg';

/** Of all the runs, for the words below. */
type Conditions = Pick<VolcanoOptions, 'charge_C' | 'temperature_C'>;
type Point = [log2Rate: number, value: number | null];
const LIFE = 0;
const RETENTION = 1;
const EFFICIENCY = 2;
/** Of the frames: numbers as wide as 100.0 and the axis name stand left of them. */
const left = 70;
const ROW_PX = 20;
/** Of the runs whose rate is chosen by the firmware: at their mean rate, in the colours of what they are compared with. */
const SYMBOLS: Record<Strategy, string> = {
  fixed: 'circle',
  adaptive: 'diamond',
  'adaptive+tail': 'path://M3 0H7V3H10V7H7V10H3V7H0V3H3Z',
  'adaptive+taper': 'path://M5 0L6.5 3.5L10 3.8L7.4 6.2L8.1 10L5 8L1.9 10L2.6 6.2L0 3.8L3.5 3.5Z',
};

/**
 * Life (a), retention (b) and mean coulombic efficiency (c) against discharge rate (logarithmic axis): the model filled and
 * joined, the paper's points open, the runs that chose their rate as symbols of their own at its mean. A life that the run did not
 * reach is its symbol below an arrow, at the cycles that were run; a run that did not get to cycle 100 is an open triangle at the
 * lower edge of the retentions; the legend says so.
 */
export function volcanoPicture(
  result: VolcanoResult,
  { charge_C, temperature_C }: Conditions,
  paper: readonly PaperPoint[] = [],
): string {
  const fixed = result.points.filter(({ strategy }) => strategy === 'fixed');
  const labelled = fixed.length + paper.length > 0 ? [...fixed, ...paper] : result.points;
  const ticks = log2Rates(labelled);
  const placed = log2Rates([...labelled, ...result.points]);
  const [first = 0, last = 0] = [placed[0], placed[placed.length - 1]];
  const margin = Math.max(0.25, 0.07 * (last - first));

  const lifespan = (point: VolcanoPoint): number | null => point.cyclesTo80;
  const checkup = (point: VolcanoPoint): number | null => point.checkupLife;
  const retention = (point: { retention100_pct: number | null }): number | null => point.retention100_pct;
  const efficiency = (point: { averageCe_pct: number | null }): number | null => point.averageCe_pct;

  const lines = [
    model('Lifespan, model', LIFE, colour.blue, 'circle', points(fixed, lifespan)),
    model('Check-up life, model', LIFE, colour.green, 'rect', points(fixed, checkup)),
    published(
      'Lifespan, paper',
      LIFE,
      points(paper, (point) => point.lifespan_cycles),
    ),
    model('Retention, model', RETENTION, colour.vermilion, 'circle', points(fixed, retention)),
    published('Retention, paper', RETENTION, points(paper, retention)),
    model('Mean CE, model', EFFICIENCY, colour.purple, 'circle', points(fixed, efficiency)),
    published('Mean CE, paper', EFFICIENCY, points(paper, efficiency)),
  ].filter((line) => line.data.some(([, value]) => value !== null));
  const steered = result.points.filter(({ strategy }) => strategy !== 'fixed');
  // What was not reached is longer than all the cycles that there were.
  const atLeast = (life: number | null, { cycles }: VolcanoPoint): number => life ?? cycles;
  const chosen = steered.flatMap((point) => [
    adaptive(point, LIFE, [
      { value: atLeast(checkup(point), point), color: colour.green, size: 16 },
      { value: atLeast(lifespan(point), point), color: colour.blue, size: 8 },
    ]),
    adaptive(point, RETENTION, [{ value: retention(point), color: colour.vermilion }]),
    adaptive(point, EFFICIENCY, [{ value: efficiency(point), color: colour.purple }]),
  ]);
  const heights = (panelIndex: number): number[] =>
    [...lines.map((line) => ({ ...line, values: line.data.map(([, value]) => value) })), ...chosen]
      .filter((line) => line.xAxisIndex === panelIndex)
      .flatMap(({ values }) => values)
      .filter((value) => value !== null);

  const outlived = result.points.filter((point) => lifespan(point) === null || checkup(point) === null);
  // Above the longest life there is room for the arrows; a symbol on the frame would be hard to read.
  const lives = [...heights(LIFE), ...outlived.map(({ cycles }) => cycles)];
  const longest = Math.max(10, ...(lives.length > 0 ? lives : [100])) * (outlived.length > 0 ? 1.2 : 1);
  const yAxes = [
    fittedAxis('Life / cycles', 48, [0, longest]),
    fittedAxis('Retention at cycle 100 / %', 48, [0, 100, ...heights(RETENTION)]),
    fittedAxis('Mean CE / %', 48, withRoom(heights(EFFICIENCY))),
  ];
  const missing = [notRun('Not run to 100', RETENTION, colour.vermilion, without(result.points, retention))].filter(
    (marks) => marks.data.length > 0,
  );
  const fixedOutlived = [
    outlivedAt(
      'Check-up life, model',
      'rect',
      colour.green,
      fixed.filter((point) => checkup(point) === null),
    ),
    outlivedAt(
      'Lifespan, model',
      'circle',
      colour.blue,
      fixed.filter((point) => lifespan(point) === null),
    ),
  ].filter((marks) => marks.data.length > 0);
  const arrows = outlived.length > 0 ? [arrowsAbove(outlived)] : [];

  const namesIn = (panelIndex: number): string[] => [
    ...new Set(
      [...lines, ...fixedOutlived, ...missing]
        .filter((line) => line.xAxisIndex === panelIndex)
        .map((line) => line.name),
    ),
  ];

  const arrowsRow_px = 4 + (namesIn(LIFE).length > 0 ? ROW_PX : 0);
  const chosenRow_px = arrowsRow_px + (arrows.length > 0 ? ROW_PX : 0);
  const down_px = Math.max(0, chosenRow_px + (steered.length > 0 ? ROW_PX : 0) - 4 - ROW_PX);
  const tops_px = [4, 206 + down_px, 394 + down_px];
  const words = footer(
    [
      `Cell ${result.cell}, charged at ${charge_C}C, ${temperature_C} °C.`,
      'Life: cycles until 80 % of the first discharge at 0.2C is left.',
      "Retention: of each run's own first discharge, which is less at fast rates.",
    ],
    tops_px[EFFICIENCY]! + 186,
    24,
  );
  return toSvg(
    {
      grid: [
        panel({ top: 28 + down_px, height: 165, left }),
        panel({ top: tops_px[RETENTION]! + 24, height: 150, left }),
        panel({ top: tops_px[EFFICIENCY]! + 24, height: 110, left }),
      ],
      xAxis: yAxes.map((_, gridIndex) => ({
        ...axisWithTicks(
          gridIndex === EFFICIENCY ? 'Discharge rate' : '',
          26,
          ticks,
          gridIndex === EFFICIENCY,
          rateLabel,
        ),
        gridIndex,
        min: first - margin,
        max: last + margin,
      })),
      yAxis: yAxes.map((yAxis, gridIndex) => ({ ...yAxis, gridIndex })),
      legend: [
        ...tops_px.map((top, panelIndex) => legend({ data: namesIn(panelIndex), top, left: 24, right: 0 })),
        legend({ data: arrows.map((marks) => marks.name), top: arrowsRow_px, left: 24, right: 0, itemHeight: 12 }),
        legend({ data: steered.map(({ strategy }) => strategy), top: chosenRow_px, left: 24, right: 0, itemWidth: 12 }),
      ],
      graphic: [...tops_px.map((top, index) => panelLetter('abc'[index]!, top)), ...words.graphic],
      series: [...lines, ...missing, ...fixedOutlived, ...chosen.map(({ values: _, ...series }) => series), ...arrows],
    },
    words.bottom_px,
  );
}

const rateLabel = (log2Rate: number): string => `${Number((2 ** log2Rate).toPrecision(3))}C`;

/** Ascending and without repeats. */
const log2Rates = (rows: readonly { rate_C: number }[]): number[] =>
  [...new Set(rows.map(({ rate_C }) => Math.log2(rate_C)))].sort((a, b) => a - b);

function points<Row extends { rate_C: number }>(rows: readonly Row[], value: (row: Row) => number | null): Point[] {
  // What is not there interrupts the line.
  return rows.map((row): Point => [Math.log2(row.rate_C), value(row)]);
}

/** The same values and two beyond them, so that no symbol lies on the frame. */
function withRoom(values: readonly number[]): number[] {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const room = 0.06 * (high - low);
  return values.length === 0 ? [] : [...values, low - room, high + room];
}

function without(rows: readonly VolcanoPoint[], value: (row: VolcanoPoint) => number | null): number[] {
  return rows.filter((row) => value(row) === null).map((row) => row.rate_C);
}

function model(name: string, panelIndex: number, color: string, symbol: string, data: Point[]) {
  return {
    name,
    type: 'line' as const,
    xAxisIndex: panelIndex,
    yAxisIndex: panelIndex,
    data,
    symbol,
    symbolSize: 7,
    lineStyle: { color, width: 1.5, type: symbol === 'rect' ? [5, 3] : ('solid' as const) },
    itemStyle: { color },
  };
}

/** A run that chose its rate, in one panel; of two values that are alike the larger mark shows behind the smaller one. */
function adaptive(
  { strategy, rate_C }: VolcanoPoint,
  panelIndex: number,
  marks: readonly { value: number | null; color: string; size?: number }[],
) {
  const reached = marks.filter(({ value }) => value !== null);
  return {
    name: strategy as string,
    type: 'scatter' as const,
    xAxisIndex: panelIndex,
    yAxisIndex: panelIndex,
    values: marks.map(({ value }) => value),
    data: reached.map(({ value, color, size = 12 }) => ({
      value: [Math.log2(rate_C), value!],
      symbolSize: size,
      itemStyle: { color, borderColor: colour.black, borderWidth: 0.8 },
    })),
    symbol: SYMBOLS[strategy],
    symbolSize: 11,
    itemStyle: { color: colour.black, opacity: 1 },
    z: 6,
  };
}

function published(name: string, panelIndex: number, data: Point[]) {
  return {
    name,
    type: 'scatter' as const,
    xAxisIndex: panelIndex,
    yAxisIndex: panelIndex,
    data,
    symbol: 'circle',
    symbolSize: 11,
    itemStyle: openSymbol(colour.black),
    z: 5,
  };
}

/** A model's symbols at the cycles that were run, apart from its line. */
function outlivedAt(name: string, symbol: string, color: string, rows: readonly VolcanoPoint[]) {
  return {
    ...lives(rows),
    name,
    symbol,
    symbolSize: symbol === 'rect' ? 11 : 7,
    itemStyle: { color, opacity: 1 },
    z: 6,
  };
}

/** Cycles at each rate. */
function lives(rows: readonly VolcanoPoint[]) {
  return {
    type: 'scatter' as const,
    xAxisIndex: LIFE,
    yAxisIndex: LIFE,
    data: rows.map(({ rate_C, cycles }): Point => [Math.log2(rate_C), cycles]),
  };
}

/** Upwards from the symbols of runs whose life goes on. */
function arrowsAbove(rows: readonly VolcanoPoint[]) {
  const [least, most] = [Math.min, Math.max].map((of) => of(...rows.map(({ cycles }) => cycles)));
  return {
    ...lives(rows),
    name: `Still above 80 % after ${least === most ? `${most} cycles` : 'the last cycle run'}`,
    symbol: 'path://M5 0L10 7H6V16H4V7H0Z',
    symbolSize: [9, 15],
    symbolOffset: [0, -18],
    itemStyle: { color: colour.black, opacity: 1 },
    z: 7,
  };
}

/** Open triangles inside the frame, pointing out of its lower edge, at rates that have no value. */
function notRun(name: string, panelIndex: number, color: string, rates_C: readonly number[]) {
  return {
    name,
    type: 'scatter' as const,
    xAxisIndex: panelIndex,
    yAxisIndex: panelIndex,
    data: rates_C.map((rate_C): Point => [Math.log2(rate_C), 0]),
    symbol: 'path://M0 0L5 9L10 0Z',
    symbolSize: 9,
    symbolOffset: [0, -8],
    itemStyle: openSymbol(color),
    z: 5,
  };
}
