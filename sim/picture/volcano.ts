import type { PaperPoint } from '../paper/000';
import type { VolcanoResult } from '../results/types';
import { axis, colour, legend, panel, panelLetter, text } from './style';
import { toSvg } from './svg';

type Point = [log2Rate: number, value: number];

const rateLabel = (rate_C: number): string => `${Number(rate_C.toPrecision(3))}C`;

/**
 * Life and retention against discharge rate (logarithmic axis): the model filled and joined, the paper's points open.
 * Rates whose number does not exist (end of life not reached, fewer than 100 cycles) are left out.
 */
export function volcanoPicture(result: VolcanoResult, paper: readonly PaperPoint[] = []): string {
  const rates = [...new Set([...result.points, ...paper].map((point) => point.rate_C))].sort((a, b) => a - b);
  const ticks = rates.map(Math.log2);
  const margin = Math.max(0.25, 0.07 * (ticks[ticks.length - 1]! - ticks[0]!));

  const points = <Row extends { rate_C: number }>(rows: readonly Row[], value: (row: Row) => number | null): Point[] =>
    rows.flatMap((row): Point[] => {
      const y = value(row);
      return y === null ? [] : [[Math.log2(row.rate_C), y]];
    });

  const rateAxis = (gridIndex: number) => ({
    ...axis(gridIndex === 1 ? 'Discharge rate' : '', 26),
    gridIndex,
    min: ticks[0]! - margin,
    max: ticks[ticks.length - 1]! + margin,
    axisTick: { show: true, length: 4, customValues: ticks, lineStyle: { color: colour.black } },
    axisLabel: {
      ...text,
      show: gridIndex === 1,
      customValues: ticks,
      formatter: (value: number) => rateLabel(2 ** value),
      hideOverlap: true,
    },
  });
  const model = (name: string, panelIndex: number, color: string, symbol: string, dashed: boolean, data: Point[]) => ({
    name,
    type: 'line' as const,
    xAxisIndex: panelIndex,
    yAxisIndex: panelIndex,
    data,
    symbol,
    symbolSize: 7,
    lineStyle: { color, width: 1.5, type: dashed ? [5, 3] : ('solid' as const) },
    itemStyle: { color },
  });
  const published = (name: string, panelIndex: number, data: Point[]) => ({
    name,
    type: 'scatter' as const,
    xAxisIndex: panelIndex,
    yAxisIndex: panelIndex,
    data,
    symbol: 'circle',
    symbolSize: 11,
    itemStyle: { color: 'transparent', borderColor: colour.black, borderWidth: 1.5, opacity: 1 },
    z: 5,
  });

  const series = [
    model(
      'Lifespan, model',
      0,
      colour.blue,
      'circle',
      false,
      points(result.points, (point) => point.cyclesTo80),
    ),
    model(
      'Check-up life, model',
      0,
      colour.green,
      'rect',
      true,
      points(result.points, (point) => point.checkupLife),
    ),
    published(
      'Lifespan, paper',
      0,
      points(paper, (point) => point.lifespan_cycles),
    ),
    model(
      'Retention, model',
      1,
      colour.vermilion,
      'circle',
      false,
      points(result.points, (row) => row.retention100_pct),
    ),
    published(
      'Retention, paper',
      1,
      points(paper, (point) => point.retention100_pct),
    ),
  ].filter((line) => line.data.length > 0);
  const namesIn = (panelIndex: number): string[] =>
    series.filter((line) => line.xAxisIndex === panelIndex).map((line) => line.name);

  return toSvg(
    {
      grid: [panel({ top: 30, height: 170 }), panel({ top: 238, height: 150 })],
      xAxis: [rateAxis(0), rateAxis(1)],
      yAxis: [
        { ...axis('Life / cycles', 40), gridIndex: 0, min: 0 },
        {
          ...axis('Retention at cycle 100 / %', 40),
          gridIndex: 1,
          min: 0,
          max: (range: { max: number }) => Math.max(100, range.max),
        },
      ],
      legend: [
        legend({ data: namesIn(0), top: 4, left: 24, right: 0 }),
        legend({ data: namesIn(1), top: 212, left: 24, right: 0 }),
      ],
      graphic: [panelLetter('a', 4), panelLetter('b', 212)],
      series,
    },
    440,
  );
}
