/** One scenario, told tick by tick where something changes. */
import { Fault } from '../../firmware/protect/faults';
import { Row } from '../../firmware/protect/protection';
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
  const trace = ['time/ms: cell and current, what the switches are told, rows that are not ok'];
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

function rowsOf({ protection }: Rig): string {
  const rows: string[] = [];
  if (protection === undefined) return '';
  for (let fault: Fault = 1; fault < Fault.length; fault++) {
    const state = protection.state[fault] as Row;
    if (state !== Row.Ok) rows.push(`${Fault[fault]} ${Row[state]!.toLowerCase()}`);
  }
  return rows.join(', ');
}
