import type { SampleBatch } from './rows';

export type StepKind = 'charge' | 'discharge' | 'rest';

/** One sample with the columns of a `SampleBatch`. */
export interface Sample {
  time_s: number;
  voltage_V: number;
  /** Discharge positive. */
  current_A: number;
  cycle: number;
  step: number;
  stepTime_s: number;
  charge_Ah: number;
  discharge_Ah: number;
}

/** Takes the steps as the samples pass. Samples are reused: nothing may be kept of them. */
export interface StepReceiver {
  /** A run of samples of one kind within one step and cycle of the file begins; it may begin before its first sample. */
  begin(kind: StepKind, cycle: number, start_s: number): void;
  /** @param flowing_A the sample's current; in an opening or closing row without current, that of its neighbour */
  sample(sample: Readonly<Sample>, flowing_A: number): void;
  end(end_s: number): void;
}

/** A current below this part of the largest is no current: measuring offset and leakage of an open channel. */
const restCurrentPart = 1e-3;

/**
 * Splits samples into charge, discharge and rest by the sign of the current, and by the file's steps and cycles. A sample is passed on
 * when the next is known. What is no current is measured by the largest current so far.
 */
export class StepSplitter {
  private before: Sample | undefined;
  private now: Sample | undefined;
  private spare: Sample | undefined;
  private kind: StepKind | undefined;
  private largest_A = 0;

  constructor(private readonly receiver: StepReceiver) {}

  /** Tells of samples that come later, so that the first ones are judged by their largest current. */
  announce({ length, current_A }: SampleBatch): void {
    for (let i = 0; i < length; i++) this.largest_A = Math.max(this.largest_A, Math.abs(current_A[i]!));
  }

  /** The current up to which a sample counts as rest, so far. */
  get restCurrent_A(): number {
    return restCurrentPart * this.largest_A;
  }

  add(batch: SampleBatch): void {
    this.announce(batch);
    for (let i = 0; i < batch.length; i++) {
      const next = copySample(batch, i, this.spare);
      if (this.now) this.pass(this.before, this.now, next);
      this.spare = this.before;
      this.before = this.now;
      this.now = next;
    }
  }

  /** The last sample has been added. */
  finish(): void {
    if (!this.now) return;
    this.pass(this.before, this.now, undefined);
    this.receiver.end(this.now.time_s);
  }

  private pass(before: Sample | undefined, sample: Sample, next: Sample | undefined): void {
    const opens = !sameStep(sample, before) && sameStep(sample, next);
    const closes = !sameStep(sample, next) && sameStep(sample, before);
    // Cyclers write a step's opening or closing row with no current: such a row beside a row with current is no rest.
    const own = this.kindOf(sample);
    const neighbour = own === 'rest' ? (closes ? before : opens ? next : undefined) : undefined;
    const kind = neighbour ? this.kindOf(neighbour) : own;
    if (!before || kind !== this.kind || !sameStep(sample, before)) {
      const start_s = before ? startOfStep(sample, before.time_s) : sample.time_s;
      if (before) this.receiver.end(start_s);
      this.receiver.begin(kind, sample.cycle, start_s);
      this.kind = kind;
    }
    this.receiver.sample(sample, (neighbour ?? sample).current_A);
  }

  private kindOf({ current_A }: Sample): StepKind {
    if (Math.abs(current_A) <= this.restCurrent_A) return 'rest';
    return current_A > 0 ? 'discharge' : 'charge';
  }
}

function copySample(batch: SampleBatch, i: number, into: Sample | undefined): Sample {
  const sample = into ?? ({} as Sample);
  sample.time_s = batch.time_s[i]!;
  sample.voltage_V = batch.voltage_V[i]!;
  sample.current_A = batch.current_A[i]!;
  sample.cycle = batch.cycle[i]!;
  sample.step = batch.step[i]!;
  sample.stepTime_s = batch.stepTime_s[i]!;
  sample.charge_Ah = batch.charge_Ah[i]!;
  sample.discharge_Ah = batch.discharge_Ah[i]!;
  return sample;
}

function sameStep(a: Sample, b: Sample | undefined): boolean {
  return b !== undefined && a.step === b.step && a.cycle === b.cycle;
}

/** A step begins between the sample before and its first one; without a time in the step, at the sample before. */
function startOfStep({ time_s, stepTime_s }: Sample, before_s: number): number {
  const start_s = time_s - stepTime_s;
  return Number.isNaN(start_s) ? before_s : Math.min(time_s, Math.max(before_s, start_s));
}
