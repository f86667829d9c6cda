/**
 * A cycler's protocol as data, and the small machine that runs it: which current is wished for now, and when the next step
 * begins. It never sees the switches.
 */
import type { Sense } from '../sense/sense';
import type { ChargeCounter } from '../count/charge';

/** Kinds of step. */
export enum StepKind {
  Rest,
  Charge,
  Discharge,
  /** Go back to step `to`, `times` times in all (0: for ever); closes a cycle each time. */
  Repeat,
}

/** One step. A field that a kind does not use is 0. */
export interface ProtocolStep {
  kind: StepKind;
  /** Magnitude of the current [mA]. */
  current_mA: number;
  /** Cut-off [mV]: a charge ends at or above it, a discharge at or below. */
  until_mV: number;
  /** Duration of a rest; the longest a charge or discharge may take, 0 for no bound. */
  time_ms: number;
  to: number;
  times: number;
}

/** Why a step ended. */
export enum EndedBy {
  Nothing,
  Voltage,
  Time,
}

/** What one turn of a loop did: written when its Repeat is reached. */
export interface CycleRecord {
  /** Which loop: the index of its Repeat step. */
  loop: number;
  /** Counts from 1 within its loop. */
  n: number;
  charge_mC: number;
  discharge_mC: number;
  /** When it ended. */
  at_ms: number;
  /** Why its last charge and its last discharge ended. */
  chargeEnd: EndedBy;
  dischargeEnd: EndedBy;
}

export interface Run {
  steps: ProtocolStep[];
  index: number;
  began_ms: number;
  /** The charge counter when the step began. */
  beganCharge_mC: number;
  /** Turns of the present loop that are done. */
  turns: number;
  /** False once the last step is done. */
  running: boolean;
  /** The cycle in progress, and the last one finished. */
  now: CycleRecord;
  last: CycleRecord;
  /** Cycles finished since start, of all loops. */
  finished: number;
}

function emptyRecord(): CycleRecord {
  return {
    loop: 0,
    n: 0,
    charge_mC: 0,
    discharge_mC: 0,
    at_ms: 0,
    chargeEnd: EndedBy.Nothing,
    dischargeEnd: EndedBy.Nothing,
  };
}

export function createRun(steps: ProtocolStep[]): Run {
  return {
    steps: steps,
    index: 0,
    began_ms: -1,
    beganCharge_mC: 0,
    turns: 0,
    running: steps.length > 0,
    now: emptyRecord(),
    last: emptyRecord(),
    finished: 0,
  };
}

/** Ends the step when it is done. @returns the current wished for now [mA], discharge positive */
export function runProtocol(run: Run, sense: Sense, counter: ChargeCounter, now_ms: number): number {
  if (!run.running) return 0;
  if (run.began_ms < 0) beginStep(run, counter, now_ms);
  const step = run.steps[run.index];
  const kind = step.kind;
  if (kind === StepKind.Charge) {
    if (sense.voltage_mV >= step.until_mV) endStep(run, EndedBy.Voltage, counter, now_ms);
    else if (step.time_ms > 0 && now_ms - run.began_ms >= step.time_ms) endStep(run, EndedBy.Time, counter, now_ms);
    else return -step.current_mA;
  } else if (kind === StepKind.Discharge) {
    if (sense.voltage_mV <= step.until_mV) endStep(run, EndedBy.Voltage, counter, now_ms);
    else if (step.time_ms > 0 && now_ms - run.began_ms >= step.time_ms) endStep(run, EndedBy.Time, counter, now_ms);
    else return step.current_mA;
  } else {
    if (now_ms - run.began_ms < step.time_ms) return 0;
    endStep(run, EndedBy.Time, counter, now_ms);
  }
  return wished(run);
}

/** The current of the step as it stands, without asking whether it is done. */
function wished(run: Run): number {
  if (!run.running) return 0;
  const step = run.steps[run.index];
  return step.kind === StepKind.Charge ? -step.current_mA : step.kind === StepKind.Discharge ? step.current_mA : 0;
}

function beginStep(run: Run, counter: ChargeCounter, now_ms: number): void {
  run.began_ms = now_ms;
  run.beganCharge_mC = counter.charge_mC;
}

function endStep(run: Run, why: EndedBy, counter: ChargeCounter, now_ms: number): void {
  const step = run.steps[run.index];
  const passed_mC = counter.charge_mC - run.beganCharge_mC;
  if (step.kind === StepKind.Charge) {
    run.now.charge_mC -= passed_mC;
    run.now.chargeEnd = why;
  } else if (step.kind === StepKind.Discharge) {
    run.now.discharge_mC += passed_mC;
    run.now.dischargeEnd = why;
  }
  run.index++;
  if (run.index < run.steps.length && run.steps[run.index].kind === StepKind.Repeat) repeat(run, now_ms);
  if (run.index >= run.steps.length) run.running = false;
  beginStep(run, counter, now_ms);
}

function repeat(run: Run, now_ms: number): void {
  const step = run.steps[run.index];
  run.turns++;
  const done = run.now;
  done.loop = run.index;
  done.n = run.turns;
  done.at_ms = now_ms;
  run.now = run.last;
  run.last = done;
  run.now.charge_mC = 0;
  run.now.discharge_mC = 0;
  run.finished++;
  if (step.times === 0 || run.turns < step.times) run.index = step.to;
  else {
    run.turns = 0;
    run.index++;
  }
}

/** Whether a step has just begun or is about to end, so that the tick should come sooner. `slope_mV_ms` is the voltage's. */
export function nearTransition(
  run: Run,
  sense: Sense,
  slope_mV_ms: number,
  horizon_ms: number,
  now_ms: number,
): boolean {
  if (!run.running || now_ms - run.began_ms < horizon_ms) return true;
  const step = run.steps[run.index];
  if (step.time_ms > 0 && step.time_ms - (now_ms - run.began_ms) < horizon_ms) return true;
  if (step.kind === StepKind.Rest) return false;
  return Math.abs(sense.voltage_mV - step.until_mV) < 5 + Math.abs(slope_mV_ms) * horizon_ms;
}
