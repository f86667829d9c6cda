import type { FlightSecond } from '../mission/missionRun';
import { axis, axisWithTicks, colour, fittedAxis, icon, legend, panel, panelLetter, roundTicks, spread } from './style';
import { toSvg } from './svg';

const PLANNED = 'As planned';
const ADVISED = 'With advice';
/** Of a flight's seconds a line shows this many. */
const MOST_POINTS = 1200;
const PANELS = [
  { name: 'Power / W', of: (second: FlightSecond) => second.power_W },
  { name: 'Current / A', of: (second: FlightSecond) => second.current_A },
  { name: 'Voltage / V', of: (second: FlightSecond) => second.voltage_V },
  { name: 'Saturation', of: (second: FlightSecond) => second.saturation },
  { name: 'Overpot. / mV', of: (second: FlightSecond) => second.etaConc_mV },
];
const PANEL_PX = 92;
const GAP_PX = 22;
const TOP_PX = 28;

/**
 * One flight as planned and with the firmware's advice, of one cell: power (a), current (b), voltage (c), saturation of the electrolyte at the
 * copper (d) and the concentration overpotential that follows from it (e) against time.
 */
export function missionPicture(planned: readonly FlightSecond[], advised: readonly FlightSecond[]): string {
  const flights = [
    { name: PLANNED, seconds: spread(planned, MOST_POINTS), color: colour.vermilion },
    { name: ADVISED, seconds: spread(advised, MOST_POINTS), color: colour.blue },
  ];
  const last_min = Math.max(...flights.map(({ seconds }) => (seconds.at(-1)?.time_s ?? 0) / 60), 1);
  const top = (index: number): number => TOP_PX + index * (PANEL_PX + GAP_PX);
  return toSvg(
    {
      grid: PANELS.map((_, index) => panel({ top: top(index), height: PANEL_PX })),
      xAxis: PANELS.map((_, index) => {
        const lowest = index === PANELS.length - 1;
        return {
          ...axisWithTicks(lowest ? 'Time / min' : '', 26, roundTicks(last_min), lowest),
          gridIndex: index,
          min: 0,
          max: last_min,
        };
      }),
      yAxis: PANELS.map(({ name, of }, index) => ({
        ...fittedAxis(
          name,
          46,
          flights.flatMap(({ seconds }) => seconds.map(of)),
        ),
        gridIndex: index,
        splitNumber: 3,
      })),
      legend: legend({ data: flights.map(({ name }) => ({ name, icon: icon.line })), top: 4, left: 60 }),
      graphic: PANELS.map((_, index) => panelLetter('abcde'[index]!, top(index) - 18)),
      series: PANELS.flatMap(({ of }, index) =>
        flights.map(({ name, seconds, color }) => ({
          name,
          type: 'line' as const,
          xAxisIndex: index,
          yAxisIndex: index,
          showSymbol: false,
          lineStyle: { width: 1.5, color },
          itemStyle: { color },
          data: seconds.map((second): [number, number] => [second.time_s / 60, of(second)]),
        })),
      ),
    },
    top(PANELS.length) - GAP_PX + 46,
  );
}

/** Lives of one cell in missions. */
export interface MissionPair {
  /** For the legend: electrolyte and mission. */
  label: string;
  planned: number;
  advised: number;
}

const LOOKS = [
  { color: colour.blue, symbol: 'circle' },
  { color: colour.skyBlue, symbol: 'emptyCircle' },
  { color: colour.vermilion, symbol: 'triangle' },
  { color: colour.orange, symbol: 'emptyTriangle' },
] as const;

/** Missions until the first failure with advice against those as planned, a symbol for each cell and rule; the line: neither more nor fewer. */
export function missionLivesPicture(pairs: readonly MissionPair[]): string {
  const labels = [...new Set(pairs.map(({ label }) => label))];
  const flown = pairs.filter(({ planned, advised }) => planned > 0 && advised > 0);
  const values = flown.flatMap(({ planned, advised }) => [planned, advised]);
  const least = Math.min(10, ...values) * 0.8;
  const most = Math.max(10, ...values) * 1.25;
  const logarithmic = (name: string, nameGap: number) => ({
    ...axis(name, nameGap),
    type: 'log' as const,
    min: least,
    max: most,
    axisLabel: { ...axis(name, nameGap).axisLabel, customValues: ticksBetween(least, most) },
    axisTick: { ...axis(name, nameGap).axisTick, customValues: ticksBetween(least, most) },
    minorTick: { show: false },
  });
  return toSvg(
    {
      grid: panel({ top: 32, height: 320 }),
      xAxis: logarithmic('Missions as planned', 26),
      yAxis: logarithmic('Missions with advice', 46),
      legend: legend({ data: labels, top: 4, left: 60, right: 10, itemWidth: 10, itemHeight: 10 }),
      series: [
        {
          type: 'line' as const,
          showSymbol: false,
          silent: true,
          lineStyle: { width: 1, color: colour.black, type: [5, 3] },
          data: [
            [least, least],
            [most, most],
          ],
        },
        ...labels.map((name, index) => {
          const { color, symbol } = LOOKS[index % LOOKS.length]!;
          return {
            name,
            type: 'scatter' as const,
            symbol,
            symbolSize: 7,
            itemStyle: { color },
            data: flown
              .filter(({ label }) => label === name)
              .map(({ planned, advised }): [number, number] => [planned, advised]),
          };
        }),
      ],
    },
    32 + 320 + 46,
  );
}

function ticksBetween(least: number, most: number): number[] {
  const ticks: number[] = [];
  for (let power = 1; power < most; power *= 10)
    for (const step of [1, 2, 5]) if (step * power >= least && step * power <= most) ticks.push(step * power);
  return ticks;
}
