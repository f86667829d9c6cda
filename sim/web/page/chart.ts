/**
 * A chart on uPlot: fast for streams; with a legend that tells the values under the cursor, keys for who has no mouse, words and a
 * table for who does not see it, and files to take away.
 */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import {
  axisTitle,
  chartCsv,
  columnsOf,
  endBelowPeaks,
  quantity,
  summarise,
  table,
  widened,
  type ChartSpec,
  type Columns,
} from './chartSpec';
import { announce, h } from './dom';
import { rowOf, scrollBox, tableOf } from './table';
import { chartSvg } from './figure';
import { saveMenu } from './save';
import { colour, onTheme } from './theme';

export interface Chart {
  readonly element: HTMLElement;
  /**
   * Shows other data, or the same arrays after they have grown: they are kept, not copied. Cheap to call often: it is drawn once a
   * frame.
   */
  setData(columns: Columns): void;
  destroy(): void;
}

/** More rows than one reads; all of them are in the file. */
const MOST_ROWS = 200;
const SUMMARY_EVERY_MS = 1000;

/** @param root takes the chart; its width is that of the chart, also when it changes */
export function createChart(root: HTMLElement, spec: ChartSpec): Chart {
  let columns: Columns = empty(spec);
  let drawn = 0;
  let summaryTimer: ReturnType<typeof setTimeout> | undefined;

  const values = spec.series.map(() => h('span', { class: 'legend-value' }));
  const legend = h(
    'ul',
    { class: 'legend' },
    ...spec.series.map((series, k) =>
      h(
        'li',
        {},
        h('span', { class: `swatch swatch-${series.kind ?? 'line'}`, style: `--swatch: var(--${series.colour})` }),
        series.label,
        ' ',
        values[k],
      ),
    ),
  );
  const at = h('p', { class: 'legend-at' });
  const host = h('div', { class: 'plot', tabindex: 0, role: 'img' });
  const rows = scrollBox(`${spec.title}: table`);
  const details = h('details', { class: 'data' }, h('summary', {}, 'Data as a table'), rows);
  const element = h(
    'figure',
    { class: 'chart' },
    h('div', { class: 'chart-head' }, h('h3', {}, spec.title), saveMenu(spec.title, files)),
    legend,
    host,
    h('div', { class: 'chart-foot' }, details, at),
  );
  root.append(element);

  const plot = new uPlot(optionsOf(spec, showValues), plotted(spec, columns), host);
  const resize = new ResizeObserver(() => {
    const width = Math.floor(host.clientWidth);
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: spec.height_px ?? 220 });
  });
  resize.observe(host);
  const forgetTheme = onTheme(() => plot.redraw(false));
  host.addEventListener('keydown', onKey);
  details.addEventListener('toggle', fillTable);
  describe();

  function files() {
    return {
      csv: () => chartCsv(spec, columns),
      svg: () => chartSvg(spec, columns),
    };
  }

  /** What stands under the cursor, or else the newest. */
  function showValues(): void {
    const count = columns[0]!.length;
    const k = plot?.cursor.idx ?? count - 1;
    if (count === 0) return;
    columnsOf(spec, columns).forEach(({ value, low, high }, s) => {
      const text = quantity(value[k], spec.y);
      const range =
        low && high && typeof low[k] === 'number'
          ? ` (${quantity(low[k], { ...spec.y, unit: '1' })} to ${quantity(high[k], spec.y)})`
          : '';
      values[s]!.textContent = text + range;
    });
    at.textContent = `at ${spec.x.label.toLowerCase()} ${quantity(columns[0]![k], spec.x)}`;
  }

  function onKey(event: KeyboardEvent): void {
    const count = columns[0]!.length;
    if (count === 0) return;
    const k = plot.cursor.idx ?? count - 1;
    const far = Math.max(1, Math.round(count / 10));
    const moves: Record<string, number> = {
      ArrowLeft: k - Math.max(1, Math.round(count / 200)),
      ArrowRight: k + Math.max(1, Math.round(count / 200)),
      PageUp: k - far,
      PageDown: k + far,
      Home: 0,
      End: count - 1,
    };
    const to = moves[event.key];
    if (to === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    if (to === undefined) {
      plot.setCursor({ left: -10, top: -10 });
      plot.setData(plot.data, true);
      return;
    }
    const index = Math.min(count - 1, Math.max(0, to));
    plot.setCursor({ left: plot.valToPos(columns[0]![index]!, 'x'), top: plot.bbox.height / devicePixelRatio / 2 });
    showValues();
    announce(
      `${at.textContent}: ${spec.series.map(({ label }, s) => `${label} ${values[s]!.textContent}`).join(', ')}`,
    );
  }

  function describe(): void {
    summaryTimer = undefined;
    host.setAttribute('aria-label', `${summarise(spec, columns)} Arrow keys read values.`);
    if (details.open) fillTable();
  }

  function fillTable(): void {
    if (!details.open) return;
    const { head, row } = table(spec, columns);
    const count = columns[0]!.length;
    const step = Math.max(1, Math.ceil(count / MOST_ROWS));
    const body: HTMLElement[] = [];
    for (let k = 0; k < count; k += step)
      body.push(rowOf(row(k).map((value, c) => plain(value, c === 0 ? spec.x.decimals : spec.y.decimals))));
    const caption = step > 1 ? `One row in ${step}; the CSV file has all ${count}.` : `${count} rows.`;
    rows.replaceChildren(tableOf(head, body, { caption }));
  }

  return {
    element,
    setData(next): void {
      columns = next;
      drawn ||= requestAnimationFrame(() => {
        drawn = 0;
        plot.setData(plotted(spec, columns));
        showValues();
      });
      summaryTimer ??= setTimeout(describe, SUMMARY_EVERY_MS);
    },
    destroy(): void {
      cancelAnimationFrame(drawn);
      clearTimeout(summaryTimer);
      forgetTheme();
      resize.disconnect();
      plot.destroy();
      element.remove();
    },
  };
}

const plain = (value: number | null, decimals?: number): string =>
  value === null ? '–' : String(Number(decimals === undefined ? value.toPrecision(6) : value.toFixed(decimals)));

const empty = (spec: ChartSpec): Columns =>
  Array.from({ length: 1 + spec.series.reduce((sum, { interval }) => sum + (interval ? 3 : 1), 0) }, () => []);

/** As uPlot draws them: areas as sums, and above all of them the lines. */
function plotted(spec: ChartSpec, columns: Columns): uPlot.AlignedData {
  const data: Columns[number][] = [columns[0]!];
  let sum: number[] | undefined;
  columnsOf(spec, columns).forEach(({ value, low, high }, k) => {
    if (spec.series[k]!.kind === 'area') {
      const below: number[] | undefined = sum;
      sum = Array.from(value as ArrayLike<number>, (amount, i) => (amount ?? 0) + (below?.[i] ?? 0));
      data.push(sum);
    } else data.push(value);
    if (low && high) data.push(low, high);
  });
  return data as uPlot.AlignedData;
}

function optionsOf(spec: ChartSpec, onCursor: () => void): uPlot.Options {
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  let lowerArea = -1;
  for (const { label, colour: name, kind = 'line', dashed, interval } of spec.series) {
    const stroke = (): string => colour(name);
    const own = series.length;
    const dots = kind === 'dots' || kind === 'circles';
    series.push({
      label,
      stroke,
      width: kind === 'area' ? 0.5 : dots ? 0 : 1.75,
      spanGaps: false,
      ...(dashed && { dash: [6, 4] }),
      ...(dots && { paths: () => null }),
      ...(kind === 'steps' && { paths: uPlot.paths.stepped!({ align: 1 }) }),
      points: {
        show: dots,
        size: kind === 'circles' ? 8 : 5,
        stroke,
        fill: kind === 'circles' ? () => colour('surface') : stroke,
        width: kind === 'circles' ? 1.75 : 0,
      },
      ...(kind === 'area' && lowerArea < 0 && { fill: stroke }),
    });
    if (kind === 'area') {
      if (lowerArea >= 0) bands.push({ series: [own, lowerArea], fill: stroke });
      lowerArea = own;
    }
    if (!interval) continue;
    const hidden: uPlot.Series = {
      label: `${label}, interval`,
      width: 0,
      stroke: 'transparent',
      points: { show: false },
    };
    series.push(hidden, { ...hidden });
    bands.push({ series: [own + 2, own + 1], fill: () => faded(colour(name)) });
  }
  return {
    width: 300,
    height: spec.height_px ?? 220,
    series,
    bands,
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false },
      points: { size: 7 },
      ...(spec.sync && { sync: { key: spec.sync } }),
    },
    hooks: { setCursor: [onCursor] },
    scales: {
      x: { time: false, range: limits(spec.x, 0) },
      y: { range: spec.y.cutsPeaks ? belowPeaks : limits(spec.y, 0.06) },
    },
    axes: [axisOf(spec.x, 0), axisOf(spec.y, 1)],
  };
}

const belowPeaks: uPlot.Range.Function = (plot, low) => [
  Math.min(0, low ?? 0),
  endBelowPeaks(plot.data.slice(1) as Columns),
];

const limits =
  (axis: ChartSpec['y'], room: number): uPlot.Range.Function =>
  (_, low, high) => {
    // Before there are data uPlot asks with nothing.
    const { min, max } = axis;
    const [from, to] = widened(axis, min ?? low ?? 0, max ?? high ?? 1);
    const margin = room * (to - from || Math.abs(to) || 1);
    const spread = to > from ? 0 : room === 0 ? 1 : 0;
    return [min ?? from - margin, max ?? to + margin + spread];
  };

function axisOf(axis: ChartSpec['x'], side: 0 | 1): uPlot.Axis {
  const y = side === 1;
  return {
    label: axisTitle(axis),
    labelFont: '13px system-ui, sans-serif',
    font: '12px system-ui, sans-serif',
    labelSize: 18,
    size: y ? 46 : 24,
    gap: 4,
    stroke: () => colour('ink-soft'),
    grid: { stroke: () => colour('line'), width: 1 },
    ticks: { show: false },
    ...(y && { values: (_: uPlot, splits: number[]) => splits.map((value) => String(Number(value.toPrecision(6)))) }),
  };
}

/** See-through, so that lines behind it show. */
const faded = (rgb: string): string => rgb.replace(')', ', 0.22)').replace('rgb(', 'rgba(');
