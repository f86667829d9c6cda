/**
 * The volcano: what is left of each fixed rate's first capacity after so many cycles, the measurements of the paper, and the paths of
 * runs that choose their rate. A slider goes through the cycles.
 */
import { citation, paperPoints, paperRetentions } from '../../../paper/000';
import type { CycleResult } from '../../../results/types';
import { h } from '../dom';
import { saveMenu } from '../save';
import { printColour } from '../theme';
import type { Run } from './runner';
import { policyName } from './settings';
import { drawVolcano, type Mark, type Path, type Picture, type Slope } from './volcanoDrawing';

interface Shown {
  /** Fixed rates of one cell, by ascending rate. */
  fixed: readonly Run[];
  /** Beside the slopes: the run of the form and those that are kept. */
  runs: readonly { run: Run; colour: string }[];
}

type Measure = 'retention' | 'life';

export interface Volcano {
  show(shown: Shown): void;
  destroy(): void;
}

const PLAY_MS = 6000;

/** `onCycle` is told which cycle was chosen; undefined: the newest. */
export function createVolcano(root: HTMLElement, onCycle: (cycle: number | undefined) => void): Volcano {
  let shown: Shown = { fixed: [], runs: [] };
  let measure: Measure = 'retention';
  /** Follows the newest cycle until the slider is moved. */
  let follows = true;
  let playing: number | undefined;

  const stage = h('div', { class: 'volcano-stage', role: 'img' });
  const slider = h('input', { type: 'range', min: 1, max: 1, value: 1, id: 'volcano-cycle', oninput: moved });
  const cycleText = h('output', { class: 'volcano-cycle', for: 'volcano-cycle' });
  const play = h('button', { type: 'button', onclick: togglePlay }, 'Play');
  const measures = (['retention', 'life'] as const).map((value) =>
    h(
      'button',
      { type: 'button', 'aria-pressed': String(value === measure), onclick: () => choose(value) },
      value === 'retention' ? 'Capacity left' : 'Life',
    ),
  );
  const time = h(
    'div',
    { class: 'volcano-time' },
    play,
    h('label', { for: 'volcano-cycle' }, 'Cycle'),
    slider,
    cycleText,
  );
  const said = h('p', { class: 'volcano-said' });
  const rows = h('div', { class: 'table-scroll', tabindex: 0, role: 'region', 'aria-label': 'The volcano: table' });
  const details = h('details', { class: 'data', ontoggle: () => draw() }, h('summary', {}, 'Data as a table'), rows);
  root.append(
    h(
      'div',
      { class: 'chart-head' },
      h('h2', {}, 'The volcano'),
      h(
        'div',
        { class: 'buttons' },
        ...measures,
        saveMenu('volcano', () => ({ csv, svg })),
      ),
    ),
    said,
    stage,
    time,
    details,
  );
  const resize = new ResizeObserver(draw);
  resize.observe(stage);

  const lastCycle = (): number =>
    Math.max(1, ...[...shown.fixed, ...shown.runs.map(({ run }) => run)].map(({ cycles }) => cycles.length));
  const cycle = (): number => (follows ? lastCycle() : Math.min(lastCycle(), Number(slider.value)));

  function moved(): void {
    follows = Number(slider.value) === lastCycle();
    stopPlaying();
    chosen();
  }

  function choose(value: Measure): void {
    measure = value;
    stopPlaying();
    for (const button of measures)
      button.setAttribute('aria-pressed', String(button === measures[value === 'retention' ? 0 : 1]));
    time.hidden = measure === 'life';
    draw();
  }

  function togglePlay(): void {
    if (playing !== undefined) return stopPlaying();
    const from = cycle() === lastCycle() ? 1 : cycle();
    const began_ms = performance.now();
    follows = false;
    play.textContent = 'Pause';
    const step = (): void => {
      const at = Math.floor(from + ((performance.now() - began_ms) / PLAY_MS) * lastCycle());
      slider.value = String(Math.min(at, lastCycle()));
      if (at >= lastCycle()) {
        follows = true;
        stopPlaying();
      } else playing = requestAnimationFrame(step);
      chosen();
    };
    playing = requestAnimationFrame(step);
  }

  function chosen(): void {
    draw();
    onCycle(follows ? undefined : cycle());
  }

  function stopPlaying(): void {
    if (playing !== undefined) cancelAnimationFrame(playing);
    playing = undefined;
    play.textContent = 'Play';
  }

  function picture(): Picture {
    return measure === 'retention' ? retentionPicture(shown, cycle()) : lifePicture(shown);
  }

  function draw(): void {
    const width = Math.floor(stage.clientWidth);
    if (width === 0) return;
    slider.max = String(lastCycle());
    slider.value = String(cycle());
    cycleText.textContent = `${cycle()} of ${lastCycle()}`;
    const now = picture();
    stage.innerHTML = drawVolcano(now, width);
    said.textContent = now.words;
    stage.setAttribute('aria-label', `${now.words} ${now.marks.map(({ text }) => text).join('. ')}`);
    if (details.open) fillTable(now);
  }

  function fillTable({ table }: Picture): void {
    const [head = [], ...body] = table;
    rows.replaceChildren(
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, name)))),
        h('tbody', {}, ...body.map((row) => h('tr', {}, ...row.map((cell) => h('td', {}, cell))))),
      ),
    );
  }

  const csv = (): string =>
    `${picture()
      .table.map((row) => row.map((cell) => (/[",]/.test(cell) ? `"${cell}"` : cell)).join(','))
      .join('\n')}\n`;
  /** On paper the colours are what they are called here. */
  const svg = (): string =>
    drawVolcano(picture(), 760).replace(/var\(--([\w-]+)\)/g, (_, name: string) => printColour(name));

  return {
    show(next) {
      shown = next;
      draw();
    },
    destroy() {
      stopPlaying();
      resize.disconnect();
    },
  };
}

const capacityLeft_pct = (cycles: readonly CycleResult[], n: number): number | null =>
  cycles[n - 1] === undefined ? null : (100 * cycles[n - 1]!.discharge_mAh) / cycles[0]!.discharge_mAh;

const isAdaptive = ({ settings }: Run): boolean => settings.policy !== 'fixed';

function retentionPicture({ fixed, runs }: Shown, n: number): Picture {
  const cell = fixed[0]?.settings.cell ?? runs[0]?.run.settings.cell ?? '';
  const slope = (cycle: number): Slope => ({
    label: `cycle ${cycle}`,
    points: fixed.flatMap(({ settings, cycles }) => {
      const left = capacityLeft_pct(cycles, cycle);
      return left === null ? [] : [{ rate_C: settings.rate_C, value: left }];
    }),
  });
  const main = slope(n);
  const earlier = [0.25, 0.5, 0.75].map((share) => Math.round(share * n)).filter((cycle) => cycle > 1 && cycle < n);
  const best = highest(main);
  const paths = runs
    .filter(({ run }) => isAdaptive(run) && run.cycles.length > 0)
    .map(({ run, colour }): Path => {
      const upTo = Math.min(n, run.cycles.length);
      const points = run.cycles
        .slice(0, upTo)
        .map(({ rate_C }, k) => ({ rate_C, value: capacityLeft_pct(run.cycles, k + 1)! }));
      return { colour, label: policyName(run.settings), points };
    });
  const marks: Mark[] = paper(cell, n);
  const ends = paths.map(({ label, points }) => {
    const { rate_C, value } = points.at(-1)!;
    return `Caldera (${label}), which chooses its own rates, has ${value.toFixed(1)} %, now at ${rate_C.toFixed(2)}C.`;
  });
  const words = best
    ? `After ${n} ${n === 1 ? 'cycle' : 'cycles'} the best fixed rate, ${best.rate_C}C, has ${best.value.toFixed(1)} % of its first capacity left. ${ends.join(' ')}`
    : 'The runs at fixed rates are under way.';
  return {
    words,
    yTitle: 'Capacity left / % of the first',
    yMax: 100,
    main,
    earlier: earlier.map(slope),
    paths,
    marks,
    ranges: [],
    table: [
      ['Run', 'Rate / C', `Capacity left after cycle ${n} / %`],
      ...main.points.map(({ rate_C, value }) => ['fixed', String(rate_C), value.toFixed(2)]),
      ...paths.map(({ label, points }) => [label, points.at(-1)!.rate_C.toFixed(3), points.at(-1)!.value.toFixed(2)]),
      ...marks.map(({ text, rate_C, value }) => [text, String(rate_C), String(value)]),
    ],
  };
}

/** What the paper measured nearest to that cycle, if it is near. */
function paper(cell: string, n: number): Mark[] {
  const rates = [...new Set([0.5, 1, 2, 3, ...paperPoints(cell).map(({ rate_C }) => rate_C)])];
  return rates.flatMap((rate_C): Mark[] =>
    paperRetentions(cell, rate_C)
      .filter(({ cycle }) => Math.abs(cycle - n) <= 2)
      .map(({ cycle, retention_pct }) => ({
        rate_C,
        value: retention_pct,
        text: `measured (${citation}): ${retention_pct} % at ${rate_C}C after cycle ${cycle}`,
      })),
  );
}

function lifePicture({ fixed, runs }: Shown): Picture {
  const cell = fixed[0]?.settings.cell ?? '';
  const points = fixed.flatMap(({ settings, result }) => {
    const life = result?.summary.cyclesTo80 ?? null;
    return life === null ? [] : [{ rate_C: settings.rate_C, value: life }];
  });
  const main = { label: 'life', points };
  const best = highest(main);
  const adaptive = runs.filter(({ run }) => isAdaptive(run) && run.result !== undefined && run.cycles.length > 0);
  const ranges = adaptive.flatMap(({ run, colour }) => {
    const life = run.result!.summary.cyclesTo80;
    const rates = run.cycles.map(({ rate_C }) => rate_C);
    const label = policyName(run.settings);
    const mean_C = rates.reduce((a, b) => a + b, 0) / rates.length;
    return life === null
      ? []
      : [{ colour, label, mean_C, value: life, from_C: Math.min(...rates), to_C: Math.max(...rates) }];
  });
  const longer = adaptive
    .filter(({ run }) => run.result!.summary.cyclesTo80 === null)
    .map(({ run }) => `${policyName(run.settings)} is above 80 % after all ${run.cycles.length} cycles`);
  const said = [...ranges.map(({ label, value }) => `${label}: ${value.toFixed(1)} cycles`), ...longer];
  const marks = paperPoints(cell).flatMap(({ rate_C, lifespan_cycles }): Mark[] =>
    lifespan_cycles === null
      ? []
      : [{ rate_C, value: lifespan_cycles, text: `measured (${citation}): ${lifespan_cycles} cycles at ${rate_C}C` }],
  );
  const unreached = fixed
    .filter(({ result }) => result?.summary.cyclesTo80 === null)
    .map(({ settings }) => `${settings.rate_C}C`);
  return {
    words: [
      best
        ? `The longest life at a fixed rate is ${best.value.toFixed(1)} cycles, at ${best.rate_C}C: until a discharge gives less than 80 % of the first one at 0.2C.`
        : 'No fixed rate has come to the end of its life; more cycles would show it.',
      ...(said.length > 0 ? [`${said.join('; ')}.`] : []),
      ...(best && unreached.length > 0 ? [`Not reached at ${unreached.join(', ')}.`] : []),
    ].join(' '),
    yTitle: 'Life / cycles',
    yMax: null,
    main,
    earlier: [],
    paths: [],
    marks,
    ranges,
    table: [
      ['Run', 'Rate / C', 'Life / cycles'],
      ...points.map(({ rate_C, value }) => ['fixed', String(rate_C), value.toFixed(2)]),
      ...ranges.map(({ label, mean_C, value }) => [label, mean_C.toFixed(3), value.toFixed(2)]),
      ...marks.map(({ text, rate_C, value }) => [text, String(rate_C), String(value)]),
    ],
  };
}

const highest = ({ points }: Slope): Slope['points'][number] | undefined =>
  points.length === 0 ? undefined : points.reduce((best, point) => (point.value > best.value ? point : best));
