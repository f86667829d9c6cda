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
  grey: '#BBBBBB',
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

/** Viridis without its lightest third, which is lost on white (bids.github.io/colormap): for series in an order. */
const graded = ['#440154', '#3B528B', '#21918C', '#5EC962', '#AADC32'];

/** `count` colours from dark to light. */
export function gradedColours(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const at = count === 1 ? 0 : (index / (count - 1)) * (graded.length - 1);
    const left = Math.min(Math.floor(at), graded.length - 2);
    return mix(graded[left]!, graded[left + 1]!, at - left);
  });
}

function mix(from: string, to: string, share: number): string {
  const channel = (at: number): string => {
    const [a, b] = [from, to].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16)) as [number, number];
    return Math.round(a + (b - a) * share)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

/** What was published is drawn open, what was computed filled. */
export const openSymbol = (color: string) => ({
  color: 'transparent',
  borderColor: color,
  borderWidth: 1.5,
  opacity: 1,
});

/** In a legend: lines without the dots that line series show there. */
export const icon = {
  line: 'path://M0 0H22V2H0Z',
  dashes: 'path://M0 0H9V2H0ZM13 0H22V2H13Z',
  dots: 'path://M0 0H3V2H0ZM6 0H9V2H6ZM12 0H15V2H12ZM18 0H21V2H18Z',
} as const;

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

/** The same with ticks where they are wanted and nowhere else; `labelled` false: without numbers. */
export function axisWithTicks(
  name: string,
  nameGap: number,
  ticks: readonly number[],
  labelled = true,
  formatter: (value: number) => string = String,
) {
  const plain = axis(name, nameGap);
  return {
    ...plain,
    axisTick: { ...plain.axisTick, customValues: [...ticks] },
    axisLabel: { ...plain.axisLabel, show: labelled, customValues: [...ticks], formatter },
  };
}

/** Round numbers from 0 to at most `max`. */
export function roundTicks(max: number): number[] {
  const { interval, decimals } = roundScale([0, max]);
  return Array.from({ length: Math.floor(max / interval + 1e-9) + 1 }, (_, k) =>
    Number((k * interval).toFixed(decimals)),
  );
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

/** A few words in the row of a panel's legend, at the frame's right end. */
export function note(words: string, top_px: number) {
  return {
    type: 'text' as const,
    right: 70,
    top: top_px + 6,
    silent: true,
    style: { text: words, fill: colour.black, fontFamily, fontSize: fontSize_px - 1 },
  };
}

/** Lines of words below a picture that has so far ended at `top_px`; and where it ends with them. */
export function footer(lines: readonly string[], top_px: number, left_px: number) {
  const row_px = 15;
  return {
    graphic: lines.map((words, index) => ({
      type: 'text' as const,
      left: left_px,
      top: top_px + index * row_px,
      silent: true,
      style: { text: words, fill: colour.black, fontFamily, fontSize: fontSize_px - 2 },
    })),
    bottom_px: lines.length > 0 ? top_px + lines.length * row_px + 8 : top_px,
  };
}

/** At most `count` of a list, evenly chosen, the first and the last among them. */
export function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  return Array.from({ length: count }, (_, i) => list[Math.round((i * (list.length - 1)) / (count - 1))]!);
}
