import { colour, fittedAxis, gradedColours, icon, legend, openSymbol, panel, spread } from './style';
import { toSvg } from './svg';

export interface VoltagePoint {
  capacity_mAh: number;
  voltage_V: number;
}

export interface VoltageCurve {
  label: string;
  /** The discharge, in the order of time, each point with the charge passed since the start of the step. */
  points: VoltagePoint[];
  /** The charge of the same cycle, likewise. */
  charge?: VoltagePoint[];
}

/** What a paper gives for one of the curves (by its label): the discharge capacity in percent of the first curve's. */
export interface RetentionMark {
  label: string;
  retention_pct: number;
}

/** So many curves are named; colours between two named ones can be told by their order. */
const MOST_NAMED = 6;
const DISCHARGE = 'Discharge';
const CHARGE = 'Charge';
const PAPER = 'Paper, retention';

/**
 * Voltage against the charge passed, charge dashed and discharge solid, coloured from dark to light in the order of `curves`.
 * Published retentions stand as open circles at the end of the discharge, in the colour of their curve.
 */
export function voltagePicture(curves: readonly VoltageCurve[], paper: readonly RetentionMark[] = []): string {
  const points = curves.flatMap((curve) => [...curve.points, ...(curve.charge ?? [])]);
  const voltages = points.map((point) => point.voltage_V);
  const colours = gradedColours(curves.length);
  const charged = curves.some((curve) => (curve.charge?.length ?? 0) > 0);
  const first_mAh = curves[0]?.points.at(-1)?.capacity_mAh ?? 0;
  const marks = paper.flatMap((mark) => {
    const index = curves.findIndex((curve) => curve.label === mark.label);
    const end = curves[index]?.points.at(-1);
    return end
      ? [{ value: [(mark.retention_pct / 100) * first_mAh, end.voltage_V], itemStyle: openSymbol(colours[index]!) }]
      : [];
  });
  const named = spread(curves, MOST_NAMED).map((curve) => curve.label);
  const kinds = [
    ...(charged
      ? [
          { name: DISCHARGE, icon: icon.line },
          { name: CHARGE, icon: icon.dashes },
        ]
      : []),
    ...(marks.length > 0 ? [{ name: PAPER, icon: 'circle' }] : []),
  ];
  const top = kinds.length > 0 ? 54 : 34;
  return toSvg(
    {
      grid: [panel({ top, height: 230 })],
      xAxis: fittedAxis('Capacity / mAh', 26, [0, ...points.map((point) => point.capacity_mAh)]),
      yAxis: fittedAxis('Voltage / V', 42, voltages),
      legend: [
        legend({
          data: named.map((name) => ({ name, icon: icon.line })),
          top: 4,
          left: 58,
          itemGap: 9,
          formatter: (name: string) => withoutRepeatedWord(name, named),
        }),
        legend({ data: kinds, top: 24, left: 58 }),
      ],
      series: [
        ...curves.flatMap((curve, index) => [
          line(curve.label, curve.points, colours[index]!, 'solid'),
          ...(curve.charge ? [line('', curve.charge, colours[index]!, [5, 3])] : []),
        ]),
        line(DISCHARGE, [], colour.black, 'solid'),
        line(CHARGE, [], colour.black, [5, 3]),
        {
          name: PAPER,
          type: 'scatter' as const,
          data: marks,
          symbolSize: 9,
          itemStyle: openSymbol(colour.black),
          z: 5,
        },
      ],
    },
    top + 278,
  );
}

function line(name: string, points: readonly VoltagePoint[], color: string, type: 'solid' | number[]) {
  return {
    name,
    type: 'line' as const,
    showSymbol: false,
    symbol: 'none',
    data: points.map((point) => [point.capacity_mAh, point.voltage_V]),
    lineStyle: { width: 1.5, color, type },
    itemStyle: { color },
  };
}

/** "Cycle 10" after "Cycle 1" is as well "10". */
function withoutRepeatedWord(name: string, names: readonly string[]): string {
  const word = /^\S+ /.exec(names[0] ?? '')?.[0];
  return word !== undefined && name !== names[0] && name.startsWith(word) ? name.slice(word.length) : name;
}
