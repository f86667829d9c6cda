import { createRequire } from 'node:module';
import * as echarts from 'echarts';
import type { EChartsOption } from 'echarts';

interface Series {
  name?: string;
  type: string;
  xAxisIndex?: number;
  symbol?: string;
  data: unknown[];
  itemStyle?: { color?: string; borderColor?: string };
  lineStyle?: { color?: string };
}

let last: EChartsOption = {};

// What is drawn passes here first, whichever of its two builds the pictures have got.
for (const library of [echarts, createRequire(__filename)('echarts') as typeof echarts])
  library.registerPreprocessor((option) => {
    last = option as EChartsOption;
  });

/** Series of the picture that was drawn last. */
export const series = (): Series[] => last.series as unknown as Series[];

/** The one of a name; in one panel where two share it. Throws when there is none. */
export function seriesNamed(name: string, panel?: number): Series {
  const found = series().find(
    (line) => line.name === name && (panel === undefined || (line.xAxisIndex ?? 0) === panel),
  );
  if (!found) throw new Error(`no series ${name}; there are ${series().map((line) => line.name)}`);
  return found;
}

/** The points of a series, whether drawn in one style or each in its own. */
export const values = (line: Series): unknown[] =>
  line.data.map((item) => (Array.isArray(item) ? item : (item as { value: unknown }).value));

/** The texts of a picture, in document order. */
export const texts = (picture: string): string[] =>
  [...picture.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((match) => match[1]!);

/** What must be true of every picture. */
export function isWhole(picture: string): boolean {
  return (
    /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/.test(picture) &&
    picture.endsWith('</svg>') &&
    !/NaN|undefined|Infinity/.test(picture)
  );
}
