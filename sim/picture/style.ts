/**
 * The house style: every picture is a single-column figure (85 mm wide in print), so that `figureWidth_px` CSS pixels carry
 * type of about 7.5 pt and hairlines of about 0.6 pt.
 */
import type { EChartsOption } from 'echarts';

export const figureWidth_px = 420;

/** Okabe and Ito's colours, told apart with every form of colour vision (jfly.uni-koeln.de/color), and black. */
export const colour = {
  black: '#000000',
  orange: '#E69F00',
  skyBlue: '#56B4E9',
  green: '#009E73',
  yellow: '#F0E442',
  blue: '#0072B2',
  vermilion: '#D55E00',
  purple: '#CC79A7',
} as const;

/** For series without a meaning of their own, in this order. */
export const colourCycle: readonly string[] = [
  colour.blue,
  colour.vermilion,
  colour.green,
  colour.purple,
  colour.orange,
  colour.skyBlue,
  colour.black,
];

/** Arimo ships with the project for PNG; it has Arial's and Liberation Sans's widths, so an SVG looks the same with those. */
export const fontFamily = "Arimo, Arial, 'Liberation Sans', Helvetica, sans-serif";
export const fontSize_px = 13;
export const text = { fontFamily, fontSize: fontSize_px, color: colour.black };

/** Options that every picture starts from. */
export const base: EChartsOption = {
  animation: false,
  backgroundColor: '#ffffff',
  color: [...colourCycle],
  textStyle: text,
};

/** One plotting area with a frame around it, in pixels from the picture's edges; labels never move the frame. */
export function panel(place: { top: number; height: number; left?: number; right?: number }) {
  return {
    left: 64,
    right: 16,
    ...place,
    show: true,
    borderColor: colour.black,
    borderWidth: 1,
    outerBoundsMode: 'none' as const,
  };
}

/** A numeric axis with a centred name, outward ticks and no grid lines. `nameGap` is the distance of the name in pixels. */
export function axis(name: string, nameGap: number) {
  return {
    type: 'value' as const,
    name,
    nameLocation: 'middle' as const,
    nameGap,
    nameTextStyle: text,
    axisLine: { show: true, onZero: false, lineStyle: { color: colour.black, width: 1 } },
    axisTick: { show: true, length: 4, lineStyle: { color: colour.black, width: 1 } },
    axisLabel: { ...text, hideOverlap: true, formatter: (value: number) => String(value) },
    splitLine: { show: false },
    scale: true,
  };
}

/** The same with round limits around the data and as many decimals on one label as on the next. */
export function fittedAxis(name: string, nameGap: number, values: readonly number[]) {
  const { min, max, interval, decimals } = roundScale(values);
  const plain = axis(name, nameGap);
  return {
    ...plain,
    min,
    max,
    interval,
    axisLabel: { ...plain.axisLabel, formatter: (v: number) => v.toFixed(decimals) },
  };
}

/** Limits and a step of 1, 2 or 5 times a power of ten that hold all values in four to eight steps. */
export function roundScale(values: readonly number[]) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) [low, high] = [0, 1];
  if (low === high)
    [low, high] = [low - Math.max(Math.abs(low) * 0.01, 0.01), high + Math.max(Math.abs(high) * 0.01, 0.01)];
  const power = 10 ** Math.floor(Math.log10((high - low) / 4));
  const interval =
    power * [1, 2, 5, 10].find((step) => Math.ceil(high / (step * power)) - Math.floor(low / (step * power)) <= 8)!;
  const decimals = Math.max(0, -Math.floor(Math.log10(interval) + 1e-9));
  const round = (steps: number): number => Number((steps * interval).toFixed(decimals));
  return { min: round(Math.floor(low / interval)), max: round(Math.ceil(high / interval)), interval, decimals };
}

/** A legend at a place, with items that show the series' own line and symbol. */
export function legend(more: Record<string, unknown>) {
  return {
    itemWidth: 22,
    itemHeight: 8,
    itemGap: 12,
    textStyle: { ...text, fontSize: 12 },
    selectedMode: false,
    ...more,
  };
}

/** The bold letter in a panel's upper left corner. */
export function panelLetter(letter: string, top_px: number) {
  return {
    type: 'text' as const,
    left: 4,
    top: top_px,
    silent: true,
    style: { text: letter, fill: colour.black, fontFamily, fontSize: fontSize_px + 1, fontWeight: 'bold' as const },
  };
}
