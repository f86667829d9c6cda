/** A chart as an SVG that stands alone: for print, in the light colours, whatever the screen shows. */
import { roundScale } from '../../picture/style';
import {
  axisTitle,
  columnsOf,
  endBelowPeaks,
  widened,
  type ChartAxis,
  type ChartSpec,
  type Column,
  type Columns,
} from './chartSpec';
import { printColour } from './theme';

const WIDTH = 640;
const LEFT = 70;
const RIGHT = 14;
/** Title, and for each row of the legend. */
const TOP = 36;
const ROW = 18;
const LETTER = 6;
const BOTTOM = 46;

type Place = (value: number) => number;

export function chartSvg(spec: ChartSpec, columns: Columns): string {
  const legend = legendOf(spec);
  const top = TOP + ROW * legend.rows;
  const height = (spec.height_px ?? 220) + top + BOTTOM;
  const bottom = height - BOTTOM;
  const x = columns[0]!;
  const parts = stacked(spec, columns);
  const xScale = scaleOf(spec.x, [x], false);
  const yScale = scaleOf(spec.y, [
    ...parts.flatMap(({ value, low, high }) => (low && high ? [value, low, high] : [value])),
    ...(spec.series.some(({ kind }) => kind === 'area') ? [[0]] : []),
  ]);
  const px: Place = (v) => LEFT + ((v - xScale.min) / (xScale.max - xScale.min)) * (WIDTH - LEFT - RIGHT);
  const py: Place = (v) => bottom - ((v - yScale.min) / (yScale.max - yScale.min)) * (bottom - top);
  const body: string[] = [];
  let floor: Column | undefined;
  spec.series.forEach((series, k) => {
    const { value, low, high } = parts[k]!;
    const colour = printColour(series.colour);
    if (low && high) body.push(`<path d="${band(x, low, high, px, py)}" fill="${colour}" fill-opacity="0.2"/>`);
    if (series.kind === 'area') {
      const under = floor ?? Array.from(value as ArrayLike<number>, () => 0);
      body.push(`<path d="${band(x, under, value, px, py)}" fill="${colour}"/>`);
      floor = value;
    } else if (series.kind === 'dots' || series.kind === 'circles') {
      const look = series.kind === 'dots' ? `fill="${colour}"` : `fill="none" stroke="${colour}" stroke-width="1.5"`;
      for (let i = 0; i < x.length; i++)
        if (isNumber(value[i])) body.push(`<circle cx="${at(px(x[i]!))}" cy="${at(py(value[i]!))}" r="3" ${look}/>`);
    } else {
      const dash = series.dashed ? ' stroke-dasharray="6 4"' : '';
      body.push(
        `<path d="${line(x, value, px, py, series.kind === 'steps')}" fill="none" stroke="${colour}" stroke-width="1.5"${dash}/>`,
      );
    }
  });
  const ink = printColour('ink');
  const soft = printColour('ink-soft');
  const ticks = [
    ...ticksOf(xScale).map(
      (v) =>
        `<text x="${at(px(v))}" y="${bottom + 17}" text-anchor="middle" fill="${soft}">${text(v, xScale.decimals)}</text>`,
    ),
    ...ticksOf(yScale).map(
      (v) =>
        `<path d="M${LEFT} ${at(py(v))}H${WIDTH - RIGHT}" stroke="${printColour('line')}"/><text x="${LEFT - 7}" y="${at(py(v) + 4)}" text-anchor="end" fill="${soft}">${text(v, yScale.decimals)}</text>`,
    ),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Arimo, Arial, Liberation Sans, Helvetica, sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fff"/>`,
    `<text x="${LEFT}" y="20" font-size="14" font-weight="bold" fill="${ink}">${escape(spec.title)}</text>`,
    ...legend.items,
    ...ticks,
    `<clipPath id="plot"><rect x="${LEFT}" y="${top}" width="${WIDTH - LEFT - RIGHT}" height="${bottom - top}"/></clipPath>`,
    `<g clip-path="url(#plot)">${body.join('')}</g>`,
    `<path d="M${LEFT} ${top}V${bottom}H${WIDTH - RIGHT}" fill="none" stroke="${ink}"/>`,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${height - 10}" text-anchor="middle" fill="${ink}">${escape(axisTitle(spec.x))}</text>`,
    `<text transform="translate(16 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle" fill="${ink}">${escape(axisTitle(spec.y))}</text>`,
    '</svg>',
  ].join('\n');
}

/** From left to right, in as many rows as it takes. */
function legendOf(spec: ChartSpec): { items: string[]; rows: number } {
  let [x, rows] = [LEFT, 1];
  const items = spec.series.map(({ label, colour }) => {
    const width = 36 + LETTER * label.length;
    if (x > LEFT && x + width > WIDTH) [x, rows] = [LEFT, rows + 1];
    const y = TOP - 8 + ROW * (rows - 1);
    const item = `<rect x="${x}" y="${y}" width="12" height="8" fill="${printColour(colour)}"/><text x="${x + 17}" y="${y + 8}" fill="${printColour('ink')}">${escape(label)}</text>`;
    x += width;
    return item;
  });
  return { items, rows };
}

/** As they are drawn: areas on top of each other. */
function stacked(spec: ChartSpec, columns: Columns): ReturnType<typeof columnsOf> {
  let below: number[] | undefined;
  return columnsOf(spec, columns).map((part, k) => {
    if (spec.series[k]!.kind !== 'area') return part;
    const under = below;
    below = Array.from(part.value as ArrayLike<number>, (v, i) => (v ?? 0) + (under?.[i] ?? 0));
    return { value: below };
  });
}

/** @param round whether it ends at round numbers, and not where the data do */
function scaleOf(axis: ChartAxis, columns: readonly Column[], round = true): ReturnType<typeof roundScale> {
  let [low, high] = [Infinity, -Infinity];
  for (const column of columns)
    for (let i = 0; i < column.length; i++) {
      const v = column[i];
      if (!isNumber(v)) continue;
      if (v < low) low = v;
      if (v > high) high = v;
    }
  const [from, to] = low > high ? [0, 1] : widened(axis, low, high);
  const end = axis.cutsPeaks ? endBelowPeaks(columns) : axis.max;
  const scale = roundScale([axis.cutsPeaks ? Math.min(0, from) : from, end ?? to]);
  if (round || from === to) return { ...scale, min: axis.min ?? scale.min, max: end ?? scale.max };
  return { ...scale, min: axis.min ?? from, max: end ?? to };
}

function ticksOf({ min, max, interval }: ReturnType<typeof roundScale>): number[] {
  const first = Math.ceil(min / interval - 1e-9);
  const count = Math.floor(max / interval + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, k) => (first + k) * interval);
}

/** A line with gaps where there is nothing; of many points in one pixel's width the first, lowest, highest and last. */
function line(x: Column, y: Column, px: Place, py: Place, steps: boolean): string {
  const out: string[] = [];
  let pen = 'M';
  const to = (i: number): void => {
    if (!isNumber(y[i])) {
      pen = 'M';
      return;
    }
    if (steps && pen === 'L') out.push(`H${at(px(x[i]!))}V${at(py(y[i]!))}`);
    else out.push(`${pen}${at(px(x[i]!))} ${at(py(y[i]!))}`);
    pen = 'L';
  };
  for (const i of drawable(x, y, px)) to(i);
  return out.join('');
}

function drawable(x: Column, y: Column, px: Place): number[] {
  if (x.length <= 4 * WIDTH) return Array.from({ length: x.length }, (_, i) => i);
  const kept: number[] = [];
  for (let from = 0; from < x.length;) {
    const pixel = Math.floor(px(x[from]!));
    let [low, high, to] = [from, from, from];
    for (; to < x.length && Math.floor(px(x[to]!)) === pixel; to++) {
      if ((y[to] ?? Infinity) < (y[low] ?? Infinity)) low = to;
      if ((y[to] ?? -Infinity) > (y[high] ?? -Infinity)) high = to;
    }
    kept.push(...[...new Set([from, low, high, to - 1])].sort((a, b) => a - b));
    from = to;
  }
  return kept;
}

/** Between two lines, where both are. */
function band(x: Column, low: Column, high: Column, px: Place, py: Place): string {
  const out: string[] = [];
  for (let from = 0; from < x.length; from++) {
    if (!isNumber(low[from]) || !isNumber(high[from])) continue;
    let to = from;
    while (to + 1 < x.length && isNumber(low[to + 1]) && isNumber(high[to + 1])) to++;
    const there = Array.from({ length: to - from + 1 }, (_, k) => `${at(px(x[from + k]!))} ${at(py(high[from + k]!))}`);
    const back = Array.from({ length: to - from + 1 }, (_, k) => `${at(px(x[to - k]!))} ${at(py(low[to - k]!))}`);
    out.push(`M${[...there, ...back].join('L')}Z`);
    from = to;
  }
  return out.join('');
}

const isNumber = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value);
const at = (value: number): string => String(Math.round(value * 10) / 10);
const text = (value: number, decimals: number): string => value.toFixed(decimals);
export const escape = (words: string): string =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
