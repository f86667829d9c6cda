/** Breaks something on the simulated channel and shows what the firmware does about it. */
import { createChart, type Chart } from '../chart';
import { h } from '../dom';
import { rowOf, scrollBox, tableOf } from '../table';
import type { FaultName, FaultOutcome } from './faultRun';
import type { Runner } from './runner';

export interface FaultsSection {
  /** Of which cell. */
  use(cell: string, seed: number): void;
  destroy(): void;
}

const time = { label: 'Time', unit: 's', decimals: 1 };
const MEASURES = [
  { title: 'Voltage', unit: 'V', decimals: 3, leastSpan: 0.1, column: 1 },
  { title: 'Current (discharge positive)', unit: 'A', decimals: 3, leastSpan: 0.1, column: 3 },
  { title: 'Temperature', unit: '°C', decimals: 1, leastSpan: 4, column: 5 },
] as const;
const FIRST = 'voltage stuck high';

export function createFaults(root: HTMLElement, runner: Runner): FaultsSection {
  let charts: Chart[] = [];
  let of = { cell: '', seed: 1 };
  const choice = h('select', {});
  const button = h('button', { type: 'button', onclick: run }, 'Break it');
  const verdict = h('p', { role: 'status' });
  const events = h('div', {});
  const grid = h('div', { class: 'charts' });
  root.append(
    h('h2', {}, 'When something breaks'),
    h(
      'p',
      { class: 'soft' },
      'The whole firmware runs here, tick by tick, in front of simulated chips. Ten seconds in, something goes wrong; eight seconds later it is mended, and the way back is tried. The simulated cell is the judge.',
    ),
    h('div', { class: 'controls' }, h('label', { class: 'field' }, h('span', {}, 'What goes wrong'), choice), button),
    verdict,
    grid,
    events,
  );

  async function run(): Promise<void> {
    button.disabled = true;
    verdict.className = '';
    verdict.textContent = 'Running …';
    try {
      show(await runner.fault({ kind: choice.value, ...of }));
    } catch (error) {
      verdict.className = 'notice bad';
      verdict.textContent = (error as Error).message;
    }
    button.disabled = false;
  }

  function show(outcome: FaultOutcome): void {
    verdict.className = outcome.verdict.violations.length > 0 ? 'notice bad' : 'notice';
    verdict.textContent = sentence(choice.value, outcome);
    for (const chart of charts) chart.destroy();
    charts = MEASURES.map(({ title, unit, decimals, leastSpan, column }) => {
      const chart = createChart(grid, {
        title,
        x: time,
        y: { label: title.split(' ')[0]!, unit, decimals, leastSpan },
        series: [
          { label: 'As it is', colour: 'truth' },
          { label: 'As the firmware reads it', colour: 'estimate', dashed: true },
        ],
        height_px: 180,
        sync: 'fault',
      });
      const { columns } = outcome;
      chart.setData([columns[0]!, columns[column]!, columns[column + 1]!]);
      return chart;
    });
    // What the firmware finds while it starts is not of interest here.
    const later = outcome.events.filter(({ time_s }) => time_s >= outcome.began_s);
    const all = [{ time_s: outcome.began_s, text: `it breaks: ${choice.value}` }, ...later];
    const rows = all.map(({ time_s, text }) => rowOf([time_s.toFixed(2), text]));
    events.replaceChildren(scrollBox('What happened', tableOf(['Time / s', 'What happened'], rows)));
  }

  function list(faults: readonly FaultName[]): void {
    const before = choice.value || FIRST;
    const groups = [...new Set(faults.map(({ group }) => group))];
    choice.replaceChildren(
      ...groups.map((group) =>
        h(
          'optgroup',
          { label: group },
          ...faults.filter((one) => one.group === group).map(({ name }) => h('option', { value: name }, name)),
        ),
      ),
    );
    if (faults.some(({ name }) => name === before)) choice.value = before;
  }

  return {
    use(cell, seed) {
      of = { cell, seed };
      void runner.faultsOf(cell).then(list);
    },
    destroy() {
      for (const chart of charts) chart.destroy();
    },
  };
}

function sentence(kind: string, { verdict, size, unit, state, row }: FaultOutcome): string {
  const what = `${kind[0]!.toUpperCase()}${kind.slice(1)} (${Number(size.toPrecision(3))} ${unit}), while the cell is in ${state}`;
  if (verdict.violations.length > 0) return `${what}. Not as promised: ${verdict.violations.join('; ')}.`;
  if (verdict.case === 'void') return `${what}: it could not come about here, so nothing had to be found.`;
  if (!verdict.detected || verdict.reaction_ms === null)
    return `${what}: ${row === undefined ? 'no row of the fault table is for it, and it did no harm' : 'it did no harm'}.`;
  const found = verdict.hardware ?? row;
  return `${what}: found as "${found}" and acted on in ${verdict.reaction_ms.toFixed(0)} ms; promised: ${verdict.promised_ms} ms. Nothing that must never happen has happened.`;
}
