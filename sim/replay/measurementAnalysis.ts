import { CycleTally } from './cycleTally';
import { StepIntegral } from './integrate';
import { LookAhead } from './lookAhead';
import { type Relaxation, separateRelaxation } from './relaxation';
import { PulseEnd, RelaxationRecord } from './relaxationRecord';
import type { ReplayedCycle } from './report';
import type { SampleBatch } from './rows';
import { SignCheck } from './signCheck';
import { type Sample, type StepKind, type StepReceiver, StepSplitter } from './steps';

export interface Analysis {
  cycles: ReplayedCycle[];
  relaxations: Relaxation[];
  samples: number;
  duration_s: number;
  sign: SignCheck;
}

/** Adds up steps and cycles and separates relaxations as the samples pass. */
export class MeasurementAnalysis implements StepReceiver {
  private readonly splitter = new StepSplitter(this);
  private readonly ahead = new LookAhead(this.splitter, (batch) => this.splitter.add(batch));
  private end_s = NaN;

  private readonly cycles = new Map<number, CycleTally>();
  private readonly relaxations: Relaxation[] = [];
  private readonly integral = new StepIntegral();
  private readonly pulseEnd = new PulseEnd();
  private step: { kind: StepKind; cycle: number } | undefined;
  private largest_A = 0;
  /** Of the step's first sample. */
  private first_V = NaN;
  private readonly sign = new SignCheck();
  private rest: RelaxationRecord | undefined;
  private netCharge_mAh = 0;

  add(batch: SampleBatch): void {
    this.ahead.add(batch);
  }

  finish(): Analysis {
    this.ahead.release();
    this.splitter.finish();
    if (this.rest) this.endRest(this.end_s);
    if (this.step) this.cycle(this.step.cycle).endsDuring = this.step.kind;
    return {
      cycles: [...this.cycles.values()].map((cycle) => cycle.report(this.splitter.restCurrent_A)),
      relaxations: this.relaxations,
      samples: this.ahead.samples,
      duration_s: this.end_s - this.ahead.first_s,
      sign: this.sign,
    };
  }

  begin(kind: StepKind, cycle: number, start_s: number): void {
    const before = this.step;
    this.step = { kind, cycle };
    this.largest_A = 0;
    this.first_V = NaN;
    this.integral.begin(kind, start_s);
    this.cycle(cycle);
    if (kind !== 'rest') {
      if (this.rest) this.endRest(start_s);
      this.pulseEnd.begin();
    } else if (before?.kind !== 'rest') {
      // Rests that follow each other are one; a rest belongs to the cycle of the pulse before it.
      this.cycle((before ?? this.step).cycle).rests++;
      if (before)
        this.rest = new RelaxationRecord(before.cycle, before.kind, this.pulseEnd, start_s, this.netCharge_mAh);
    }
  }

  sample(sample: Readonly<Sample>, flowing_A: number): void {
    this.integral.add(sample, flowing_A);
    if (Number.isNaN(this.first_V)) this.first_V = sample.voltage_V;
    this.largest_A = Math.max(this.largest_A, Math.abs(flowing_A));
    if (this.rest) this.rest.add(sample);
    else this.pulseEnd.add(sample);
  }

  end(end_s: number): void {
    const { kind, cycle } = this.step!;
    const charge = this.integral.end(end_s);
    this.cycle(cycle).addStep(kind, charge, this.largest_A);
    if (kind === 'charge') this.netCharge_mAh += charge.charge_mAh;
    if (kind === 'discharge') this.netCharge_mAh -= charge.charge_mAh;
    this.sign.add(kind, charge.charge_mAh, this.pulseEnd.voltage_V - this.first_V);
    this.end_s = end_s;
  }

  private endRest(end_s: number): void {
    this.rest!.end_s = end_s;
    const relaxation = separateRelaxation(this.rest!);
    this.relaxations.push(relaxation);
    this.cycle(relaxation.cycle).relaxations.push(relaxation);
    this.rest = undefined;
  }

  private cycle(n: number): CycleTally {
    const known = this.cycles.get(n);
    if (known) return known;
    const tally = new CycleTally(n);
    this.cycles.set(n, tally);
    return tally;
  }
}
