import type { LineSeriesOption } from 'echarts';
import type { ReplayedCycle } from '../replay/report';
import type { Lithium } from '../results/types';
import { cycleTicks } from './byCycle';
import { lithiumParts } from './inventory';
import { axisWithTicks, colour, fittedAxis, icon, legend, panel, panelLetter } from './style';
import { toSvg } from './svg';

/** Half the width of a band, in standard deviations: the truth lies within with 95 % probability. */
const BAND_SIGMAS = 1.96;
/** Width of a single cycle, in cycles. */
const COLUMN = 0.3;
const MEAN = 'Concentration, mean of discharge';
const MEAN_BAND = '95 % interval';
const LAMBDA = 'All, measured, with 95 % interval';

type Point = [cycle: number, value: number];
/** Cycles that follow each other without one that is not known. */
type Run = readonly { n: number; value: number; sigma: number }[];

const amounts: Record<string, (lithium: Lithium) => number> = {
  SEI: ({ sei }) => sei,
  Dead: ({ dead }) => dead,
  Isolated: ({ isolated }) => isolated,
  Residual: ({ residual }) => residual,
  'Other active': ({ active, residual }) => Math.max(0, active - residual),
};

/**
 * What the firmware's estimator makes of a measurement, by cycle: mean concentration overpotential of the discharge (a); lithium
 * outside the cathode after it, as a stack by where it is, and all of it as measured (b). A cycle that is not known leaves a gap, and
 * a panel of none is left out.
 */
export function replayEstimatesPicture(cycles: readonly ReplayedCycle[]): string {
  const known = cycles.flatMap(({ n, estimated }) => (estimated ? [{ n, ...estimated }] : []));
  const eta = runsOf(known.map(({ n, etaConc_mV, etaConcSigma_mV }) => [n, etaConc_mV, etaConcSigma_mV]));
  const lambda = runsOf(known.map(({ n, lambda_mAh, lambdaSigma_mAh }) => [n, lambda_mAh, lambdaSigma_mAh]));
  const pools = new Map(known.map(({ n, lithium_mAh }) => [n, lithium_mAh]));
  // What is too thin to be seen needs no colour in the legend.
  const visible_mAh = 0.005 * Math.max(0, ...lambda.flat().map(({ value }) => value));
  const named = lithiumParts
    .map(({ name }) => name)
    .filter((name) => lambda.flat().some(({ n }) => amountOf(pools.get(n), name) > visible_mAh))
    .reverse();

  const first = Math.min(...cycles.map(({ n }) => n));
  const last = Math.max(...cycles.map(({ n }) => n));
  // Without the panel above it, that of the lithium moves to the top.
  const up_px = eta.length > 0 ? 0 : 176;
  const frames = [
    { name: 'Overpotential / mV', runs: eta, place: { top: 30, height: 130 } },
    { name: 'Lithium / mAh', runs: lambda, place: { top: 226 - up_px, height: 220 } },
  ].filter(({ runs }) => runs.length > 0);
  const lambdaIndex = frames.length - 1;
  const x = (gridIndex: number) => ({
    ...axisWithTicks(
      gridIndex === frames.length - 1 ? 'Cycle number' : '',
      26,
      cycleTicks(last).filter((tick) => tick >= first),
      gridIndex === frames.length - 1,
    ),
    gridIndex,
    min: first === last ? first - 1 : first,
    max: first === last ? first + 1 : last,
  });
  return toSvg(
    {
      grid: frames.map(({ place }) => panel(place)),
      xAxis: frames.map((_, index) => x(index)),
      yAxis: frames.map(({ name, runs }, gridIndex) => ({
        ...fittedAxis(name, 46, [0, ...limitsOf(runs)]),
        gridIndex,
      })),
      legend: [
        legend({
          data:
            eta.length > 0
              ? [
                  { name: MEAN, icon: icon.line },
                  { name: MEAN_BAND, icon: 'rect' },
                ]
              : [],
          top: 4,
          left: 58,
        }),
        legend({
          data: named,
          top: 180 - up_px,
          left: 58,
          right: 0,
          itemWidth: 12,
          itemHeight: 9,
          icon: 'rect',
        }),
        legend({ data: lambda.length > 0 ? [{ name: LAMBDA, icon: icon.line }] : [], top: 200 - up_px, left: 58 }),
      ],
      graphic: frames.length > 1 ? [panelLetter('a', 4), panelLetter('b', 180)] : [],
      series: [
        ...eta.flatMap((run, index) =>
          bandAndLine(run, `eta${index}`, 0, MEAN, MEAN_BAND, colour.blue, colour.skyBlue),
        ),
        ...lambda.flatMap((run, index) => [
          ...stack(run, index, lambdaIndex, pools),
          ...bandAndLine(run, `lambda${index}`, lambdaIndex, LAMBDA, '', colour.black, colour.grey),
        ]),
      ],
    },
    frames.at(-1)!.place.top + frames.at(-1)!.place.height + 48,
  );
}

const amountOf = (lithium: Lithium<number | null> | undefined, part: string): number =>
  lithium?.sei == null ? 0 : amounts[part]!(lithium as Lithium);

function runsOf(values: readonly [n: number, value: number | null, sigma: number | null][]): Run[] {
  const runs: { n: number; value: number; sigma: number }[][] = [];
  let follows = false;
  for (const [n, value, sigma] of values) {
    if (value === null || sigma === null) follows = false;
    else if (follows) runs.at(-1)!.push({ n, value, sigma });
    else {
      runs.push([{ n, value, sigma }]);
      follows = true;
    }
  }
  return runs;
}

const limitsOf = (runs: readonly Run[]): number[] =>
  runs.flat().flatMap(({ value, sigma }) => [Math.max(0, value - BAND_SIGMAS * sigma), value + BAND_SIGMAS * sigma]);

/** One area a part of the lithium, each on top of the one before; a single cycle is a narrow column. */
function stack(
  run: Run,
  index: number,
  axisIndex: number,
  pools: ReadonlyMap<number, Lithium<number | null>>,
): LineSeriesOption[] {
  const widths = run.length === 1 ? [-COLUMN / 2, COLUMN / 2] : [0];
  return lithiumParts.map(({ name, color }) => ({
    name,
    type: 'line' as const,
    xAxisIndex: axisIndex,
    yAxisIndex: axisIndex,
    stack: `lithium${index}`,
    data: run.flatMap(({ n }) => widths.map((aside): Point => [n + aside, amountOf(pools.get(n), name)])),
    showSymbol: false,
    lineStyle: { width: 0 },
    itemStyle: { color },
    areaStyle: { color, opacity: 1 },
  }));
}

/**
 * A line in its interval, which is its lower limit, unseen, with its width stacked on top; of a single cycle a point with a
 * vertical line.
 */
function bandAndLine(
  run: Run,
  id: string,
  axisIndex: number,
  name: string,
  bandName: string,
  color: string,
  bandColor: string,
): LineSeriesOption[] {
  const shared = { type: 'line' as const, xAxisIndex: axisIndex, yAxisIndex: axisIndex, z: 4 };
  const low = ({ value, sigma }: Run[number]): number => Math.max(0, value - BAND_SIGMAS * sigma);
  const unseen = { ...shared, stack: id, showSymbol: false, lineStyle: { width: 0 } };
  const values = { ...shared, name, symbol: 'circle', symbolSize: 4, itemStyle: { color } };
  const data = run.map(({ n, value }): Point => [n, value]);
  if (run.length === 1) {
    const [{ n, value, sigma }] = run as [Run[number]];
    const ends: Point[] = [low(run[0]!), value + BAND_SIGMAS * sigma].map((end): Point => [n, end]);
    return [
      { ...shared, name: bandName, data: ends, showSymbol: false, lineStyle: { color, width: 1 } },
      { ...values, data },
    ];
  }
  return [
    { ...unseen, data: run.map((at): Point => [at.n, low(at)]) },
    {
      ...unseen,
      name: bandName,
      data: run.map((at): Point => [at.n, at.value + BAND_SIGMAS * at.sigma - low(at)]),
      itemStyle: { color: bandColor },
      areaStyle: { color: bandColor, opacity: 0.55 },
    },
    { ...values, data, showSymbol: run.length <= 40, lineStyle: { color, width: 1.5 } },
  ];
}
