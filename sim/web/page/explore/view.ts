/**
 * Explore: choose a cell and a policy, run twin and firmware here, and look. The address holds the choices and the runs that are kept
 * beside; what it says is run again when it is opened.
 */
import { loadProfile } from '../../../profiles/profile';
import { bdfHeader, bdfRow } from '../../../results/bdf';
import { toCsv } from '../../../results/csv';
import { readAddress, writeParameters } from '../address';
import { announce, download, h } from '../dom';
import type { View } from '../view';
import { compareTable } from './compare';
import { createCycleCharts } from './cycleCharts';
import { decisionsTable } from './decisions';
import { createFaults } from './faults';
import { createForm } from './form';
import { footnote, introduction } from './introduction';
import { Field } from './messages';
import { createRunCharts, type ComparedRun, type RunCharts } from './runCharts';
import { createRunner, type Run } from './runner';
import { commandOf, fromParameters, labelOf, toParameters, VOLCANO_RATES_C, type Settings } from './settings';
import { createVolcano } from './volcano';
import './look.css';

const PIN = 'pin';
/** More runs beside one another than colours that are told apart. */
const MOST_PINS = 4;

export const exploreView: View = { title: 'Explore', mount };

function mount(root: HTMLElement): () => void {
  const runner = createRunner();
  const volcanoRunner = createRunner();
  let run: Run;
  let pins: Run[] = [];
  let fixed: Run[] = [];
  let charts: RunCharts | undefined;
  let written = '';
  let frame = 0;
  let cycleShown: number | undefined;

  const runButton = h('button', { class: 'primary' }, 'Run');
  const stopButton = h('button', { type: 'button', onclick: stop }, 'Stop');
  const pinButton = h('button', { type: 'button', onclick: pin }, 'Keep and compare');
  const shareButton = h('button', { type: 'button', onclick: share }, 'Copy link');
  const progress = h('progress', { max: 1, value: 0, 'aria-label': 'Progress of the run' });
  const state = h('p', { class: 'small', role: 'status' });
  const form = createForm(
    fromParameters(readAddress().parameters),
    (settings) => start(settings),
    h('div', {}, h('div', { class: 'buttons' }, runButton, stopButton, pinButton, shareButton), progress, state),
  );
  const facts = h('dl', { class: 'facts' });
  const command = h('code', {});
  const files = h(
    'div',
    { class: 'buttons' },
    h('button', { type: 'button', onclick: () => save('cycles') }, 'Cycles (CSV)'),
    h('button', { type: 'button', onclick: () => save('series') }, 'Time series (CSV, Battery Data Format)'),
    h('button', { type: 'button', onclick: () => save('result') }, 'Result (JSON)'),
  );
  const volcanoCard = h('section', { class: 'card', 'aria-label': 'The volcano' });
  const compared = h('div', {});
  const cycleCard = h('section', { class: 'card' });
  const decisions = h('div', {});
  const runCharts = h('div', {});
  const faultsCard = h('section', { class: 'card' });
  root.append(
    introduction(),
    h(
      'div',
      { class: 'explore-top' },
      h('section', { class: 'card', 'aria-label': 'Choose and run' }, form.element),
      volcanoCard,
    ),
    h('section', { class: 'card' }, h('h2', {}, 'This run'), facts, compared),
    h('section', { class: 'card' }, h('h2', {}, 'What the firmware decided'), decisions),
    cycleCard,
    runCharts,
    faultsCard,
    h(
      'section',
      { class: 'card' },
      h('h2', {}, 'Take it away'),
      files,
      h('p', { class: 'small soft' }, 'The same numbers from the command line: ', command),
    ),
    footnote(),
  );
  const volcano = createVolcano(volcanoCard, (cycle) => {
    cycleShown = cycle;
    showCycle();
  });
  const cycleCharts = createCycleCharts(cycleCard);
  const faults = createFaults(faultsCard, runner);

  const all = (): ComparedRun[] => [run, ...pins].map((one, k) => ({ run: one, colour: `series-${k + 1}` }));

  function start(settings: Settings): void {
    if (run) runner.stop(run);
    run = runner.start(settings, (of) => of === run && news());
    startVolcano(settings);
    faultsCard.hidden = loadProfile(settings.cell).kind === 'half';
    if (!faultsCard.hidden) faults.use(settings.cell, settings.seed);
    rebuild();
    writeAddress();
    news();
  }

  /** Unless they are there already: fixed rates under the same conditions. */
  function startVolcano(settings: Settings): void {
    const conditions = (of: Settings): string =>
      toParameters({ ...of, policy: 'fixed', rate_C: 1, chips: false }).toString();
    if (fixed[0] && conditions(fixed[0].settings) === conditions(settings)) return;
    for (const one of fixed) volcanoRunner.stop(one);
    fixed = VOLCANO_RATES_C.map((rate_C) =>
      volcanoRunner.start({ ...settings, policy: 'fixed', rate_C, chips: false }, (of) => fixed.includes(of) && news()),
    );
  }

  function stop(): void {
    runner.stop(run);
    announce('Stopped.');
  }

  function pin(): void {
    pins = [run, ...pins].slice(0, MOST_PINS);
    rebuild();
    writeAddress();
    announce(`${labelOf(run.settings)} is kept. Choose something else and run it to compare.`);
    news();
  }

  function unpin(k: number): void {
    pins = pins.filter((_, index) => index !== k);
    rebuild();
    writeAddress();
    news();
  }

  /** The charts of all cycles have a line for each run. */
  function rebuild(): void {
    charts?.destroy();
    runCharts.replaceChildren();
    charts = createRunCharts(runCharts, all());
  }

  /** There is more to show: once a frame is enough. */
  function news(): void {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      show();
    });
  }

  function show(): void {
    const { settings, cycles, result, problem, stopped } = run;
    const done = result !== undefined || problem !== undefined;
    progress.value = done ? 1 : cycles.length / settings.cycles;
    stopButton.disabled = done;
    pinButton.disabled = !done || cycles.length === 0;
    state.className = problem || result?.summary.stopped ? 'notice bad small' : 'small';
    state.textContent =
      problem ??
      (result === undefined
        ? `Cycle ${cycles.length} of ${settings.cycles}`
        : result.summary.stopped
          ? `The run ended early at ${result.summary.stopped}`
          : `${stopped ? 'Stopped after' : 'Done:'} ${cycles.length} cycles, ${(result.summary.simulatedSeconds / 86400).toFixed(0)} days of cycling in ${result.summary.wallSeconds.toFixed(1)} s.`);
    for (const button of files.querySelectorAll('button')) button.disabled = !done || cycles.length === 0;
    const rows: [string, string][] = [
      ['Cell', settings.cell],
      ['Rate now', cycles.length > 0 ? `${cycles.at(-1)!.rate_C.toFixed(2)} C` : '–'],
      [
        'Retention',
        cycles.length > 0 ? `${((100 * cycles.at(-1)!.discharge_mAh) / cycles[0]!.discharge_mAh).toFixed(1)} %` : '–',
      ],
      ['Mean CE', result?.summary.averageCe_pct ? `${result.summary.averageCe_pct.toFixed(2)} %` : '–'],
      [
        'Lifespan',
        result
          ? result.summary.cyclesTo80 === null
            ? `over ${cycles.length} cycles`
            : `${result.summary.cyclesTo80.toFixed(1)} cycles`
          : '–',
      ],
    ];
    facts.replaceChildren(...rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
    compared.replaceChildren(...(pins.length > 0 ? [compareTable(all(), unpin)] : []));
    decisions.replaceChildren(decisionsTable(run));
    command.textContent = commandOf(settings);
    root.dataset.state = done && fixed.every((one) => one.result ?? one.problem) ? 'done' : 'running';
    volcano.show({ fixed, runs: all() });
    charts?.update();
    showCycle();
  }

  function showCycle(): void {
    const cycle = Math.min(cycleShown ?? Infinity, run.cycles.length);
    if (cycle > 0) cycleCharts.show(run, cycle);
  }

  function save(what: 'cycles' | 'series' | 'result'): void {
    const name = labelOf(run.settings).replace(/[^\w.+-]+/g, '-');
    if (what === 'cycles') download(`${name}.cycles.csv`, toCsv(run.cycles), 'text/csv');
    if (what === 'result') download(`${name}.json`, `${JSON.stringify(run.result, null, 2)}\n`, 'application/json');
    if (what === 'series') download(`${name}.bdf.csv`, timeSeries(run), 'text/csv');
  }

  function share(): void {
    const { href } = location;
    const copied = (): void => {
      state.textContent = 'The link is copied: whoever opens it sees the same run.';
    };
    const byHand = (): void => {
      state.textContent = `The browser does not let the page copy. This is the link: ${href}`;
    };
    if (navigator.clipboard === undefined) byHand();
    else navigator.clipboard.writeText(href).then(copied, byHand);
  }

  function writeAddress(): void {
    const parameters = toParameters(run.settings);
    for (const { settings } of pins) parameters.append(PIN, toParameters(settings).toString());
    writeParameters(parameters);
    written = location.hash;
  }

  function fromAddress(): void {
    const { view, parameters } = readAddress();
    if ((view !== 'explore' && view !== '') || location.hash === written) return;
    const settings = fromParameters(parameters);
    form.set(settings);
    for (const one of pins) runner.stop(one);
    pins = parameters
      .getAll(PIN)
      .slice(0, MOST_PINS)
      .map((text) => runner.start(fromParameters(new URLSearchParams(text)), news));
    start(settings);
  }

  written = 'nothing yet';
  fromAddress();
  addEventListener('hashchange', fromAddress);
  return () => {
    removeEventListener('hashchange', fromAddress);
    cancelAnimationFrame(frame);
    runner.close();
    volcanoRunner.close();
    volcano.destroy();
    cycleCharts.destroy();
    faults.destroy();
    charts?.destroy();
  };
}

function timeSeries({ samples }: Run): string {
  const column = (field: Field): Float64Array => samples.column(field);
  const [time, cycle, step, voltage, current, temperature] = [
    Field.Time_s,
    Field.Cycle,
    Field.Step,
    Field.Voltage_V,
    Field.Current_A,
    Field.Temperature_C,
  ].map(column) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const lines = [bdfHeader];
  for (let k = 0; k < samples.count; k++)
    lines.push(
      bdfRow({
        time_s: time[k]!,
        cycle: cycle[k]!,
        step: step[k]!,
        voltage_V: voltage[k]!,
        current_A: current[k]!,
        temperature_C: temperature[k]!,
      }),
    );
  return `${lines.join('\n')}\n`;
}
