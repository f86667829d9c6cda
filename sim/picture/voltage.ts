import { axis, colourCycle, fittedAxis, legend, panel } from './style';
import { toSvg } from './svg';

export interface VoltageCurve {
  label: string;
  /** Points in the order of time, each with the charge passed since the start of the step. */
  points: { capacity_mAh: number; voltage_V: number }[];
}

/** Voltage against the charge passed, one line per curve; the legend stands where a discharge leaves room, lower left. */
export function voltagePicture(curves: readonly VoltageCurve[]): string {
  const voltages = curves.flatMap((curve) => curve.points.map((point) => point.voltage_V));
  return toSvg(
    {
      grid: [panel({ top: 12, height: 240 })],
      xAxis: { ...axis('Capacity / mAh', 26), min: 0 },
      yAxis: fittedAxis('Voltage / V', 42, voltages),
      legend: legend({ orient: 'vertical', left: 74, bottom: 58, itemGap: 6, icon: 'rect', itemHeight: 2 }),
      series: curves.map((curve, index) => ({
        name: curve.label,
        type: 'line' as const,
        showSymbol: false,
        symbol: 'none',
        data: curve.points.map((point) => [point.capacity_mAh, point.voltage_V]),
        lineStyle: { width: 1.5, color: colourCycle[index % colourCycle.length]! },
        itemStyle: { color: colourCycle[index % colourCycle.length]! },
      })),
    },
    300,
  );
}
