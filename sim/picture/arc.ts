import type { ArcResult, ArcSample } from '../thermal/arc';
import type { ArcTemperatures } from '../thermal/profile';
import { axis, colour, colourCycle, fittedAxis, icon, legend, openSymbol, panel, panelLetter, text } from './style';
import { toSvg } from './svg';

/** One test, and what a paper measured on such a cell; null: a cell that nobody has measured. */
export interface ArcRun {
  /** For the legend: `routine SEI`. */
  label: string;
  result: ArcResult;
  measured: ArcTemperatures | null;
}

/** Self-heating of 60 degC/min is thermal runaway. */
const RUNAWAY_C_MIN = 60;
/** The axis begins here: slower seeks are far below what a calorimeter resolves and are not drawn. */
const SLOWEST_C_MIN = 1e-3;
const TICKS_C = [20, 50, 100, 200, 500, 1000, 2000];
const FRAME = { left: 72, right: 16 };
const MODEL = 'Model';
const PAPER = 'Paper';

type Point = [x: number, y: number];

/**
 * Temperature against time (a) and self-heating rate against temperature (b) of several tests, one colour a cell: in (b) seeks
 * below the threshold as small circles, exotherms as lines. Onset, triggering and maximum of the model are filled diamonds, what a paper
 * measured stands open. A paper gives temperatures only: in (a) its points stand at the model's times, in (b) at the rates of
 * the definitions, the maximum where the exotherm ends.
 */
export function arcPicture(runs: readonly ArcRun[]): string {
  const drawn = runs.map((run, index) => ({ ...run, color: colourCycle[index % colourCycle.length]! }));
  const samples = drawn.flatMap(({ result }) => result.trace);
  const temperatures_C = [
    ...samples.map((sample) => sample.temperature_C),
    ...drawn.flatMap(({ measured }) => (measured ? Object.values(measured) : [])),
  ].filter((temperature_C) => temperature_C > 0);
  // A margin, and no empty axis when nothing heated itself.
  const min_C = 0.9 * least(temperatures_C, 50);
  const max_C = 1.25 * greatest(temperatures_C, 100);
  const fastest_C_min = greatest(
    samples.map((sample) => sample.rate_C_min),
    RUNAWAY_C_MIN,
  );
  const longest_h = greatest(
    samples.map((sample) => sample.time_s / 3600),
    1,
  );
  const top = Math.ceil(Math.log10(fastest_C_min));
  const decades = Array.from({ length: Math.floor((top + 3) / 2) + 1 }, (_, k) => Number(`1e${2 * k - 3}`));
  const ticks_C = TICKS_C.filter((tick_C) => tick_C >= min_C && tick_C <= max_C);
  const temperature = {
    ...logAxis('Temperature / °C', 40, ticks_C, String),
    min: min_C,
    max: max_C,
  };

  const series = drawn.flatMap(({ label, result, measured, color }) => {
    const model = { onset_C: result.onset_C, triggering_C: result.triggering_C, max_C: result.max_C };
    const line = {
      name: label,
      type: 'line' as const,
      showSymbol: false,
      symbol: 'none',
      lineStyle: { width: 1.5, color },
      itemStyle: { color },
    };
    const marks = (name: string, panelIndex: 0 | 1, data: Point[]) => ({
      name,
      type: 'scatter' as const,
      xAxisIndex: panelIndex,
      yAxisIndex: panelIndex,
      data,
      symbol: name === MODEL ? 'diamond' : 'circle',
      symbolSize: name === MODEL ? 8 : 11,
      itemStyle: name === MODEL ? { color, opacity: 1 } : openSymbol(color),
      z: 5,
    });
    const seeks = result.trace.filter(({ phase, rate_C_min }) => phase === 'seek' && rate_C_min >= SLOWEST_C_MIN);
    return [
      { ...line, xAxisIndex: 0, yAxisIndex: 0, data: result.trace.map(againstTime) },
      {
        ...line,
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: result.trace.filter(({ phase }) => phase === 'exotherm').map(againstTemperature),
      },
      {
        name: label,
        type: 'scatter' as const,
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: seeks.map(againstTemperature),
        symbolSize: seeks.length > 30 ? 3 : 4,
        itemStyle: { color, opacity: 1 },
      },
      marks(MODEL, 0, inTime(result, model, model)),
      marks(MODEL, 1, atRates(result, model)),
      ...(measured
        ? [marks(PAPER, 0, inTime(result, model, measured)), marks(PAPER, 1, atRates(result, measured))]
        : []),
    ];
  });
  const limits = {
    type: 'line' as const,
    xAxisIndex: 1,
    yAxisIndex: 1,
    data: [],
    markLine: {
      silent: true,
      symbol: 'none',
      label: { show: false },
      lineStyle: { color: colour.black, width: 0.8, type: [1, 3] },
      data: [...new Set([...drawn.map(({ result }) => result.threshold_C_min), RUNAWAY_C_MIN])].map((yAxis) => ({
        yAxis,
      })),
    },
  };
  const symbolLegend = [
    { name: MODEL, icon: 'diamond', itemStyle: { color: colour.black } },
    ...(drawn.some(({ measured }) => measured)
      ? [{ name: PAPER, icon: 'circle', itemStyle: openSymbol(colour.black) }]
      : []),
  ];
  return toSvg(
    {
      grid: [panel({ top: 50, height: 180, ...FRAME }), panel({ top: 296, height: 220, ...FRAME })],
      xAxis: [
        { ...fittedAxis('Time / h', 26, [0, 1.03 * longest_h]), gridIndex: 0 },
        { ...temperature, nameGap: 26, gridIndex: 1 },
      ],
      yAxis: [
        { ...temperature, gridIndex: 0 },
        {
          ...logAxis('Self-heating rate / (°C/min)', 44, decades, powerOfTen),
          min: SLOWEST_C_MIN,
          max: 10 ** top,
          gridIndex: 1,
        },
      ],
      legend: [
        legend({ data: drawn.map(({ label }) => ({ name: label, icon: icon.line })), top: 4, left: 32 }),
        legend({ data: symbolLegend, top: 26, left: 32, itemWidth: 12 }),
      ],
      graphic: [panelLetter('a', 4), panelLetter('b', 276)],
      series: [...series, limits],
    },
    564,
  );
}

const againstTime = ({ time_s, temperature_C }: ArcSample): Point => [time_s / 3600, temperature_C];
/** An exotherm ends where all is consumed, at no rate at all: drawn down to the axis. */
const againstTemperature = ({ temperature_C, rate_C_min }: ArcSample): Point => [
  temperature_C,
  Math.max(rate_C_min, SLOWEST_C_MIN),
];

type Found = Record<keyof ArcTemperatures, number | null>;
const KEYS = ['onset_C', 'triggering_C', 'max_C'] as const;

/** Points at the times at which the model came to its own temperatures; those that it did not come to are left out. */
function inTime({ trace }: ArcResult, model: Found, temperatures: Found): Point[] {
  return KEYS.flatMap((key): Point[] => {
    const [reached_C, temperature_C] = [model[key], temperatures[key]];
    if (reached_C === null || temperature_C === null) return [];
    const sample = trace.find(({ phase, ...at }) => phase === 'exotherm' && at.temperature_C >= reached_C);
    return sample ? [[sample.time_s / 3600, temperature_C]] : [];
  });
}

/** Points at the rates by which the temperatures are defined. */
function atRates({ threshold_C_min }: ArcResult, temperatures: Found): Point[] {
  const rates = { onset_C: threshold_C_min, triggering_C: RUNAWAY_C_MIN, max_C: threshold_C_min };
  return KEYS.flatMap((key): Point[] => (temperatures[key] === null ? [] : [[temperatures[key], rates[key]]]));
}

function logAxis(name: string, nameGap: number, ticks: readonly number[], label: (value: number) => string) {
  const customValues = [...ticks];
  return {
    ...axis(name, nameGap),
    type: 'log' as const,
    axisTick: { length: 4, customValues, lineStyle: { color: colour.black } },
    axisLabel: { ...text, customValues, formatter: label },
  };
}

const least = (values: readonly number[], start: number): number => values.reduce((a, b) => Math.min(a, b), start);
const greatest = (values: readonly number[], start: number): number => values.reduce((a, b) => Math.max(a, b), start);

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';
function powerOfTen(value: number): string {
  const power = Math.round(Math.log10(value));
  if (power === 0) return '1';
  const digits = [...String(Math.abs(power))].map((digit) => SUPERSCRIPT[Number(digit)]!).join('');
  return `10${power < 0 ? '⁻' : ''}${digits}`;
}
