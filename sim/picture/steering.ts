/** Policies beside the best constant rate: for docs/steering.md. */
import { axisWithTicks, colour, fittedAxis, icon, legend, note, panel, panelLetter, roundTicks } from './style';
import { toSvg } from './svg';

/** What the policies reach on the cells of one electrolyte, each over the best constant rate on that very cell. */
export interface LifePanel {
  label: string;
  policies: readonly { name: string; ratios: readonly number[] }[];
}

/** One cell: the rates that were steered to, and the best constant one. */
export interface RatePanel {
  label: string;
  best_C: number;
  runs: readonly { name: string; rates_C: readonly number[] }[];
}

/** Means and ranges over cells that all differ in one way from what was fitted. */
export interface VariantPanel {
  label: string;
  variants: readonly string[];
  /** One range a variant; null where nothing was run. */
  runs: readonly { name: string; ranges: readonly (Range | null)[] }[];
}

export interface Range {
  least: number;
  mean: number;
  most: number;
}

const PANEL_PX = 190;
const STEP_PX = PANEL_PX + 66;
const TOP_PX = 30;
const FOOT_PX = 48;
/** Share of a category's width that its points take. */
const STRIP = 0.6;
const POINT_PX = 5;
const BEST = 'Best constant';
const SERIES_COLOURS = [colour.blue, colour.vermilion, colour.green, colour.purple];

const top = (k: number): number => TOP_PX + k * STEP_PX;
const height = (panels: number): number => top(panels - 1) + PANEL_PX + FOOT_PX;
const on = (k: number) => ({ xAxisIndex: k, yAxisIndex: k });

/** A line across the panel at what the best constant reaches. */
const atOne = (k: number) => ({
  type: 'line' as const,
  name: BEST,
  ...on(k),
  data: [],
  itemStyle: { color: colour.black },
  markLine: {
    silent: true,
    symbol: 'none',
    label: { show: false },
    lineStyle: { color: colour.black, width: 0.8, type: [4, 3] },
    data: [{ yAxis: 1 }],
  },
});

/** Names under the middle of equal widths. */
function categories(names: readonly string[]) {
  const plain = axisWithTicks(
    '',
    26,
    names.map((_, k) => k),
    true,
    (k) => names[k] ?? '',
  );
  return {
    ...plain,
    min: -0.5,
    max: names.length - 0.5,
    axisLabel: { ...plain.axisLabel, hideOverlap: false, fontSize: 12 },
  };
}

/** A panel an electrolyte, a strip of points a policy, one a cell; bars are means. */
export function lifePicture(panels: readonly LifePanel[]): string {
  return toSvg(
    {
      grid: panels.map((_, k) => panel({ top: top(k), height: PANEL_PX })),
      xAxis: panels.map(({ policies }, k) => ({ ...categories(policies.map(({ name }) => name)), gridIndex: k })),
      yAxis: panels.map(({ policies }, k) => ({
        ...fittedAxis('Check-up life / best constant’s', 42, [0, 1, ...policies.flatMap(({ ratios }) => ratios)]),
        gridIndex: k,
      })),
      legend: panels.map((_, k) =>
        legend({
          data: [
            { name: 'Cell', icon: 'circle', itemStyle: { color: colour.blue } },
            { name: 'Mean', icon: icon.line, itemStyle: { color: colour.black } },
            { name: BEST, icon: icon.dashes },
          ],
          top: top(k) - 26,
          left: 24,
        }),
      ),
      graphic: panels.flatMap(({ label }, k) => [panelLetter('abcd'[k]!, top(k) - 26), rightNote(label, top(k) - 26)]),
      series: panels.flatMap(({ policies }, k) => [
        atOne(k),
        {
          type: 'scatter' as const,
          name: 'Cell',
          ...on(k),
          symbolSize: POINT_PX,
          itemStyle: { opacity: 1, color: colour.blue },
          data: policies.flatMap(({ name, ratios }, x) =>
            ratios.map((ratio, n) => ({
              value: [x + STRIP * ((n + 0.5) / ratios.length - 0.5), ratio],
              itemStyle: { color: /^[\d.]+C$/.test(name) ? colour.skyBlue : colour.blue },
            })),
          ),
        },
        {
          type: 'scatter' as const,
          name: 'Mean',
          ...on(k),
          symbol: 'rect',
          symbolSize: [30, 2],
          itemStyle: { color: colour.black, opacity: 1 },
          data: policies.flatMap(({ ratios }, x) => (ratios.length > 0 ? [[x, average(ratios)]] : [])),
        },
      ]),
    },
    height(panels.length) - 20,
  );
}

/** A panel a cell: the rate against the cycle number, the best constant dashed. */
export function ratePicture(panels: readonly RatePanel[]): string {
  const names = [...new Set(panels.flatMap(({ runs }) => runs.map(({ name }) => name)))];
  return toSvg(
    {
      grid: panels.map((_, k) => panel({ top: top(k), height: PANEL_PX })),
      xAxis: panels.map(({ runs }, k) => {
        const last = Math.max(2, ...runs.map(({ rates_C }) => rates_C.length));
        const ticks = [1, ...roundTicks(last).filter((tick) => tick > 1)];
        return { ...axisWithTicks('Cycle number', 26, ticks), gridIndex: k, min: 1, max: last };
      }),
      yAxis: panels.map(({ runs, best_C }, k) => ({
        ...fittedAxis('Discharge rate / C', 42, [0, best_C, ...runs.flatMap(({ rates_C }) => rates_C)]),
        gridIndex: k,
      })),
      ...heads(panels, names, icon.line),
      series: panels.flatMap(({ runs, best_C }, k) => [
        ...runs.map(({ name, rates_C }, order) => ({
          type: 'line' as const,
          name,
          ...on(k),
          // Where runs agree, the first is seen.
          z: 2 + runs.length - order,
          step: 'middle' as const,
          showSymbol: false,
          lineStyle: { width: 1.5, color: SERIES_COLOURS[names.indexOf(name) % SERIES_COLOURS.length]! },
          itemStyle: { color: SERIES_COLOURS[names.indexOf(name) % SERIES_COLOURS.length]! },
          data: rates_C.map((rate_C, n) => [n + 1, rate_C]),
        })),
        { ...atOne(k), markLine: { ...atOne(k).markLine, data: [{ yAxis: best_C }] } },
      ]),
    },
    height(panels.length),
  );
}

/** Above each panel: its letter, what its marks are, whose it is. */
function heads(panels: readonly { label: string }[], names: readonly string[], mark: string) {
  return {
    legend: panels.map((_, k) =>
      legend({
        data: [...names.map((name) => ({ name, icon: mark })), { name: BEST, icon: icon.dashes }],
        top: top(k) - 26,
        left: 24,
        itemGap: 8,
      }),
    ),
    graphic: panels.flatMap(({ label }, k) => [
      panelLetter('abcd'[k]!, top(k) - 26),
      { ...rightNote(label, top(k) + 2), right: 24 },
    ]),
  };
}

/** A panel an electrolyte: means as points, ranges over the cells as bars, side by side for each variant. */
export function variantPicture(panels: readonly VariantPanel[], measure: string): string {
  const names = [...new Set(panels.flatMap(({ runs }) => runs.map(({ name }) => name)))];
  const shift = (name: string): number => (STRIP / names.length) * (names.indexOf(name) - (names.length - 1) / 2);
  return toSvg(
    {
      grid: panels.map((_, k) => panel({ top: top(k), height: PANEL_PX })),
      xAxis: panels.map(({ variants }, k) => ({ ...categories(variants), gridIndex: k })),
      yAxis: panels.map(({ runs }, k) => ({
        ...fittedAxis(`${measure} / best constant’s`, 42, [
          0,
          1,
          ...runs.flatMap(({ ranges }) => ranges.flatMap((range) => (range ? [range.least, range.most] : []))),
        ]),
        gridIndex: k,
      })),
      ...heads(panels, names, 'circle'),
      series: panels.flatMap(({ runs }, k) => [
        atOne(k),
        ...runs.flatMap(({ name, ranges }) => {
          const color = SERIES_COLOURS[names.indexOf(name) % SERIES_COLOURS.length]!;
          const at = (x: number): number => x + shift(name);
          return [
            {
              type: 'line' as const,
              name: `${name}, range`,
              ...on(k),
              showSymbol: false,
              lineStyle: { width: 1.2, color },
              data: ranges.flatMap((range, x) =>
                range
                  ? [
                      [at(x), range.least],
                      [at(x), range.most],
                      [at(x), null],
                    ]
                  : [],
              ),
            },
            {
              type: 'scatter' as const,
              name,
              ...on(k),
              symbolSize: 7,
              itemStyle: { color, opacity: 1 },
              data: ranges.flatMap((range, x) => (range ? [[at(x), range.mean]] : [])),
            },
          ];
        }),
      ]),
    },
    height(panels.length) - 20,
  );
}

const rightNote = (words: string, top_px: number) => ({ ...note(words, top_px), right: 18 });

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
