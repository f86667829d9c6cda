import { Reason } from '../../firmware/steer/steering';
import { readAction } from '../campaign/action';
import type { SimulateResult } from '../results/types';
import { cycleTicks, modelledEtaConc_mV } from './byCycle';
import { axisWithTicks, colour, fittedAxis, icon, legend, panel, panelLetter } from './style';
import { toSvg } from './svg';

const RATE = 0;
const POLARIZATION = 1;
const MODEL = 'Concentration, model';
const ESTIMATE = 'Concentration, estimate';

/** Others are black. */
const REASON_COLOURS: Partial<Record<Reason, string>> = {
  [Reason.Prior]: colour.skyBlue,
  [Reason.Learned]: colour.blue,
  [Reason.Faster]: colour.orange,
  [Reason.Slower]: colour.yellow,
  [Reason.Tapered]: colour.vermilion,
  [Reason.Slowest]: colour.purple,
  [Reason.Fastest]: colour.purple,
  [Reason.Held]: colour.grey,
  [Reason.Default]: colour.black,
};
const RECOVERY_COLOUR = colour.green;

/**
 * What the steering did, by cycle: the rate it set (a), each point in the colour of its reason, with a mark at the foot of cycles after
 * which lithium was won back; and what it holds by that, the concentration overpotential, in the model and as estimated (b).
 */
export function steeredPicture({ cycles }: Pick<SimulateResult, 'cycles'>): string {
  const last = cycles.at(-1)?.n ?? 2;
  const rates = cycles.map((cycle) => cycle.rate_C);
  const actions = cycles.map((cycle) => ({ ...cycle, ...readAction(cycle.action) }));
  const reasons = [...new Map(actions.map(({ reason, word }) => [word, reason]))].sort(([, a], [, b]) => a - b);
  const recoveries = [...new Set(actions.flatMap(({ then, recovery_s }) => (recovery_s === undefined ? [] : then)))];
  const rateAxis = fittedAxis('Discharge rate / C', 46, [0, ...rates.map((rate_C) => 1.03 * rate_C)]);
  const etas = cycles.flatMap((cycle) => [modelledEtaConc_mV(cycle), cycle.etaConcEstimated_mV ?? 0]);

  const names = [...reasons.map(([word]) => word), ...recoveries];
  const rows = legendRows(names);
  const tops_px = [4, 4 + 20 * rows.length + 2 + 190 + 14];
  const cycleAxis = (gridIndex: number) => ({
    ...axisWithTicks(
      gridIndex === POLARIZATION ? 'Cycle number' : '',
      26,
      cycleTicks(last),
      gridIndex === POLARIZATION,
    ),
    gridIndex,
    min: 0,
    max: 1.04 * last,
  });
  return toSvg(
    {
      grid: [
        panel({ top: tops_px[RATE]! + 20 * rows.length + 2, height: 190 }),
        panel({ top: tops_px[POLARIZATION]! + 24, height: 150 }),
      ],
      xAxis: [cycleAxis(RATE), cycleAxis(POLARIZATION)],
      yAxis: [
        { ...rateAxis, gridIndex: RATE },
        { ...fittedAxis('Overpotential / mV', 46, [0, ...etas]), gridIndex: POLARIZATION },
      ],
      legend: [
        ...rows.map((data, row) =>
          legend({ data, top: tops_px[RATE]! + 20 * row, left: 24, right: 0, itemWidth: 12, itemGap: 9 }),
        ),
        legend({
          data: [MODEL, ESTIMATE].map((name) => ({ name, icon: icon.line })),
          top: tops_px[POLARIZATION],
          left: 24,
        }),
      ],
      graphic: tops_px.map((top, index) => panelLetter('ab'[index]!, top)),
      series: [
        line(
          'Rate',
          RATE,
          colour.grey,
          cycles.map(({ n, rate_C }) => [n, rate_C]),
        ),
        ...reasons.map(([word, reason]) =>
          marks(
            word,
            'circle',
            REASON_COLOURS[reason] ?? colour.black,
            actions.filter((cycle) => cycle.word === word).map(({ n, rate_C }) => [n, rate_C]),
          ),
        ),
        ...recoveries.map((name, index) =>
          marks(
            name,
            index === 0 ? 'triangle' : 'diamond',
            RECOVERY_COLOUR,
            actions
              .filter(({ then }) => then.includes(name))
              .map(({ n }) => [n, rateAxis.min + 0.04 * (rateAxis.max - rateAxis.min)]),
          ),
        ),
        line(
          MODEL,
          POLARIZATION,
          colour.black,
          cycles.map((cycle) => [cycle.n, modelledEtaConc_mV(cycle)]),
        ),
        line(
          ESTIMATE,
          POLARIZATION,
          colour.vermilion,
          cycles.map(({ n, etaConcEstimated_mV }) => [n, etaConcEstimated_mV]),
        ),
      ],
    },
    tops_px[POLARIZATION]! + 24 + 150 + 50,
  );
}

/** As many names in a row as the picture is wide. */
function legendRows(names: readonly string[]): string[][] {
  const rows: string[][] = [[]];
  for (const name of names) {
    const row = rows.at(-1)!;
    if (row.join('').length + name.length + 4 * row.length > 46) rows.push([name]);
    else row.push(name);
  }
  return rows;
}

function line(name: string, panelIndex: number, color: string, data: [number, number | null][]) {
  return {
    name,
    type: 'line' as const,
    xAxisIndex: panelIndex,
    yAxisIndex: panelIndex,
    data,
    // A line needs two points.
    showSymbol: data.length === 1,
    lineStyle: { width: 1.5, color },
    itemStyle: { color },
  };
}

function marks(name: string, symbol: string, color: string, data: [number, number][]) {
  return {
    name,
    type: 'scatter' as const,
    xAxisIndex: RATE,
    yAxisIndex: RATE,
    data,
    symbol,
    symbolSize: symbol === 'circle' ? 5 : 6,
    itemStyle: { color, opacity: 1 },
    z: 5,
  };
}
