/**
 * The volcano: what is left of each fixed rate's first capacity after so many cycles, the measurements of the paper, and the paths of
 * runs that choose their rate. A slider goes through the cycles.
 */
import { h } from '../dom';
import { rowOf, scrollBox, tableOf } from '../table';
import { saveMenu } from '../save';
import { printColour } from '../theme';
import { drawVolcano } from './volcanoDrawing';
import { lifePicture, retentionPicture, type Picture, type Shown } from './volcanoPictures';

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
  const rows = scrollBox('The volcano: table');
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
    rows.replaceChildren(tableOf(head, body.map(rowOf)));
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
