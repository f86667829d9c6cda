import type { CycleResult } from '../results/types';
import { cycleTicks } from './byCycle';
import { axisWithTicks, colour, legend, panel, roundTicks } from './style';
import { toSvg } from './svg';

export interface LithiumPart {
  name: string;
  color: string;
  amount_mAh: (cycle: CycleResult) => number;
}

/** Where lithium outside the cathode is after a discharge, from the foil upwards; the parts add up to all of it. */
export const lithiumParts: readonly LithiumPart[] = [
  { name: 'SEI', color: colour.orange, amount_mAh: ({ lithium_mAh }) => lithium_mAh.sei },
  { name: 'Dead', color: colour.black, amount_mAh: ({ lithium_mAh }) => lithium_mAh.dead },
  { name: 'Isolated', color: colour.purple, amount_mAh: ({ lithium_mAh }) => lithium_mAh.isolated },
  { name: 'Residual', color: colour.skyBlue, amount_mAh: ({ lithium_mAh }) => lithium_mAh.residual },
  {
    name: 'Other active',
    color: colour.green,
    amount_mAh: ({ lithium_mAh }) => Math.max(0, lithium_mAh.active - lithium_mAh.residual),
  },
];

/**
 * Where the lithium is at the end of each discharge, as a stack that adds up to all of the cell's.
 * @param cellLithium_mAh all lithium of the cell, what it holds outside the cathode before its first charge included
 * @param unit percent: of the cell's lithium
 */
export function inventoryPicture(
  cycles: readonly CycleResult[],
  cellLithium_mAh: number,
  unit: 'mAh' | 'percent' = 'mAh',
): string {
  const outside_mAh = (cycle: CycleResult): number =>
    lithiumParts.reduce((sum, part) => sum + part.amount_mAh(cycle), 0);
  const cathode: LithiumPart = {
    name: 'Cathode',
    color: colour.grey,
    amount_mAh: (cycle) => Math.max(0, cellLithium_mAh - outside_mAh(cycle)),
  };
  const parts = [...lithiumParts, cathode];
  // What is too thin to be seen needs no colour in the legend, which is in the order of the stack.
  const named = parts
    .filter((part) => cycles.some((cycle) => part.amount_mAh(cycle) > 0.005 * cellLithium_mAh))
    .map((part) => part.name)
    .reverse();
  const row_px = named.length > 5 ? 20 : 0;
  const scale = unit === 'mAh' ? 1 : 100 / cellLithium_mAh;
  const top = unit === 'mAh' ? cellLithium_mAh : 100;
  const last = cycles.at(-1)?.n ?? 2;
  return toSvg(
    {
      grid: [panel({ top: 30 + row_px, height: 240 })],
      xAxis: [
        {
          ...axisWithTicks(
            'Cycle number',
            26,
            cycleTicks(last).map((tick) => Math.max(1, tick)),
          ),
          min: cycles.length > 1 ? 1 : 0,
          max: Math.max(2, last),
        },
      ],
      yAxis: [
        {
          ...axisWithTicks(unit === 'mAh' ? 'Lithium / mAh' : 'Share of all lithium / %', 46, roundTicks(top)),
          min: 0,
          max: top,
        },
      ],
      legend: legend({
        data: named,
        top: 4,
        left: 58,
        right: 0,
        itemWidth: 12,
        itemHeight: 9,
        icon: 'rect',
      }),
      series: stackedAreas(
        cycles,
        parts.map((part) => ({ ...part, amount_mAh: (cycle) => scale * part.amount_mAh(cycle) })),
        {},
      ),
    },
    318 + row_px,
  );
}

/** One area a part, each on top of the one before; bars where there is a single cycle, which has no area. */
export function stackedAreas(
  cycles: readonly CycleResult[],
  parts: readonly LithiumPart[],
  axes: { xAxisIndex?: number; yAxisIndex?: number },
) {
  return parts.map(({ name, color, amount_mAh }) => {
    const data = cycles.map((cycle): [number, number] => [cycle.n, amount_mAh(cycle)]);
    const stacked = { ...axes, name, stack: 'lithium', data, itemStyle: { color } };
    if (cycles.length === 1) return { ...stacked, type: 'bar' as const, barWidth: 60 };
    const area = { showSymbol: false, lineStyle: { width: 0 }, areaStyle: { color, opacity: 1 } };
    return { ...stacked, ...area, type: 'line' as const };
  });
}
