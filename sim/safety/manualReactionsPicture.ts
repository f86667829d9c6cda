/** How long each row of the fault table takes: its debounce, what is promised, what was measured. */
import type { FaultRow } from '../../firmware/protect/table';
import { axisWithTicks, colour, legend, panel, text } from '../picture/style';
import { toSvg } from '../picture/svg';
import { reactionOf, type Measured } from './manualMeasured';
import { SUBJECTS } from './manualSubjects';

const ROW_PX = 13;
const TOP_PX = 30;
const TICKS_MS = [100, 1000, 10000, 100000];
const LIMITS_MS = { min: 50, max: 200000 };
const NAMES_PX = 216;
const SMALL = { ...text, fontSize: 10 };

/** A line of the picture: the title of a subject, or one of its rows. */
type Line = { title: string } | { row: FaultRow };

/** What is promised stands open, what was measured filled; both medians and worst cases, where there are any. */
export function reactionsPicture(measured: Measured | null): string {
  const lines: Line[] = SUBJECTS.flatMap(({ title, rows }) => [{ title }, ...rows.map((row) => ({ row }))]);
  const names = lines.map((line) => ('title' in line ? `{title|${line.title}}` : line.row.name));
  const at = (time_ms: (row: FaultRow) => number | null | undefined): [number, number][] =>
    lines.flatMap((line, y): [number, number][] => {
      const x = 'row' in line ? time_ms(line.row) : undefined;
      return x === undefined || x === null ? [] : [[Math.max(x, LIMITS_MS.min), y]];
    });
  const marks = (
    name: string,
    symbol: string,
    size: number | number[],
    color: string,
    open: boolean,
    data: [number, number][],
  ) => ({
    name,
    type: 'scatter' as const,
    symbol,
    symbolSize: size,
    itemStyle: open ? { color: '#ffffff', borderColor: color, borderWidth: 1.2, opacity: 1 } : { color, opacity: 1 },
    data,
  });
  const series = [
    marks(
      'Debounce',
      'rect',
      [2, 8],
      colour.orange,
      false,
      at(({ time_ms }) => (time_ms > 0 ? time_ms : undefined)),
    ),
    marks(
      'Promised',
      'circle',
      8,
      colour.black,
      true,
      at(({ promised_ms }) => promised_ms),
    ),
    marks(
      'Median',
      'diamond',
      6,
      colour.skyBlue,
      false,
      at((row) => reactionOf(measured, row)?.median_ms),
    ),
    marks(
      'Worst',
      'circle',
      5,
      colour.blue,
      false,
      at((row) => reactionOf(measured, row)?.worst_ms),
    ),
  ].filter(({ data }) => data.length > 0);
  const height_px = ROW_PX * lines.length;
  return toSvg(
    {
      grid: panel({ top: TOP_PX, height: height_px, left: NAMES_PX, right: 14 }),
      xAxis: {
        ...axisWithTicks('Time from the sensor to the action', 26, TICKS_MS, true, inWords),
        ...LIMITS_MS,
        type: 'log' as const,
        splitLine: { show: true, lineStyle: { color: colour.grey, width: 0.6 } },
      },
      yAxis: {
        type: 'category' as const,
        inverse: true,
        data: names,
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { ...SMALL, interval: 0, margin: 6, rich: { title: { ...SMALL, fontWeight: 'bold' as const } } },
        splitLine: { show: true, interval: 0, lineStyle: { color: '#eeeeee', width: 0.6 } },
      },
      legend: legend({
        data: series.map(({ name }) => ({ name, icon: iconOf(name) })),
        top: 4,
        left: 60,
        itemWidth: 10,
      }),
      series,
    },
    TOP_PX + height_px + 46,
  );
}

const iconOf = (name: string): string => (name === 'Debounce' ? 'rect' : name === 'Median' ? 'diamond' : 'circle');

const inWords = (time_ms: number): string => (time_ms < 1000 ? `${time_ms} ms` : `${time_ms / 1000} s`);
