/** The report's pictures, in the house style. */
import {
  axis,
  axisWithTicks,
  colour,
  colourCycle,
  fittedAxis,
  icon,
  legend,
  panel,
  roundTicks,
} from '../../picture/style';
import { toSvg } from '../../picture/svg';
import type { Comparison, Influence, Life } from './questions';

/** Curves that can be told apart in one panel. */
const MOST_CURVES = 7;
const LEGEND_ROW_PX = 20;
const PANEL_PX = 290;
const ROW_PX = 24;
const LABEL_PX = 7;
const LEAST_LABEL_PX = 64;
const MOST_LABEL_PX = 210;

/** Share of the runs that live longer than a number of cycles or missions: of all groups, in as many panels as they need. */
export function lifePicture(lives: readonly Life[], what: string): string {
  const longest = Math.max(1, ...lives.flatMap(({ curve }) => curve.map(({ time }) => time)));
  const each = curvesToPanel(lives.length);
  const panels = Array.from({ length: Math.ceil(lives.length / each) }, (_, k) => ({
    shown: lives.slice(k * each, (k + 1) * each),
    top: k * (12 + LEGEND_ROW_PX * each + PANEL_PX),
  }));
  const frameTop = ({ shown, top }: (typeof panels)[number]): number => top + 12 + LEGEND_ROW_PX * shown.length;
  return toSvg(
    {
      grid: panels.map((own) => panel({ top: frameTop(own), height: 230 })),
      xAxis: panels.map((_, gridIndex) => ({
        ...axisWithTicks(what, 28, roundTicks(longest)),
        ...{ min: 0, max: longest, gridIndex },
      })),
      yAxis: panels.map((_, gridIndex) => ({
        ...axisWithTicks('Share that lives longer', 42, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ...{ min: 0, max: 1, gridIndex },
      })),
      legend: panels.map(({ shown, top }) =>
        legend({
          data: shown.map(({ group }) => ({ name: group, icon: icon.line })),
          orient: 'vertical',
          top: top + 4,
          left: 64,
          itemGap: 6,
        }),
      ),
      series: panels.flatMap(({ shown }, at) =>
        shown.map(({ group, curve }, k) => ({
          name: group,
          type: 'line' as const,
          ...{ xAxisIndex: at, yAxisIndex: at },
          step: 'end' as const,
          showSymbol: false,
          lineStyle: { width: 1.5, color: colourCycle[k]! },
          itemStyle: { color: colourCycle[k]! },
          data: curve.map(({ time, share }) => [time, share]),
        })),
      ),
    },
    frameTop(panels.at(-1)!) + PANEL_PX,
  );
}

/** As many in each panel: what the last factor of the grid tells apart then mostly stays together. */
function curvesToPanel(curves: number): number {
  for (let each = Math.min(curves, MOST_CURVES); each > 2; each--) if (curves % each === 0) return each;
  return Math.ceil(curves / Math.ceil(curves / MOST_CURVES));
}

interface Mark {
  label: string;
  value: number;
  within: number | null;
}

interface MarkSeries {
  name: string;
  color: string;
  marks: readonly Mark[];
}

/** Differences to the first level with their 95 % intervals. */
export const comparisonPicture = (comparisons: readonly Comparison[]): string =>
  marksPicture(`Difference of ${comparisons[0]!.answer} to ${comparisons[0]!.against}`, [
    {
      name: '',
      color: colour.blue,
      marks: comparisons.flatMap(({ level, among, mean, within }) =>
        mean === null ? [] : [{ label: among === '' ? level : `${level}, ${among}`, value: mean, within }],
      ),
    },
  ]);

/** Of one group of runs. */
export function influencePicture(influences: readonly Influence[], names: readonly [string, string | null]): string {
  const series = (
    name: string,
    color: string,
    value: (of: Influence) => number | null,
    within: (of: Influence) => number | null,
  ) => ({
    name,
    color,
    marks: influences.flatMap((of) => {
      const own = value(of);
      return own === null
        ? []
        : [{ label: of.input.replace(/^(times|parameters)\./, ''), value: own, within: within(of) }];
    }),
  });
  const [first, second] = names;
  return marksPicture(second === null ? first : '', [
    series(
      first,
      colour.blue,
      (of) => of.first,
      (of) => of.firstWithin,
    ),
    ...(second === null
      ? []
      : [
          series(
            second,
            colour.vermilion,
            (of) => of.second,
            (of) => of.secondWithin,
          ),
        ]),
  ]);
}

/** A row for each label: a dot for each series, with its interval as a line. */
function marksPicture(title: string, series: readonly MarkSeries[]): string {
  const labels = [...new Set(series.flatMap(({ marks }) => marks.map(({ label }) => label)))];
  const ends = series.flatMap(({ marks }) =>
    marks.flatMap(({ value, within }) => [value - (within ?? 0), value + (within ?? 0)]),
  );
  const named = series.length > 1;
  const top = named ? 34 : 12;
  const height = Math.max(60, ROW_PX * labels.length);
  const widest = Math.max(0, ...labels.map((label) => label.length));
  const left = Math.min(MOST_LABEL_PX, Math.max(LEAST_LABEL_PX, 16 + LABEL_PX * widest));
  const rowOf = (label: string, k: number): number =>
    labels.length - labels.indexOf(label) - 0.5 - (named ? 0.3 * (k - 0.5) : 0);
  const rows = axis('', 0);
  return toSvg(
    {
      grid: panel({ top, height, left }),
      xAxis: fittedAxis(title, 28, [0, ...ends]),
      yAxis: {
        ...rows,
        min: 0,
        max: Math.max(1, labels.length),
        axisTick: { ...rows.axisTick, customValues: labels.map((_, k) => labels.length - k - 0.5) },
        axisLabel: {
          ...rows.axisLabel,
          customValues: labels.map((_, k) => labels.length - k - 0.5),
          formatter: (value: number) => labels[Math.round(labels.length - value - 0.5)] ?? '',
          width: left - 12,
          overflow: 'truncate' as const,
        },
      },
      ...(named && { legend: legend({ top: 6, left, data: series.map(({ name }) => name) }) }),
      series: series.flatMap(({ name, color, marks }, k) => [
        {
          name,
          type: 'scatter' as const,
          symbolSize: 7,
          itemStyle: { color },
          data: marks.map(({ label, value }) => [value, rowOf(label, k)]),
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: colour.grey, type: 'dashed' as const, width: 1 },
            label: { show: false },
            data: [{ xAxis: 0 }],
          },
        },
        ...marks
          .filter(({ within }) => within !== null)
          .map(({ label, value, within }) => ({
            type: 'line' as const,
            silent: true,
            showSymbol: false,
            lineStyle: { color, width: 1.5 },
            data: [
              [value - within!, rowOf(label, k)],
              [value + within!, rowOf(label, k)],
            ],
          })),
      ]),
    },
    top + height + 52,
  );
}
