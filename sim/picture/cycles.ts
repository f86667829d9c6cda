import type { CycleResult, SimulateResult } from '../results/types';
import { lithiumParts, stackedAreas } from './inventory';
import { efficiencyByCycle, firstEfficiencyOffScale } from './byCycle';
import { axis, colour, fittedAxis, legend, panel, panelLetter, text } from './style';
import { isSpiky, withoutSpikes } from './spikes';
import { toSvg } from './svg';

/** Capacity and coulombic efficiency (a) and the lithium left outside the cathode (b) against the cycle number. */
export function cyclesPicture(result: SimulateResult): string {
  const column = (value: (cycle: CycleResult) => number): [number, number][] =>
    result.cycles.map((cycle) => [cycle.n, value(cycle)]);
  const count = result.cycles.length;
  const cycleAxis = (gridIndex: number) => ({
    ...axis(gridIndex === 1 ? 'Cycle number' : '', 26),
    axisLabel: { ...text, show: gridIndex === 1, hideOverlap: true },
    gridIndex,
    min: count > 1 ? 1 : 0,
    max: Math.max(2, count),
    minInterval: 1,
  });
  const marks = { symbolSize: 4, showSymbol: count <= 40 };

  const capacities = result.cycles.flatMap((cycle) => [cycle.charge_mAh, cycle.discharge_mAh]);
  const firstOffScale = firstEfficiencyOffScale(result.cycles);
  const all = efficiencyByCycle(result.cycles, firstOffScale);
  const efficiency = withoutSpikes(all);
  const efficiencies = efficiency.map(([, ce_pct]) => ce_pct);
  const left = isSpiky(all) ? ', without spikes' : firstOffScale ? ', from cycle 2' : '';
  const efficiencyName = `CE (right${left})`;

  return toSvg(
    {
      grid: [panel({ top: 30, height: 165, right: 66 }), panel({ top: 236, height: 150, right: 66 })],
      xAxis: [cycleAxis(0), cycleAxis(1)],
      yAxis: [
        { ...fittedAxis('Capacity / mAh', 46, capacities), gridIndex: 0 },
        { ...fittedAxis('Coulombic efficiency / %', 48, efficiencies), gridIndex: 0, position: 'right' as const },
        { ...axis('Lithium / mAh', 46), gridIndex: 1, min: 0 },
      ],
      legend: [
        legend({ data: ['Charge', 'Discharge', efficiencyName], top: 4, left: 24 }),
        legend({
          data: lithiumParts.map((part) => part.name),
          top: 210,
          left: 24,
          itemWidth: 12,
          itemHeight: 9,
          icon: 'rect',
        }),
      ],
      graphic: [panelLetter('a', 4), panelLetter('b', 210)],
      series: [
        {
          name: 'Charge',
          type: 'line',
          data: column((cycle) => cycle.charge_mAh),
          symbol: 'emptyCircle',
          ...marks,
          lineStyle: { width: 1.5, color: colour.skyBlue, type: [5, 3] },
          itemStyle: { color: colour.skyBlue },
        },
        {
          name: 'Discharge',
          type: 'line',
          data: column((cycle) => cycle.discharge_mAh),
          symbol: 'circle',
          ...marks,
          lineStyle: { width: 1.5, color: colour.blue },
          itemStyle: { color: colour.blue },
        },
        {
          name: efficiencyName,
          type: 'line',
          yAxisIndex: 1,
          data: efficiency,
          symbol: 'rect',
          ...marks,
          lineStyle: { width: 1.5, color: colour.vermilion },
          itemStyle: { color: colour.vermilion },
        },
        ...stackedAreas(result.cycles, lithiumParts, { xAxisIndex: 1, yAxisIndex: 2 }),
      ],
    },
    436,
  );
}
