/** One scenario, told tick by tick where something changes. */
import { Fault } from '../../firmware/protect/faults';
import { faultName } from '../../firmware/protect/names';
import { Row } from '../../firmware/protect/protection';
import { findInjection } from './injections';
import type { Rig } from './rig';
import { runScenario } from './runScenario';
import type { Scenario } from './scenario';
import type { Verdict } from './verdict';

/** A line at least so often [ms]. */
const EVERY_MS = 1000;

export interface Trace {
  verdict: Verdict;
  /** Lines for a person. */
  trace: string[];
}

export function traceScenario(scenario: Scenario): Trace {
  const trace = [
    ...told(scenario),
    'time/ms: cell and current, what the switches are told, rows of the fault table that are not ok',
  ];
  let last = '';
  let due_ms = 0;
  const verdict = runScenario(scenario, (rig) => {
    const rows = rowsOf(rig);
    if (rows === last && rig.now_ms < due_ms) return;
    trace.push(`${rig.now_ms.toFixed(0).padStart(8)}: ${rig.describe()} ${rows}`.trimEnd());
    last = rows;
    due_ms = rig.now_ms + EVERY_MS;
  });
  return { verdict, trace };
}

/** What is done, and what goes wrong. */
function told({ board, target, cell, state, injected, length_ms }: Scenario): string[] {
  const on = board === 'cycler' ? `cycler (${target})` : board === 'pack' ? 'pack on the ground' : 'pack in flight';
  const drawn = cell.draw === 0 ? cell.profile : `${cell.profile}, drawn with ${cell.draw},`;
  const what = `${on}, ${drawn} after ${cell.cycles} cycles: ${state.kind} at ${state.rate_C}C, ${state.temperature_C} degC`;
  if (injected === null) return [what, `nothing is injected, for ${length_ms} ms: nothing may trip`];
  const { kind, size, must, at_ms, for_ms } = injected;
  const { fromBegin, unit } = findInjection(kind);
  const when = fromBegin ? 'from the begin' : `at ${at_ms.toFixed(0)} ms for ${for_ms} ms`;
  return [what, `injected: ${kind}, size ${Number(size.toPrecision(4))} ${unit}`.trimEnd() + `, ${when}; must ${must}`];
}

function rowsOf({ protection }: Rig): string {
  const rows: string[] = [];
  if (protection === undefined) return '';
  for (let fault: Fault = 1; fault < Fault.length; fault++) {
    const state = protection.state[fault] as Row;
    if (state !== Row.Ok) rows.push(`${faultName(fault)} ${Row[state]!.toLowerCase()}`);
  }
  return rows.join(', ');
}
