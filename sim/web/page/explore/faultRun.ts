/** Something goes wrong on a channel: firmware, chips and cell, judged as in the fault campaign. Runs in the worker. */
import { Fault } from '../../../../firmware/protect/faults';
import { faultName } from '../../../../firmware/protect/names';
import { Row } from '../../../../firmware/protect/protection';
import { Switch } from '../../../../firmware/protect/switches';
import { CHANNEL_INJECTIONS } from '../../../faults/injections';
import type { ChannelInjection } from '../../../faults/injections/injection';
import type { ProcessRig } from '../../../faults/processRig';
import { runScenario } from '../../../faults/runScenario';
import type { Scenario, StateKind } from '../../../faults/scenario';
import { configOf } from '../../../faults/setup';
import type { Verdict } from '../../../faults/verdict';
import { loadProfile } from '../../../profiles/profile';
import { Random } from '../../../random';

export interface FaultAsk {
  kind: string;
  cell: string;
  seed: number;
}

export interface FaultName {
  name: string;
  group: string;
}

interface FaultEvent {
  time_s: number;
  text: string;
}

export interface FaultOutcome {
  size: number;
  unit: string;
  state: StateKind;
  began_s: number;
  verdict: Verdict;
  /** In words; undefined: nothing had to find it. */
  row: string | undefined;
  events: FaultEvent[];
  /** time_s, then each as it is and as the firmware reads it: voltage_V, current_A, temperature_C. */
  columns: Float64Array[];
}

const AT_MS = 10_000;
const LASTS_MS = 8_000;
const SAMPLE_MS = 100;
/** Enough to see what happens; a way back can take an hour. */
const MOST_SAMPLES = 3000;
const RATE_C = 1;
const TEMPERATURE_C = 25;
const WISHED: readonly StateKind[] = ['discharge', 'charge', 'rest'];

/** Those that need no whole device with its memory and its resets. */
const injections = (cell: string): ChannelInjection[] => {
  const profile = loadProfile(cell);
  return CHANNEL_INJECTIONS.filter(({ act, suits }) => act === undefined && (suits?.(profile) ?? true));
};

export const faultsOf = (cell: string): FaultName[] => injections(cell).map(({ name, group }) => ({ name, group }));

export function runFault({ kind, cell, seed }: FaultAsk): FaultOutcome {
  const injection = injections(cell).find(({ name }) => name === kind)!;
  const { states, fastest_C = RATE_C, warmest_C = TEMPERATURE_C, leastFill = 0, mostFill = 1 } = injection;
  const state = {
    kind: WISHED.find((wished) => states.includes(wished)) ?? states[0]!,
    rate_C: Math.min(RATE_C, fastest_C),
    temperature_C: Math.min(TEMPERATURE_C, warmest_C),
    fill: Math.min(mostFill, Math.max(leastFill, 0.5)),
  };
  const choice = { profile: cell, draw: 0, cycles: 0 };
  const config = configOf({ cell: choice, state });
  const size = injection.beyond(new Random(seed, 'size'), config, state);
  const scenario: Scenario = {
    board: 'cycler',
    target: 'tick',
    seed,
    cell: choice,
    state,
    sensorErrors: 0,
    length_ms: 0,
    injected: { kind, size, must: 'be found', at_ms: AT_MS, for_ms: LASTS_MS },
  };
  const recorder = createRecorder();
  const verdict = runScenario(scenario, (rig) => recorder.look(rig as ProcessRig));
  return {
    size,
    unit: injection.unit,
    state: state.kind,
    began_s: injection.fromBegin ? 0 : AT_MS / 1000,
    verdict,
    row: injection.row === null ? undefined : faultName(injection.row),
    events: recorder.events,
    columns:
      recorder.rows.length === 0
        ? []
        : recorder.rows[0]!.map((_, k) => Float64Array.from(recorder.rows, (row) => row[k]!)),
  };
}

function createRecorder() {
  const events: FaultEvent[] = [];
  const rows: number[][] = [];
  const states: Row[] = [];
  let switches: Switch | undefined;
  let due_ms = 0;
  return {
    events,
    rows,
    look(rig: ProcessRig): void {
      const time_s = rig.now_ms / 1000;
      const { bms, channel } = rig;
      if (bms === undefined) return;
      for (let fault: Fault = 1; fault < Fault.length; fault++) {
        const now = bms.protection.state[fault] as Row;
        if (now === (states[fault] ?? Row.Ok)) continue;
        states[fault] = now;
        events.push({ time_s, text: `${faultName(fault)}: ${Row[now]!.toLowerCase()}` });
      }
      if (bms.switches !== switches) {
        switches = bms.switches;
        events.push({ time_s, text: `switches: ${Switch[switches]!.toLowerCase()}` });
      }
      if (rig.now_ms < due_ms || rows.length >= MOST_SAMPLES) return;
      due_ms = rig.now_ms + SAMPLE_MS;
      const { sense } = bms;
      rows.push([
        time_s,
        channel.cell.voltage_V,
        sense.voltage_mV / 1000,
        rig.truth.current_mA / 1000,
        sense.current_mA / 1000,
        channel.cell.temperature_C,
        sense.temperature_C,
      ]);
    },
  };
}
