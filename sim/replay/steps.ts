import type { Measurement } from './measurement';

export type StepKind = 'charge' | 'discharge' | 'rest';

/** A run of samples of one kind within one step and cycle of the file. */
export interface Step {
  kind: StepKind;
  cycle: number;
  /** First and last sample, both included. */
  first: number;
  last: number;
  /** When the step began and ended; between samples where the file tells the time since the step began. */
  start_s: number;
  end_s: number;
}

/** A current below this part of the file's largest is no current: measuring offset and leakage of an open channel. */
const restCurrentPart = 1e-3;

/** Splits a measurement into charge, discharge and rest by the sign of the current, and by the file's steps and cycles. */
export function findSteps(measurement: Measurement): Step[] {
  const kinds = sampleKinds(measurement);
  const { time_s, step, cycle } = measurement;
  const last = time_s.length - 1;
  const steps: Step[] = [];
  let first = 0;
  for (let i = 1; i <= last + 1; i++) {
    if (i <= last && kinds[i] === kinds[first] && step[i] === step[first] && cycle[i] === cycle[first]) continue;
    const start_s = steps.at(-1)?.end_s ?? time_s[0]!;
    const end_s = i <= last ? startOfStep(measurement, i) : time_s[last]!;
    steps.push({ kind: kinds[first]!, cycle: cycle[first]!, first, last: i - 1, start_s, end_s });
    first = i;
  }
  return steps;
}

/** The step of sample `i` began between the sample before and this one; without a step time, at the sample before. */
function startOfStep({ time_s, stepTime_s }: Measurement, i: number): number {
  const start_s = time_s[i]! - (stepTime_s?.[i] ?? Infinity);
  return Number.isNaN(start_s) ? time_s[i - 1]! : Math.min(time_s[i]!, Math.max(time_s[i - 1]!, start_s));
}

function sampleKinds({ current_A, step, cycle }: Measurement): StepKind[] {
  const threshold_A = restCurrentPart * largest(current_A);
  const kinds = Array.from(current_A, (current): StepKind =>
    Math.abs(current) <= threshold_A ? 'rest' : current > 0 ? 'discharge' : 'charge',
  );
  // Cyclers write a step's opening or closing row with no current: such a row beside a row with current is no rest.
  const sameStep = (a: number, b: number): boolean => step[a] === step[b] && cycle[a] === cycle[b];
  return kinds.map((kind, i) => {
    const closes = i > 0 && sameStep(i, i - 1) && !sameStep(i, i + 1);
    const opens = !sameStep(i, i - 1) && sameStep(i, i + 1);
    if (kind === 'rest' && closes) return kinds[i - 1]!;
    if (kind === 'rest' && opens) return kinds[i + 1]!;
    return kind;
  });
}

function largest(current_A: Float64Array): number {
  return current_A.reduce((max, current) => Math.max(max, Math.abs(current)), 0);
}
