/**
 * Diagnostics that a protocol can hold, as steps, and what they cost. Interrupts are no steps of their own but a field of the
 * discharge they belong to (`ProtocolStep.interrupts`). `every` is 0 or 1 for each turn of the loop, N for turns N, 2N, ..., -N for
 * all turns but those.
 */
import { INTERRUPT_MS } from './interrupts';
import { createStep, type ProtocolStep, StepKind } from './step';

/** A rest this long brings polarisation and SEI to rest before a slow strip (paper 000, text to Figure 4a). */
export const SLOW_STRIP_REST_MS = 1800000;
/** A pulse and the rest after it, as in the hybrid pulse power test that battery manuals describe. */
export const FULL_PULSE_MS = 10000;
export const FULL_PULSE_REST_MS = 40000;

/** A rest whose end gives the open-circuit voltage. */
export function restSteps(time_ms: number, every: number): ProtocolStep[] {
  const rest = createStep(StepKind.Rest, 0, 0, time_ms);
  rest.every = every;
  return [rest];
}

/**
 * Rest, then a discharge slow enough that almost no concentration overpotential is left: what it gives is the active lithium
 * that the discharge before has left behind (paper 000, Figure 4a and 4b: 30 min; Figure S21: 0.1C in a full cell).
 * It belongs behind a discharge to its cut-off. `restAfter_ms` 0: the protocol rests anyway.
 */
export function slowStripSteps(
  rest_ms: number,
  current_mA: number,
  until_mV: number,
  restAfter_ms: number,
  every: number,
): ProtocolStep[] {
  const strip = createStep(StepKind.SlowStrip, current_mA, until_mV, 0);
  strip.every = every;
  const steps = restSteps(rest_ms, every).concat([strip]);
  return restAfter_ms > 0 ? steps.concat(restSteps(restAfter_ms, every)) : steps;
}

/**
 * A pulse of the full discharge current, then a rest: direct-current resistance at full charge. It belongs between the rest
 * after a charge and the discharge. Its charge counts as discharged; at `until_mV` it ends early.
 */
export function fullPulseSteps(
  current_mA: number,
  until_mV: number,
  pulse_ms: number,
  rest_ms: number,
  every: number,
): ProtocolStep[] {
  const pulse = createStep(StepKind.Discharge, current_mA, until_mV, pulse_ms);
  pulse.every = every;
  return [pulse].concat(restSteps(rest_ms, every));
}

/** What a diagnostic adds to a cycle. */
export interface DiagnosticCost {
  /** Each time it is run. */
  time_ms: number;
  charge_mC: number;
  /** On average over the turns of its loop. */
  timePerCycle_ms: number;
  chargePerCycle_mC: number;
}

/**
 * The cost of steps as the functions above make them, or of a discharge with interrupts, whose interrupts alone are counted:
 * an interrupt takes `INTERRUPT_MS` and no charge; a rest its time; a slow strip the time in which its current takes
 * `residual_mC`, and that charge, which the next charge must put back. A pulse costs nothing but its rest: the discharge after
 * it is shorter by its time and charge as long as the two have the same current. A step that is passed over costs nothing.
 *
 * @param residual_mC charge that a slow strip is expected to find
 */
export function diagnosticCost(steps: ProtocolStep[], residual_mC: number): DiagnosticCost {
  const cost = { time_ms: 0, charge_mC: 0, timePerCycle_ms: 0, chargePerCycle_mC: 0 };
  for (const step of steps) {
    if (step.time_ms < 0) continue;
    let time_ms = step.interrupts * INTERRUPT_MS;
    let charge_mC = 0;
    if (step.kind === StepKind.Rest) time_ms += step.time_ms;
    else if (step.kind === StepKind.SlowStrip) {
      time_ms += (1000 * residual_mC) / step.current_mA;
      charge_mC += residual_mC;
    }
    const share = step.every > 1 ? 1 / step.every : step.every < 0 ? 1 + 1 / step.every : 1;
    cost.time_ms += time_ms;
    cost.charge_mC += charge_mC;
    cost.timePerCycle_ms += time_ms * share;
    cost.chargePerCycle_mC += charge_mC * share;
  }
  return cost;
}
