/** The small machine that runs a cycler's protocol: which current is wished for now, and when the next step begins. It never sees the switches. */
import type { Sense } from '../sense/sense';
import type { ChargeCounter } from '../count/charge';
import { beginInterruptIfDue, INTERRUPT_MS, type Interrupts, planInterrupts, SETTLE_MS } from './interrupts';
import { type ProtocolStep, Steered, StepKind } from './step';

/** Why a step ended. */
export enum EndedBy {
  Nothing,
  Voltage,
  Time,
  /** A hold whose current has fallen to its limit. */
  Current,
}

/** What a step waits for before it begins. */
export enum Wait {
  Nothing,
  /** A cycle is over: what it has shown is to be worked out. */
  Cycle,
  /** The steering is to set the step's rate. */
  Rate,
}

/** What one turn of a loop did: written when its Repeat is reached. */
export interface CycleRecord {
  /** Which loop: the index of its Repeat step. */
  loop: number;
  /** Counts from 1 within its loop. */
  n: number;
  charge_mC: number;
  /** All discharges but slow strips. */
  discharge_mC: number;
  strip_mC: number;
  /** When it ended. */
  at_ms: number;
  /** Why its last charge, its last discharge and its last slow strip ended; `Nothing`: it had none. */
  chargeEnd: EndedBy;
  dischargeEnd: EndedBy;
  stripEnd: EndedBy;
  /** Its last discharge was a check-up. */
  checkup: boolean;
}

/** A hold's current falls by this part of itself at each sample that is at the cut-off or above. */
const HOLD_PART = 64;
/** A discharge of constant power changes its current when that is off by this part. */
const POWER_PART = 256;

/** While all of this holds nothing ends or begins. */
enum Calm {
  above_mV,
  below_mV,
  /** By the charge counter [mC]. */
  charge_mC,
  until_ms,
  /** Of the step's current. */
  sign,
  length,
}

/** Where a protocol stands and what it has done. Made by `createRun`. */
export interface Run {
  /** Made anew whenever it does not hold (`Calm`). */
  calm: Float64Array;
  steps: ProtocolStep[];
  index: number;
  /** When the step at the index began: in the tick in which that is now, its current and time may still be changed. */
  began_ms: number;
  /** The charge counter when the step began. */
  beganCharge_mC: number;
  interrupts: Interrupts;
  /** Magnitude of the current of a hold or of a discharge of constant power [mA], now or last. */
  held_mA: number;
  /** What each step gave when it last discharged to its cut-off [mC], by index; 0: not yet. */
  capacity_mC: Float64Array;
  /** Turns of the present loop that are done. */
  turns: number;
  /** False once the last step is done. */
  running: boolean;
  /** What the step at the index waits for, without current, before it begins (`resume`). */
  waits: Wait;
  /** The cycle in progress, and the last one finished. */
  now: CycleRecord;
  last: CycleRecord;
  /** Cycles finished since start, of all loops. */
  finished: number;
}

function createRecord(): CycleRecord {
  return {
    loop: 0,
    n: 0,
    charge_mC: 0,
    discharge_mC: 0,
    strip_mC: 0,
    at_ms: 0,
    chargeEnd: EndedBy.Nothing,
    dischargeEnd: EndedBy.Nothing,
    stripEnd: EndedBy.Nothing,
    checkup: false,
  };
}

/** At the first step, which has not begun. The steps are not copied; without any there is nothing to run. */
export function createRun(steps: ProtocolStep[]): Run {
  return {
    calm: new Float64Array(Calm.length),
    waits: Wait.Nothing,
    running: steps.length > 0,
    began_ms: -1,
    index: 0,
    steps: steps,
    beganCharge_mC: 0,
    interrupts: { planned: 0, begun: 0, until_ms: -SETTLE_MS, spacing_mC: 0 },
    held_mA: 0,
    capacity_mC: new Float64Array(steps.length),
    turns: 0,
    now: createRecord(),
    last: createRecord(),
    finished: 0,
  };
}

/** What a protocol needs of the sensors. */
export type Terminal = Pick<Sense, 'voltage_mV'>;

/** Ends the step when it is done. @returns the current wished for now [mA], discharge positive */
export function runProtocol(run: Run, sense: Terminal, counter: ChargeCounter, now_ms: number): number {
  const calm = run.calm;
  const voltage_mV = sense.voltage_mV;
  if (
    now_ms < calm[Calm.until_ms] &&
    voltage_mV > calm[Calm.above_mV] &&
    voltage_mV < calm[Calm.below_mV] &&
    counter.charge_mC < calm[Calm.charge_mC]
  )
    return calm[Calm.sign] * run.steps[run.index].current_mA;
  calm[Calm.until_ms] = 0;
  const interrupts = run.interrupts;
  if (!run.running || run.waits !== Wait.Nothing || now_ms < interrupts.until_ms) return 0;
  if (run.began_ms < 0 || run.steps[run.index].kind === StepKind.Repeat) enterStep(run, counter, now_ms);
  else {
    const why = isDone(run, sense, now_ms);
    if (why !== EndedBy.Nothing) endStep(run, why, counter, now_ms);
    else if (
      interrupts.begun < interrupts.planned &&
      beginInterruptIfDue(interrupts, counter.charge_mC - run.beganCharge_mC, now_ms)
    )
      return 0;
    else foresee(run, now_ms);
  }
  return wished(run, sense);
}

/** How long nothing will end or begin; of a step whose current changes all the time nothing is foreseen. */
function foresee(run: Run, now_ms: number): void {
  const step = run.steps[run.index];
  const kind = step.kind;
  const interrupts = run.interrupts;
  if (kind === StepKind.Hold || kind === StepKind.Power || now_ms < interrupts.until_ms + SETTLE_MS) return;
  const calm = run.calm;
  calm[Calm.above_mV] = kind === StepKind.Discharge || kind === StepKind.SlowStrip ? step.until_mV : -Infinity;
  calm[Calm.below_mV] = kind === StepKind.Charge ? step.until_mV : Infinity;
  calm[Calm.charge_mC] =
    interrupts.begun < interrupts.planned
      ? run.beganCharge_mC + (interrupts.begun + 1) * interrupts.spacing_mC
      : Infinity;
  calm[Calm.until_ms] = kind === StepKind.Rest || step.time_ms > 0 ? now_ms + left_ms(run, step, now_ms) : Infinity;
  calm[Calm.sign] = kind === StepKind.Rest ? 0 : kind === StepKind.Charge ? -1 : 1;
}

/** Why the step is done; `Nothing`: it is not. */
function isDone(run: Run, sense: Terminal, now_ms: number): EndedBy {
  const step = run.steps[run.index];
  const kind = step.kind;
  if (kind !== StepKind.Rest && now_ms >= run.interrupts.until_ms + SETTLE_MS) {
    const above_mV = sense.voltage_mV - step.until_mV;
    if (kind === StepKind.Hold) {
      // Noise can make it fall too early, by little, but never rise: it cannot swing, whatever the cell's resistance.
      if (above_mV >= 0) run.held_mA -= run.held_mA / HOLD_PART;
      if (run.held_mA <= step.current_mA) return EndedBy.Current;
    } else if (kind === StepKind.Charge ? above_mV >= 0 : above_mV <= 0) return EndedBy.Voltage;
  }
  if (kind !== StepKind.Rest && !(step.time_ms > 0)) return EndedBy.Nothing;
  return left_ms(run, step, now_ms) > 0 ? EndedBy.Nothing : EndedBy.Time;
}

/** What is left of the step's time, which its interrupts do not use up. */
function left_ms(run: Run, step: ProtocolStep, now_ms: number): number {
  return step.time_ms - (now_ms - run.began_ms - run.interrupts.begun * INTERRUPT_MS);
}

/** The current of the step as it stands [mA], discharge positive, without asking whether it is done or interrupted. */
export function wished(run: Run, sense: Terminal): number {
  if (!run.running || run.waits !== Wait.Nothing) return 0;
  const step = run.steps[run.index];
  const kind = step.kind;
  if (kind === StepKind.Charge) return -step.current_mA;
  if (kind === StepKind.Hold) return -run.held_mA;
  if (kind === StepKind.Power) {
    const current_mA = (1000 * step.current_mA) / sense.voltage_mV;
    // Each change opens the switches for a moment: noise alone must not make one.
    if (POWER_PART * Math.abs(current_mA - run.held_mA) > run.held_mA) run.held_mA = current_mA;
    return run.held_mA;
  }
  return kind === StepKind.Rest || kind === StepKind.Repeat ? 0 : step.current_mA;
}

function endStep(run: Run, why: EndedBy, counter: ChargeCounter, now_ms: number): void {
  const step = run.steps[run.index];
  const kind = step.kind;
  const passed_mC = counter.charge_mC - run.beganCharge_mC;
  if (kind === StepKind.Charge || kind === StepKind.Hold) {
    run.now.charge_mC -= passed_mC;
    run.now.chargeEnd = why;
    run.held_mA = step.current_mA;
  } else if (kind === StepKind.Discharge || kind === StepKind.Power) {
    run.now.discharge_mC += passed_mC;
    run.now.dischargeEnd = why;
    run.now.checkup = step.steer === Steered.Checkup;
    if (why === EndedBy.Voltage) run.capacity_mC[run.index] = passed_mC;
  } else if (kind === StepKind.SlowStrip) {
    run.now.strip_mC += passed_mC;
    run.now.stripEnd = why;
  }
  run.index++;
  enterStep(run, counter, now_ms);
}

/** Goes to the step at the index, or to the next one that this turn does not pass over, and begins it unless it has to wait. */
function enterStep(run: Run, counter: ChargeCounter, now_ms: number): void {
  let closed = false;
  while (run.index < run.steps.length) {
    const step = run.steps[run.index];
    if (step.kind === StepKind.Repeat) {
      // One cycle a tick: each record can be read, and a loop with nothing in it does not stop the tick.
      if (closed) break;
      closed = true;
      repeat(run, now_ms);
    } else {
      const every = step.every;
      const isNth = (every > 1 || every < 0) && (run.turns + 1) % every === 0;
      if (step.time_ms < 0 || (every > 1 && !isNth) || (every < 0 && isNth)) run.index++;
      else break;
    }
  }
  run.began_ms = now_ms;
  run.beganCharge_mC = counter.charge_mC;
  if (closed) run.waits = Wait.Cycle;
  else if (run.index < run.steps.length && run.steps[run.index].steer === Steered.Rate) run.waits = Wait.Rate;
  else resume(run, now_ms);
}

/** Begins the step that has waited; a cycle that it waited for counts as finished from now on. */
export function resume(run: Run, now_ms: number): void {
  if (run.waits === Wait.Cycle) run.finished++;
  run.waits = Wait.Nothing;
  run.began_ms = now_ms;
  run.running = run.index < run.steps.length;
  if (!run.running) return;
  // It will give what it gave last time; the first time, what the cycle has charged.
  const last_mC = run.capacity_mC[run.index];
  planInterrupts(run.interrupts, run.steps[run.index].interrupts, last_mC > 0 ? last_mC : run.now.charge_mC);
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
  run.now.charge_mC = run.now.discharge_mC = run.now.strip_mC = 0;
  run.now.chargeEnd = run.now.dischargeEnd = run.now.stripEnd = EndedBy.Nothing;
  run.now.checkup = false;
  if (step.times === 0 || run.turns < step.times) run.index = step.to;
  else {
    run.turns = 0;
    run.index++;
  }
}

/** Whether a step or an interrupt has just begun or is near, or the step's end is. `charge_mC` is the charge counter's, `slope_mV_ms` the voltage's. */
export function nearTransition(
  run: Run,
  sense: Sense,
  charge_mC: number,
  slope_mV_ms: number,
  horizon_ms: number,
  now_ms: number,
): boolean {
  if (!run.running || run.waits !== Wait.Nothing || now_ms - run.began_ms < horizon_ms) return true;
  const step = run.steps[run.index];
  const interrupts = run.interrupts;
  if (now_ms < interrupts.until_ms + horizon_ms) return true;
  if (
    interrupts.begun < interrupts.planned &&
    1000 * (run.calm[Calm.charge_mC] - charge_mC) < step.current_mA * horizon_ms
  )
    return true;
  if (step.time_ms > 0 && left_ms(run, step, now_ms) < horizon_ms) return true;
  if (step.kind === StepKind.Rest) return false;
  return Math.abs(sense.voltage_mV - step.until_mV) < 5 + Math.abs(slope_mV_ms) * horizon_ms;
}
