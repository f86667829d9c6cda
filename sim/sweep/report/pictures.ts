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

/** Curves that can be told apart. */
export const MOST_CURVES = 7;
const ROW_PX = 24;
const LABEL_PX = 7;
const LEAST_LABEL_PX = 64;
const MOST_LABEL_PX = 210;

/** Share of the runs that live longer than a number of cycles or missions. */
export function lifePicture(lives: readonly Life[], what: string): string {
  const shown = lives.slice(0, MOST_CURVES);
  const longest = Math.max(1, ...shown.flatMap(({ curve }) => curve.map(({ time }) => time)));
  const top = 12 + 20 * shown.length;
  return toSvg(
    {
      grid: panel({ top, height: 230 }),
      xAxis: { ...axisWithTicks(what, 28, roundTicks(longest)), min: 0, max: longest },
      yAxis: { ...axisWithTicks('Share that lives longer', 42, [0, 0.2, 0.4, 0.6, 0.8, 1]), min: 0, max: 1 },
      legend: legend({
        data: shown.map(({ group }) => ({ name: group, icon: icon.line })),
        orient: 'vertical',
        top: 4,
        left: 64,
        itemGap: 6,
      }),
      series: shown.map(({ group, curve }, k) => ({
        name: group,
        type: 'line' as const,
        step: 'end' as const,
        showSymbol: false,
        lineStyle: { width: 1.5, color: colourCycle[k]! },
        itemStyle: { color: colourCycle[k]! },
        data: curve.map(({ time, share }) => [time, share]),
      })),
    },
    top + 290,
  );
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
      marks: comparisons.flatMap(({ level, mean, within }) =>
        mean === null ? [] : [{ label: level, value: mean, within }],
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
