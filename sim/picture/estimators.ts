/** What the estimators say beside what is so: for docs/estimators.md. */
import { axisWithTicks, colour, fittedAxis, footer, icon, legend, note, panel, panelLetter, roundTicks } from './style';
import { toSvg } from './svg';

/** eta_conc over one discharge. */
export interface EtaConcTrace {
  /** `1C`. */
  label: string;
  points: readonly {
    discharged_mAh: number;
    truth_mV: number;
    /** NaN where the estimator refuses. */
    estimate_mV: number;
    sigma_mV: number;
  }[];
}

/** Amounts after a discharge, in any one unit. */
export interface Amounts {
  lambda: number;
  active: number;
  residual: number;
  isolated: number;
  dead: number;
  sei: number;
}

export interface InventoryPoint {
  cycle: number;
  truth: Amounts;
  /** null where the estimator refuses. */
  estimate: Amounts | null;
  sigma: Amounts;
}

/** rms errors of eta_conc by rate. */
export interface ErrorCurve {
  label: string;
  points: readonly { rate_C: number; rms_mV: number; most_mV: number }[];
}

const INTERVAL_SIGMAS = 1.96;
/** Beyond it the knee is only steep. */
const HIGHEST_MV = 300;
const PANEL_PX = 190;
const STEP_PX = PANEL_PX + 84;

const line = (name: string, color: string, gridIndex: number, data: (number | null)[][]) => ({
  type: 'line' as const,
  name,
  xAxisIndex: gridIndex,
  yAxisIndex: gridIndex,
  data,
  showSymbol: false,
  lineStyle: { width: 1.5, color },
  itemStyle: { color },
});

/** One panel a trace: truth, estimate and its 95 % interval against the charge. */
export function etaConcPicture(traces: readonly EtaConcTrace[]): string {
  const top = (k: number): number => 30 + k * STEP_PX;
  const series = traces.flatMap(({ points }, k) => {
    const valid = points.map((point) => (Number.isNaN(point.estimate_mV) ? null : point));
    const band = {
      xAxisIndex: k,
      yAxisIndex: k,
      type: 'line' as const,
      stack: `band ${k}`,
      showSymbol: false,
      silent: true,
    };
    const at = (k: number): number => points[k]!.discharged_mAh;
    return [
      {
        ...band,
        name: `lower ${k}`,
        lineStyle: { width: 0 },
        data: valid.map((p, n) => [at(n), p ? p.estimate_mV - INTERVAL_SIGMAS * p.sigma_mV : null]),
      },
      {
        ...band,
        name: '95 % interval',
        lineStyle: { width: 0 },
        itemStyle: { color: colour.skyBlue },
        areaStyle: { color: colour.skyBlue, opacity: 0.4 },
        data: valid.map((p, n) => [at(n), p ? 2 * INTERVAL_SIGMAS * p.sigma_mV : null]),
      },
      line(
        'Estimated',
        colour.blue,
        k,
        valid.map((p, n) => [at(n), p ? p.estimate_mV : null]),
      ),
      line(
        'True',
        colour.black,
        k,
        points.map((p) => [p.discharged_mAh, p.truth_mV]),
      ),
    ];
  });
  return toSvg(
    {
      grid: traces.map((_, k) => panel({ top: top(k), height: PANEL_PX })),
      xAxis: traces.map(({ points }, k) => {
        const most = points.at(-1)?.discharged_mAh ?? 1;
        return { ...axisWithTicks('Discharged / mAh', 26, roundTicks(most)), gridIndex: k, min: 0, max: most };
      }),
      yAxis: traces.map((_, k) => ({
        ...axisWithTicks('Overpotential / mV', 46, roundTicks(HIGHEST_MV)),
        gridIndex: k,
        min: 0,
        max: HIGHEST_MV,
      })),
      legend: traces.map((_, k) =>
        legend({
          data: [
            { name: 'True', icon: icon.line },
            { name: 'Estimated', icon: icon.line },
            { name: '95 % interval', icon: 'rect' },
          ],
          top: top(k) - 26,
          left: 24,
        }),
      ),
      graphic: traces.flatMap(({ label }, k) => [panelLetter('abcd'[k]!, top(k) - 26), note(label, top(k) - 26)]),
      series,
    },
    top(traces.length - 1) + PANEL_PX + 48,
  );
}

const PARTS = [
  { name: 'SEI', color: colour.orange, of: (a: Amounts) => a.sei },
  { name: 'Dead', color: colour.black, of: (a: Amounts) => a.dead },
  { name: 'Isolated', color: colour.purple, of: (a: Amounts) => a.isolated },
  { name: 'Residual', color: colour.skyBlue, of: (a: Amounts) => a.residual },
  { name: 'Other active', color: colour.green, of: (a: Amounts) => Math.max(0, a.active - a.residual) },
];

/**
 * All lithium outside the cathode as stacks: true (a) and estimated (b, with the measured sum and its interval).
 * @param below words under it, a line each
 */
export function estimatedInventoryPicture(points: readonly InventoryPoint[], below: readonly string[] = []): string {
  const most = 1.1 * Math.max(...points.map(({ truth, estimate }) => Math.max(truth.lambda, estimate?.lambda ?? 0)));
  const last = points.at(-1)?.cycle ?? 2;
  const top = (k: number): number => 52 + k * (STEP_PX - 44);
  // What is too thin to be seen needs no colour in the legend, which is in the order of the stack.
  const named = PARTS.filter(({ of }) => points.some(({ truth }) => of(truth) > 0.01 * most)).reverse();
  const stack = (k: number, of: (point: InventoryPoint) => Amounts | null) =>
    PARTS.map((part) => ({
      ...line(
        part.name,
        part.color,
        k,
        points.map((point) => [point.cycle, pick(of(point), part.of)]),
      ),
      stack: `stack ${k}`,
      lineStyle: { width: 0 },
      areaStyle: { color: part.color, opacity: 1 },
    }));
  const bounds = [-1, 1].map((sign) => ({
    ...line(
      'Sum, 95 % interval',
      colour.vermilion,
      1,
      points.map(({ cycle, estimate, sigma }) => [
        cycle,
        estimate && estimate.lambda + sign * INTERVAL_SIGMAS * sigma.lambda,
      ]),
    ),
    lineStyle: { width: 1.2, color: colour.vermilion, type: [5, 3] },
  }));
  const words = footer(below, top(1) + PANEL_PX + 48, 24);
  return toSvg(
    {
      grid: [0, 1].map((k) => panel({ top: top(k), height: PANEL_PX })),
      xAxis: [0, 1].map((k) => ({
        ...axisWithTicks(
          k === 1 ? 'Cycle number' : '',
          26,
          [1, ...roundTicks(last).filter((tick) => tick > 0)],
          k === 1,
        ),
        gridIndex: k,
        min: 1,
        max: last,
      })),
      yAxis: [0, 1].map((k) => ({
        ...axisWithTicks('Lithium / (mAh/cm²)', 46, roundTicks(most)),
        gridIndex: k,
        min: 0,
        max: most,
      })),
      legend: [
        legend({ data: named.map(({ name }) => ({ name, icon: 'rect' })), top: 4, left: 24, itemWidth: 12 }),
        legend({ data: [{ name: 'Sum, 95 % interval', icon: icon.dashes }], top: top(1) - 24, left: 100 }),
      ],
      graphic: [
        ...['True', 'Estimated'].flatMap((label, k) => [panelLetter('ab'[k]!, top(k) - 24), note(label, top(k) - 26)]),
        ...words.graphic,
      ],
      series: [...stack(0, ({ truth }) => truth), ...stack(1, ({ estimate }) => estimate), ...bounds],
    },
    words.bottom_px,
  );
}

const pick = (amounts: Amounts | null, of: (amounts: Amounts) => number): number | null => amounts && of(amounts);

/** rms errors against the rate, and what is asked at most. */
export function errorByRatePicture(curves: readonly ErrorCurve[]): string {
  const colours = [colour.blue, colour.vermilion];
  const all = curves.flatMap(({ points }) => points.flatMap(({ rms_mV, most_mV }) => [rms_mV, most_mV]));
  const rates = [...new Set(curves.flatMap(({ points }) => points.map(({ rate_C }) => rate_C)))];
  const most_C = Math.max(...rates) + 0.3;
  return toSvg(
    {
      grid: [panel({ top: 50, height: 220 })],
      xAxis: [{ ...axisWithTicks('Discharge rate / C', 26, rates), min: 0, max: most_C }],
      yAxis: [fittedAxis('rms error / mV', 46, [0, ...all])],
      legend: curves.map(({ label }, k) =>
        legend({
          data: [{ name: label }, { name: `Asked, ${label.toLowerCase()}`, icon: icon.dashes }],
          top: 4 + 21 * k,
          left: 58,
        }),
      ),
      series: curves.flatMap(({ label, points }, k) => [
        {
          ...line(
            label,
            colours[k]!,
            0,
            points.map(({ rate_C, rms_mV }) => [rate_C, rms_mV]),
          ),
          showSymbol: true,
          symbol: k === 0 ? 'circle' : 'rect',
          symbolSize: 8,
        },
        {
          ...line(
            `Asked, ${label.toLowerCase()}`,
            colours[k]!,
            0,
            points.map(({ rate_C, most_mV }) => [rate_C, most_mV]),
          ),
          lineStyle: { width: 1, color: colours[k]!, type: [5, 3] },
        },
      ]),
    },
    318,
  );
}
