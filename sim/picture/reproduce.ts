import { format } from 'echarts';
import { lineCount, listRows, twoColumns, wrapText, type Entry, type ReproducedRow } from './reproduceRows';
import { axisWithTicks, colour, fontFamily, legend, openSymbol, text } from './style';
import { toSvg } from './svg';

/** More lines than this stand in two columns, as on a page. */
const LINES_IN_ONE_COLUMN = 60;
const ROW_PX = 15;
const TOP_PX = 62;
const FONT_PX = 11;
/** Where names begin; they are as wide as the longest one, up to a width at which they are broken into lines. */
const NAME_PX = { left: 12, least: 120, most: 215 };
/** Right of the names: where target and model end, unit and frame begin, the frame's width, all with a margin. */
const RIGHT_OF_NAME = { target_px: 44, model_px: 88, unit_px: 94, frame_px: 144, frameWidth_px: 118, width_px: 276 };
/** Errors are drawn up to so many tolerances; beyond, an arrow and the number stand at the edge. */
const WIDEST = 3;
const TICKS = [-3, -2, -1, 0, 1, 2, 3];

/**
 * All reproduced numbers, grouped by paper: name, target, model and (model - target) / tolerance in a band of +-1. Filled symbols
 * were fitted, open ones predicted, crosses are of numbers that contradict others of their paper; blue ones pass, vermilion ones
 * fail. A target that is a limit is written with its sign.
 */
export function reproducePicture({ rows }: { rows: readonly ReproducedRow[] }): string {
  const list = listRows(rows, (name) => wrapText(raised(name), NAME_PX.most, width_px));
  const columns = lineCount(list) > LINES_IN_ONE_COLUMN ? twoColumns(list) : [list];
  const lines = Math.max(1, ...columns.map(lineCount));
  const height_px = lines * ROW_PX;
  const names = list.filter((entry) => entry.row).flatMap((entry) => entry.lines);
  const name_px = NAME_PX.left + Math.max(NAME_PX.least, ...names.map(width_px));
  const column_px = Math.ceil(name_px) + RIGHT_OF_NAME.width_px;
  const passed = rows.filter((row) => row.pass).length;
  return toSvg(
    {
      grid: columns.map((_, index) => ({
        left: index * column_px + name_px + RIGHT_OF_NAME.frame_px,
        width: RIGHT_OF_NAME.frameWidth_px,
        top: TOP_PX,
        height: height_px,
        show: true,
        borderColor: colour.black,
        borderWidth: 1,
        outerBoundsMode: 'none' as const,
      })),
      xAxis: columns.map((_, gridIndex) => ({
        ...axisWithTicks('(model − target) / tolerance', 24, TICKS),
        nameTextStyle: { ...text, fontSize: FONT_PX },
        axisLabel: { ...text, fontSize: FONT_PX, customValues: TICKS, formatter: number },
        gridIndex,
        min: -WIDEST - 0.4,
        max: WIDEST + 0.4,
      })),
      yAxis: columns.map((_, gridIndex) => ({
        type: 'value' as const,
        inverse: true,
        gridIndex,
        min: 0,
        max: lines,
        interval: 1,
        axisLine: { show: false },
        axisTick: { show: false },
        axisLabel: { show: false },
        splitLine: { show: false },
      })),
      legend: legend({ data: LEGEND.map(({ name }) => name), top: 4, left: 0, itemWidth: 12, itemGap: 10 }),
      graphic: [
        words(`${passed} of ${rows.length} pass`, 4, 26, { bold: true }),
        ...columns.flatMap((column, index) => writtenColumn(column, index * column_px, name_px)),
      ],
      series: [...columns.map((column, index) => symbols(column, index)), ...LEGEND.map(legendSeries)],
    },
    TOP_PX + height_px + 46,
    columns.length * column_px,
  );
}

const CROSS = 'path://M0 1L1 0L5 4L9 0L10 1L6 5L10 9L9 10L5 6L1 10L0 9L4 5Z';
const RIGHT = 'path://M0 0L9 5L0 10Z';
const LEFT = 'path://M9 0L0 5L9 10Z';
const LEGEND = [
  { name: 'Fitted', symbol: 'circle', style: { color: colour.black } },
  { name: 'Predicted', symbol: 'circle', style: openSymbol(colour.black) },
  { name: 'Contradictory', symbol: CROSS, style: { color: colour.black } },
  { name: `Beyond ±${WIDEST}`, symbol: RIGHT, style: openSymbol(colour.black) },
  { name: 'Pass', symbol: 'rect', style: { color: colour.blue } },
  { name: 'Fail', symbol: 'rect', style: { color: colour.vermilion } },
] as const;

const legendSeries = ({ name, symbol, style }: (typeof LEGEND)[number]) => ({
  name,
  type: 'scatter' as const,
  data: [],
  symbol,
  itemStyle: { opacity: 1, ...style },
});

function symbols(column: readonly Entry[], index: number) {
  return {
    type: 'scatter' as const,
    xAxisIndex: index,
    yAxisIndex: index,
    data: inPlace(column).flatMap(({ row, error, line }) => {
      if (!row || error === null) return [];
      const color = row.pass ? colour.blue : colour.vermilion;
      const beyond = Math.abs(error) > WIDEST;
      const open = row.basis === 'predicted' && !row.contradictory;
      return [
        {
          value: [Math.min(WIDEST, Math.max(-WIDEST, error)), line + 0.5],
          symbol: beyond ? (error > 0 ? RIGHT : LEFT) : row.contradictory ? CROSS : 'circle',
          itemStyle: open ? openSymbol(color) : { color, opacity: 1 },
          label: {
            show: beyond && Number.isFinite(error),
            position: error > 0 ? ('left' as const) : ('right' as const),
            formatter: `${row.contradictory ? '× ' : ''}${number(Number(error.toFixed(1)))}`,
            fontFamily,
            fontSize: FONT_PX - 1,
            color,
          },
        },
      ];
    }),
    symbolSize: 7,
    markArea: {
      silent: true,
      itemStyle: { color: '#DCE9F2' },
      data: [[{ xAxis: -1 }, { xAxis: 1 }]] as [{ xAxis: number }, { xAxis: number }][],
    },
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      lineStyle: { color: colour.black, width: 0.8, type: 'solid' as const },
      data: [
        { xAxis: 0 },
        ...inPlace(column).map(({ line }) => ({ yAxis: line, lineStyle: { color: '#DDDDDD', width: 0.6 } })),
      ],
    },
    z: 5,
  };
}

/** Names and numbers left of the frame. */
function writtenColumn(column: readonly Entry[], left_px: number, name_px: number) {
  const target_px = left_px + name_px + RIGHT_OF_NAME.target_px;
  const model_px = left_px + name_px + RIGHT_OF_NAME.model_px;
  const unit_px = left_px + name_px + RIGHT_OF_NAME.unit_px;
  return [
    words('target', target_px, TOP_PX - 15, { right: true }),
    words('model', model_px, TOP_PX - 15, { right: true }),
    ...inPlace(column).flatMap(({ lines, row, error, line }) => {
      const top_px = (k: number): number => TOP_PX + (line + k) * ROW_PX + 2;
      if (!row) return [words(lines[0]!, left_px + 4, top_px(0), { bold: true })];
      const fill = row.pass ? colour.black : colour.vermilion;
      return [
        ...lines.map((name, k) => words(name, left_px + NAME_PX.left, top_px(k), { fill })),
        words(limit(row, error) + number(row.target), target_px, top_px(0), { fill, right: true }),
        words(row.model === null ? 'none' : number(row.model), model_px, top_px(0), { fill, right: true }),
        words(['1', '-'].includes(row.unit) ? '' : raised(row.unit), unit_px, top_px(0), { fill }),
      ];
    }),
  ];
}

/** Entries with the number of their first line. */
const inPlace = (column: readonly Entry[]) =>
  column.map((entry, k) => ({ ...entry, line: lineCount(column.slice(0, k)) }));

/** What a target is: a value, or a limit (only that lets a value outside the band pass). */
function limit({ bound, pass }: ReproducedRow, error: number | null): string {
  if (bound === 'atLeast' || (pass && error !== null && error > 1)) return '≥ ';
  if (bound === 'atMost' || (pass && error !== null && error < -1)) return '≤ ';
  return '';
}

const width_px = (name: string): number => format.getTextRect(name, `${FONT_PX}px ${fontFamily}`).width;

const number = (value: number): string => String(Number(value.toPrecision(4))).replace('-', '−');

const raised = (unit: string): string => unit.replaceAll('cm2', 'cm²');

/** One line of text; `right`: it ends at `x_px` instead of beginning there. */
function words(content: string, x_px: number, y_px: number, look: { bold?: boolean; right?: boolean; fill?: string }) {
  return {
    type: 'text' as const,
    x: x_px,
    y: y_px,
    silent: true,
    style: {
      text: content,
      fill: look.fill ?? colour.black,
      fontFamily,
      fontSize: FONT_PX,
      fontWeight: look.bold ? ('bold' as const) : ('normal' as const),
      align: look.right ? ('right' as const) : ('left' as const),
    },
  };
}
