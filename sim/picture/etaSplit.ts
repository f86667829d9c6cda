import { axisWithTicks, colour, fittedAxis, icon, legend, panel, panelLetter, roundTicks, text } from './style';
import { toSvg } from './svg';

/** Overpotentials of one cell at one current, means over the discharge, magnitudes. */
interface EtaPoint {
  /** Of copper, above 0. */
  current_mA_cm2: number;
  etaConc_mV: number;
  /** Ohmic and reaction, lithium side. */
  etaFast_mV: number;
  /** null for a half cell. */
  etaCathode_mV: number | null;
}

export interface EtaCurve {
  /** For the legend: `L1`. */
  label: string;
  /** By ascending current. */
  points: readonly EtaPoint[];
}

type Part = { name: string; color: string; symbol: string; eta_mV: (point: EtaPoint) => number | null };
const PARTS: readonly Part[] = [
  { name: 'Concentration', color: colour.purple, symbol: 'circle', eta_mV: (point) => point.etaConc_mV },
  { name: 'Ohmic and reaction', color: colour.green, symbol: 'triangle', eta_mV: (point) => point.etaFast_mV },
  { name: 'Cathode', color: colour.orange, symbol: 'rect', eta_mV: (point) => point.etaCathode_mV },
];
/** Of the first cell, the second and so on. */
const LINES = [
  { type: 'solid' as const, icon: icon.line },
  { type: [5, 3], icon: icon.dashes },
  { type: [1, 3], icon: icon.dots },
];

/**
 * Parts of the overpotential against the current density (a): colours and symbols tell the parts, kinds of line the cells; the
 * first cell has filled symbols. With several cells also the concentration overpotential of each further one over the
 * first's (b), beside the ratio that a paper gives, where it does.
 */
export function etaSplitPicture(cells: readonly EtaCurve[], paperRatio: number | null = null): string {
  const points = cells.flatMap((cell) => cell.points);
  const most_mA_cm2 = 1.06 * points.reduce((most, point) => Math.max(most, point.current_mA_cm2), 0.5);
  const parts = PARTS.filter((part) => points.some((point) => part.eta_mV(point) !== null));
  const ratios = cells.slice(1).map((cell) => ratioTo(cells[0]!, cell));
  const compared = ratios.some((ratio) => ratio.length > 0);
  const etas_mV = parts.flatMap((part) => points.map((point) => part.eta_mV(point) ?? 0));

  const currentAxis = (gridIndex: number, last: boolean) => ({
    ...axisWithTicks(last ? 'Current density / (mA/cm²)' : '', 26, roundTicks(most_mA_cm2), last),
    gridIndex,
    min: 0,
    max: most_mA_cm2,
  });
  const lines = cells.flatMap((cell, index) =>
    parts.map((part) => ({
      ...etaLine(part, index),
      name: part.name,
      data: cell.points.map((point): [number, number | null] => [point.current_mA_cm2, part.eta_mV(point)]),
    })),
  );
  // The legend names cells by black lines that draw nothing.
  const keys = cells.map((cell, index) => ({
    name: cell.label,
    type: 'line' as const,
    data: [],
    lineStyle: { color: colour.black, type: LINES[index % LINES.length]!.type },
    itemStyle: { color: colour.black },
  }));
  const lower = ratios.map((data, index) => ({
    ...etaLine(PARTS[0]!, index + 1),
    name: `Concentration, ${cells[index + 1]!.label} over ${cells[0]!.label}`,
    xAxisIndex: 1,
    yAxisIndex: 1,
    // A number stands on the far side of its point from the paper's line.
    data: data.map((value) => ({
      value,
      label: { position: paperRatio !== null && value[1] < paperRatio ? ('bottom' as const) : ('top' as const) },
    })),
    label: {
      ...text,
      show: true,
      fontSize: 12,
      formatter: ({ value }: { value: unknown }) => (value as number[])[1]!.toFixed(2),
    },
    labelLayout: { hideOverlap: true },
  }));
  const paper = {
    name: `Paper: ${paperRatio}`,
    type: 'line' as const,
    xAxisIndex: 1,
    yAxisIndex: 1,
    data: paperRatio === null ? [] : [0, most_mA_cm2].map((current_mA_cm2) => [current_mA_cm2, paperRatio]),
    showSymbol: false,
    symbol: 'none',
    lineStyle: { color: colour.black, width: 1, type: [5, 3] },
    itemStyle: { color: colour.black },
    z: 1,
  };
  const height_px = 210;
  const second_px = 54 + height_px + 14;
  return toSvg(
    {
      grid: [panel({ top: 50, height: height_px }), ...(compared ? [panel({ top: second_px + 26, height: 100 })] : [])],
      xAxis: [currentAxis(0, !compared), ...(compared ? [currentAxis(1, true)] : [])],
      yAxis: [
        { ...fittedAxis('Overpotential / mV', 46, [0, ...etas_mV]), gridIndex: 0 },
        ...(compared
          ? [
              {
                ...fittedAxis('Ratio', 46, [...roomFor(ratios.flat().map(([, ratio]) => ratio)), paperRatio ?? 1]),
                gridIndex: 1,
              },
            ]
          : []),
      ],
      legend: [
        legend({ data: parts.map((part) => part.name), top: 4, left: 24, itemWidth: 12 }),
        legend({
          data: keys.map(({ name }, index) => ({ name, icon: LINES[index % LINES.length]!.icon })),
          top: 25,
          left: 24,
        }),
        ...(compared
          ? [
              legend({
                data: [
                  ...lower.map(({ name }) => ({ name })),
                  ...(paperRatio === null ? [] : [{ name: paper.name, icon: icon.dashes }]),
                ],
                top: second_px,
                left: 24,
              }),
            ]
          : []),
      ],
      graphic: compared ? [panelLetter('a', 4), panelLetter('b', second_px)] : [],
      series: [...lines, ...keys, ...(compared ? [...lower, paper] : [])],
    },
    compared ? second_px + 26 + 148 : 50 + height_px + 48,
  );
}

/** The look of a part of the overpotential of cell number `index`. */
function etaLine({ color, symbol }: Part, index: number) {
  return {
    type: 'line' as const,
    symbol: index === 0 ? symbol : `empty${symbol[0]!.toUpperCase()}${symbol.slice(1)}`,
    symbolSize: 7,
    lineStyle: { width: 1.5, color, type: LINES[index % LINES.length]!.type },
    itemStyle: { color },
  };
}

/** Concentration overpotential over the base's, at the currents that both have. */
function ratioTo(base: EtaCurve, cell: EtaCurve): [current_mA_cm2: number, ratio: number][] {
  return cell.points.flatMap(({ current_mA_cm2, etaConc_mV }): [number, number][] => {
    const reference = base.points.find((point) => point.current_mA_cm2 === current_mA_cm2);
    return reference && reference.etaConc_mV > 0 ? [[current_mA_cm2, etaConc_mV / reference.etaConc_mV]] : [];
  });
}

/** The ratios and one above and below them, so that their labels have room. */
const roomFor = (ratios: readonly number[]): number[] => [
  ...ratios,
  Math.max(...ratios) + 0.1,
  Math.min(...ratios) - 0.1,
];
