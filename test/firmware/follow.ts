/** Steps of a protocol without chips, and what they did. */
import type { ChargeCounter } from '../../firmware/count/charge';
import {
  createRun,
  type CycleRecord,
  nearTransition,
  type Run,
  resume,
  runProtocol,
  Wait,
  wished,
} from '../../firmware/protocol/protocol';
import { createStep, type ProtocolStep, Steered, StepKind } from '../../firmware/protocol/step';
import type { Sense } from '../../firmware/sense/sense';

/** A time of one wish within one step; `from_mC` is the step's charge when it began. */
export interface Stretch {
  index: number;
  current_mA: number;
  from_ms: number;
  to_ms: number;
  from_mC: number;
}

/** What a run did. */
export interface Trace {
  stretches: Stretch[];
  records: CycleRecord[];
  charge_mC: number;
}

/** A voltage read instead of the cell's [mV], or undefined; `since_ms` the present stretch began. */
export type Disturb = (since_ms: number, now: Stretch, before: Stretch | undefined) => number | undefined;

export const CELL_MC = 3600;
export const repeat = (times: number, to = 0): ProtocolStep => ({ ...createStep(StepKind.Repeat, 0, 0, 0), times, to });

/** Runs steps on a cell of 1 mAh whose voltage is a straight line, 3 V empty and 4 V full, less 10 mV per mA. */
export function follow(
  steps: ProtocolStep[],
  more: { period_ms?: number; until_ms?: number; disturb?: Disturb; steer?: (run: Run) => void } = {},
): Trace {
  const { period_ms = 100, until_ms = Infinity, disturb, steer } = more;
  const run = createRun(steps);
  const counter = { charge_mC: 0 } as ChargeCounter;
  const sense = { voltage_mV: 0 } as Sense;
  const trace: Trace = { stretches: [], records: [], charge_mC: 0 };
  const { stretches } = trace;
  let last = { current_mA: 0, voltage_mV: 3000, at_ms: 0 };
  for (let now_ms = 100, dt_ms = 100; run.running && now_ms < until_ms; now_ms += dt_ms) {
    counter.charge_mC += (last.current_mA * (now_ms - last.at_ms)) / 1000;
    const voltage_mV = 3000 - (1000 * counter.charge_mC) / CELL_MC - 10 * last.current_mA;
    const stretch = stretches.at(-1);
    sense.voltage_mV = (stretch && disturb?.(now_ms - stretch.from_ms, stretch, stretches.at(-2))) ?? voltage_mV;
    const { finished } = run;
    let current_mA = runProtocol(run, sense, counter, now_ms);
    if (run.waits !== Wait.Nothing) {
      if (run.steps[run.index]?.steer === Steered.Rate) steer?.(run);
      resume(run, now_ms);
      current_mA = wished(run, sense);
    }
    if (run.finished - finished > 1) throw new Error(`${run.finished - finished} cycles finished in one tick`);
    if (run.finished > finished) trace.records.push({ ...run.last });
    if (!stretch || stretch.index !== run.index || stretch.current_mA !== current_mA) {
      if (stretch) stretch.to_ms = now_ms;
      const from_mC = counter.charge_mC - run.beganCharge_mC;
      stretches.push({ index: run.index, current_mA, from_ms: now_ms, to_ms: Infinity, from_mC });
    }
    const slope_mV_ms = (voltage_mV - last.voltage_mV) / (now_ms - last.at_ms);
    last = { current_mA, voltage_mV, at_ms: now_ms };
    dt_ms = nearTransition(run, sense, counter.charge_mC, slope_mV_ms, 3000, now_ms) ? 100 : period_ms;
  }
  trace.charge_mC = counter.charge_mC;
  return trace;
}

/** The interrupts of the step at `index`. */
export function interruptsOf(trace: Trace, index: number): Stretch[] {
  return trace.stretches.filter((one) => one.index === index && one.current_mA === 0);
}
