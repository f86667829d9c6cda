/** What a chart shows, said once for the screen (chart.ts), for print (figure.ts), for a table and for a file. */

export interface ChartAxis {
  /** `Voltage`, and `V`; without a unit: `1`. */
  label: string;
  unit: string;
  /** Where the axis ends; without: where the data do. */
  min?: number;
  max?: number;
  /** The axis shows at least so much: less is noise. */
  leastSpan?: number;
  /** The axis ends where most of the data do: a short peak is cut off. */
  cutsPeaks?: boolean;
  decimals?: number;
}

export interface ChartSeries {
  label: string;
  /** Name of a colour of look.css. */
  colour: string;
  /** `area`: stacked on the areas before it; the column holds its own amount. Default: `line`. */
  kind?: 'line' | 'steps' | 'dots' | 'circles' | 'area';
  dashed?: boolean;
  /** Two more columns follow its own: the lower and the upper end of the interval. */
  interval?: boolean;
}

export interface ChartSpec {
  title: string;
  x: ChartAxis;
  y: ChartAxis;
  series: readonly ChartSeries[];
  /** Of the plot, without title and legend. Default: 220. */
  height_px?: number;
  /** Charts of the same name share the cursor. */
  sync?: string;
}

/** Numbers by x; `null`: there is none. A typed array has none to leave out. */
export type Column = ArrayLike<number | null>;
/** x, ascending, then for each series its column, and two for its interval where it has one. */
export type Columns = readonly Column[];

/** The columns of each series. */
export function columnsOf(spec: ChartSpec, columns: Columns): { value: Column; low?: Column; high?: Column }[] {
  let next = 1;
  return spec.series.map(({ interval }) => {
    const value = columns[next++]!;
    return interval ? { value, low: columns[next++]!, high: columns[next++]! } : { value };
  });
}

/** Where an axis ends that cuts peaks: half as high again as all but the highest tenth of the data. */
export function endBelowPeaks(columns: readonly Column[]): number {
  const all = columns.flatMap((column) => Array.from(column as ArrayLike<number | null>, (value) => value ?? 0));
  all.sort((a, b) => a - b);
  return 1.5 * (all[Math.floor(0.9 * all.length)] ?? 1) || 1;
}

/** An interval that is at least as wide as the axis asks for, about the same middle. */
export function widened({ leastSpan = 0 }: ChartAxis, from: number, to: number): [number, number] {
  const missing = Math.max(0, leastSpan - (to - from));
  return [from - missing / 2, to + missing / 2];
}

export const axisTitle = ({ label, unit }: ChartAxis): string => (unit === '1' ? label : `${label} / ${unit}`);

/** A number with as many digits as its size asks for, and its unit. */
export function quantity(value: number | null | undefined, { unit, decimals }: ChartAxis): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const digits = decimals ?? Math.max(0, 3 - Math.max(0, Math.floor(Math.log10(Math.abs(value) || 1))));
  return unit === '1' ? value.toFixed(digits) : `${value.toFixed(digits)} ${unit}`;
}

/** One sentence a series, for who cannot see the chart. */
export function summarise(spec: ChartSpec, columns: Columns): string {
  const x = columns[0]!;
  if (x.length === 0) return `${spec.title}. No data yet.`;
  const span = `${spec.x.label} ${quantity(x[0], spec.x)} to ${quantity(x[x.length - 1], spec.x)}.`;
  const parts = columnsOf(spec, columns).map(({ value }, k) => {
    let [first, last, low, high]: (number | null)[] = [null, null, null, null];
    for (let i = 0; i < value.length; i++) {
      const v = value[i];
      if (v === null || v === undefined) continue;
      first ??= v;
      last = v;
      if (low === null || v < low) low = v;
      if (high === null || v > high) high = v;
    }
    const { label } = spec.series[k]!;
    if (last === null) return `${label}: no values.`;
    return `${label}: from ${quantity(first, spec.y)} to ${quantity(last, spec.y)}, lowest ${quantity(low, spec.y)}, highest ${quantity(high, spec.y)}.`;
  });
  return [`${spec.title}.`, span, ...parts].join(' ');
}

/** Head and rows of the whole chart. */
export function table(spec: ChartSpec, columns: Columns): { head: string[]; row: (k: number) => (number | null)[] } {
  const named = (name: string): string => (spec.y.unit === '1' ? name : `${name} / ${spec.y.unit}`);
  return {
    head: [
      axisTitle(spec.x),
      ...spec.series.flatMap(({ label, interval }) =>
        interval ? [named(label), named(`${label}, low`), named(`${label}, high`)] : [named(label)],
      ),
    ],
    row: (k) => columns.map((column) => column[k] ?? null),
  };
}

export function chartCsv(spec: ChartSpec, columns: Columns): string {
  const { head, row } = table(spec, columns);
  const lines = [head.map((name) => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(',')];
  for (let k = 0; k < columns[0]!.length; k++)
    lines.push(
      row(k)
        .map((value) => value ?? '')
        .join(','),
    );
  return `${lines.join('\n')}\n`;
}
