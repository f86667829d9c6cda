import type { PackTrace, TracePoint } from '../pack/trace';
import { axis, colour, colourCycle, fittedAxis, legend, panel, panelLetter, text } from './style';
import { toSvg } from './svg';

/** Cells of a group are told apart by their dashes. */
const dashes = ['solid', [5, 3], [1, 3], [9, 3, 2, 3]] as const;
/** A legend with more entries than this would be wider than the picture. */
const LONGEST_LEGEND = 8;

/**
 * Share of every cell in its group's current (a) and voltage of every group (b) against the charge that the pack gave. Colours are
 * groups and dashes their cells; in a pack of one group, colours are cells.
 */
export function packPicture({ cellsOfGroup, points }: PackTrace): string {
  const single = cellsOfGroup.length === 1;
  const column = (value: (point: TracePoint) => number): [number, number][] =>
    points.map((point) => [point.charge_Ah, value(point)]);
  const cells = cellsOfGroup.flatMap((count, group) => Array.from({ length: count }, (_, cell) => ({ group, cell })));
  const pick = (index: number): string => colourCycle[index % colourCycle.length]!;
  const line = (color: string, type: (typeof dashes)[number]) => ({
    type: 'line' as const,
    showSymbol: false,
    symbol: 'none',
    lineStyle: { width: 1.5, color, type: typeof type === 'string' ? type : [...type] },
    itemStyle: { color },
  });
  const label = (index: number): string => `${single ? 'Cell' : 'Group'} ${index + 1}`;
  const labels = single ? cells.map(({ cell }) => label(cell)) : cellsOfGroup.map((_, group) => label(group));
  const shares = points.flatMap((point) => point.share);
  const voltages = points.flatMap((point) => point.groupVoltage_V);
  const chargeAxis = (gridIndex: number) => ({
    ...axis(gridIndex === 1 ? 'Charge given by the pack / Ah' : '', 26),
    gridIndex,
    axisLabel: { ...text, show: gridIndex === 1, hideOverlap: true },
    min: 0,
  });
  const rows = Math.ceil(Math.min(labels.length, LONGEST_LEGEND) / 4);
  const top = 4 + 24 * rows;

  return toSvg(
    {
      grid: [panel({ top, height: 165 }), panel({ top: top + 187, height: 165 })],
      xAxis: [chargeAxis(0), chargeAxis(1)],
      yAxis: [
        { ...fittedAxis('Current / equal share', 46, [...shares, 1]), gridIndex: 0 },
        { ...fittedAxis('Voltage of a group / V', 46, voltages), gridIndex: 1 },
      ],
      legend: legend({
        data: labels.slice(0, LONGEST_LEGEND).map((name) => ({ name })),
        top: 2,
        left: 60,
        right: 10,
        icon: 'path://M0 0H22V2H0Z',
      }),
      graphic: [panelLetter('a', 4), panelLetter('b', top + 170)],
      series: [
        ...cells.map(({ group, cell }, index) => ({
          ...line(pick(single ? cell : group), single ? 'solid' : dashes[cell % dashes.length]!),
          name: single ? label(cell) : label(group),
          data: column((point) => point.share[index]!),
        })),
        ...cellsOfGroup.map((_, group) => ({
          ...line(single ? colour.black : pick(group), 'solid'),
          name: single ? 'Group' : label(group),
          xAxisIndex: 1,
          yAxisIndex: 1,
          data: column((point) => point.groupVoltage_V[group]!),
        })),
      ],
    },
    top + 187 + 165 + 46,
  );
}
