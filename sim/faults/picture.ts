/** Reaction times against promises, a row of the fault table each. */
import { axis, colour, figureWidth_px, legend, panel } from '../picture/style';
import { toSvg } from '../picture/svg';
import { nameOfId } from './names';
import type { FaultReaction } from './summary';

const ROW_PX = 17;
const TOP_PX = 32;
const BOTTOM_PX = 48;
const NAMES_PX = 200;
/** A reaction in the same instant has no place on a logarithmic axis. */
const LEAST_MS = 1;

/** Rows that were injected, in the order of the table. */
export function faultsPicture(faults: readonly FaultReaction[]): string {
  const shown = faults.filter(({ worst_ms }) => worst_ms !== null).reverse();
  const at = (value: (fault: FaultReaction) => number): [number, number][] =>
    shown.map((fault, row) => [Math.max(LEAST_MS, value(fault)), row]);
  const height = Math.max(1, shown.length) * ROW_PX;
  const plain = axis('Time from fault to action / ms', 26);
  return toSvg(
    {
      grid: [panel({ top: TOP_PX, height, left: NAMES_PX })],
      xAxis: [{ ...plain, type: 'log', min: LEAST_MS, max: 1e6, axisLabel: { ...plain.axisLabel, formatter: power } }],
      yAxis: [
        {
          ...axis('', 0),
          type: 'category',
          data: shown.map(({ id }) => nameOfId(id)),
          axisTick: { show: false },
          axisLabel: { ...plain.axisLabel, hideOverlap: false, interval: 0, fontSize: 11, formatter: String },
        },
      ],
      legend: legend({ top: 4, left: 40, right: 0, data: ['Promised', 'Worst', 'Median'] }),
      series: [
        {
          name: 'Promised',
          type: 'scatter',
          symbol: 'path://M4 -8H6V8H4Z',
          symbolSize: [2, 12],
          data: at(({ promised_ms }) => promised_ms),
          itemStyle: { color: colour.black, opacity: 1 },
        },
        {
          name: 'Worst',
          type: 'scatter',
          symbolSize: 7,
          data: at(({ worst_ms }) => worst_ms!),
          itemStyle: { color: colour.vermilion, opacity: 1 },
        },
        {
          name: 'Median',
          type: 'scatter',
          symbolSize: 6,
          data: at(({ median_ms }) => median_ms!),
          itemStyle: { color: colour.skyBlue, opacity: 1 },
        },
      ],
    },
    TOP_PX + height + BOTTOM_PX,
    figureWidth_px,
  );
}

/** 1, 10, 100, 10^3, ... */
const power = (value: number): string =>
  value < 1000 ? String(value) : `10${'⁰¹²³⁴⁵⁶⁷⁸⁹'[Math.round(Math.log10(value))]}`;
