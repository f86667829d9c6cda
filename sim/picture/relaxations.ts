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
 * and after discharge pulses (b); a panel without a known part is left out. Bars: how far both parts may be wrong, in opposite directions.
 */
export function relaxationsPicture(relaxations: readonly Relaxation[]): string {
  const known = relaxations.filter(({ etaFast_mV, etaConc_mV }) => etaFast_mV !== null || etaConc_mV !== null);
  const charges = known.map((relaxation) => relaxation.netCharge_mAh);
  const kinds = (['charge', 'discharge'] as const).filter((after) => known.some((r) => r.afterPulse === after));
  const tops_px = kinds.map((_, index) => 48 + 222 * index);
  const panels = kinds.map((after, index) => {
    const shown = known.filter((relaxation) => relaxation.afterPulse === after);
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
      grid: tops_px.map((top) => panel({ top, height: 150 })),
      xAxis: kinds.map((_, index) => x(index)),
      yAxis: kinds.map((_, index) => y(index)),
      legend: [legend({ data: parts.map(({ name }) => name), top: 0, left: 24, itemWidth: 10 })],
      graphic: kinds.flatMap((after, index) => [
        ...(kinds.length > 1 ? [panelLetter('ab'[index]!, tops_px[index]! - 22)] : []),
        words(`After ${after}`, tops_px[index]! - 20),
      ]),
      series: panels.flatMap(({ series }) => series),
    },
    22 + 222 * kinds.length,
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
