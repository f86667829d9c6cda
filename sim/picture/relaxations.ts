import type { Relaxation } from '../replay/relaxation';
import { colour, fittedAxis, fontFamily, fontSize_px, legend, panel, panelLetter } from './style';
import { toSvg } from './svg';

type Part = 'etaFast_mV' | 'etaConc_mV';

const parts: { of: Part; name: string; color: string; symbol: string; open: boolean }[] = [
  { of: 'etaFast_mV', name: 'Fast: ohmic and reaction', color: colour.green, symbol: 'triangle', open: false },
  { of: 'etaConc_mV', name: 'Slow: concentration and diffusion', color: colour.purple, symbol: 'circle', open: true },
];

/**
 * The fast and the slow part of every relaxation over the charge in the cell since the measurement began: after charge pulses (a)
 * and after discharge pulses (b). Bars: how far both parts may be wrong, in opposite directions.
 */
export function relaxationsPicture(relaxations: readonly Relaxation[]): string {
  const charges = relaxations.map((relaxation) => relaxation.netCharge_mAh);
  const panels = (['charge', 'discharge'] as const).map((after, index) => {
    const shown = relaxations.filter((relaxation) => relaxation.afterPulse === after);
    const place = { xAxisIndex: index, yAxisIndex: index };
    return {
      series: parts.flatMap(({ of, name, color, symbol, open }) => [
        {
          ...place,
          type: 'line' as const,
          data: shown.flatMap((relaxation) => bar(relaxation, of)),
          showSymbol: false,
          lineStyle: { color, width: 1, opacity: 0.45 },
          silent: true,
        },
        {
          ...place,
          type: 'scatter' as const,
          name,
          symbol,
          symbolSize: shown.length > 60 ? 4 : 7,
          data: shown.flatMap((relaxation): [number, number][] =>
            relaxation[of] === null ? [] : [[relaxation.netCharge_mAh, relaxation[of]]],
          ),
          itemStyle: open
            ? { color: '#ffffff', borderColor: color, borderWidth: 1.2, opacity: 1 }
            : { color, opacity: 1 },
        },
      ]),
      highest_mV: shown.flatMap((relaxation) =>
        parts.map(({ of }) => (relaxation[of] ?? 0) + (relaxation[of] === null ? 0 : (relaxation.uncertainty_mV ?? 0))),
      ),
    };
  });
  const x = (index: number) => ({ ...fittedAxis('Net charge since the start / mAh', 26, charges), gridIndex: index });
  const y = (index: number) => ({
    ...fittedAxis('Overpotential / mV', 40, [0, ...panels[index]!.highest_mV]),
    gridIndex: index,
  });
  return toSvg(
    {
      grid: [panel({ top: 48, height: 150 }), panel({ top: 270, height: 150 })],
      xAxis: [x(0), x(1)],
      yAxis: [y(0), y(1)],
      legend: [legend({ data: parts.map(({ name }) => name), top: 0, left: 24, itemWidth: 10 })],
      graphic: [panelLetter('a', 26), words('After charge', 28), panelLetter('b', 248), words('After discharge', 250)],
      series: panels.flatMap(({ series }) => series),
    },
    466,
  );
}

/** A vertical line with a gap after it. */
function bar({ netCharge_mAh, uncertainty_mV, ...eta }: Relaxation, of: Part): [number, number | '-'][] {
  const value = eta[of];
  if (value === null || uncertainty_mV === null) return [];
  return [
    [netCharge_mAh, Math.max(0, value - uncertainty_mV)],
    [netCharge_mAh, value + uncertainty_mV],
    [netCharge_mAh, '-'],
  ];
}

function words(text: string, top: number) {
  return {
    type: 'text' as const,
    left: 64,
    top,
    silent: true,
    style: { text, fill: colour.black, fontFamily, fontSize: fontSize_px - 1 },
  };
}
