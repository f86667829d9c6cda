import type { Sample, StepKind } from './steps';

/** What went through the terminals in a step, positive. */
export interface StepCharge {
  charge_mAh: number;
  energy_mWh: number;
  /** The same charge by the cycler's own counter; null when the file has none. */
  counted_mAh: number | null;
  /** Stretches without samples, far longer than the step's usual ones, and the charge that was put into them by interpolation. */
  gaps: Gap[];
}

export interface Gap {
  start_s: number;
  duration_s: number;
  charge_mAh: number;
}

/** A gap is at least this long, and longer than the next longest interval of its step by this factor. */
const shortestGap_s = 60;
const gapFactor = 10;
/** More gaps than this within a step are its usual sampling. */
const mostGaps = 8;

/**
 * Integrates current over time by trapezoids, step by step. From the step's beginning to its first sample and from the last to its end
 * the nearest sample holds, because current jumps at the edge: a trapezoid across it would give half of the gap to the neighbour.
 */
export class StepIntegral {
  private kind: StepKind = 'rest';
  private start_s = 0;
  private samples = 0;
  private intervals = 0;
  private time_s = 0;
  private current_A = 0;
  private power_W = 0;
  private charge_As = 0;
  private energy_Ws = 0;
  private counted_Ah = 0;
  /** Where the counters stand, over all steps. */
  private readonly counter_Ah = { charge: 0, discharge: 0 };
  private hasCounter = false;
  /** The longest intervals of the step, longest first. */
  private longest: Gap[] = [];

  begin(kind: StepKind, start_s: number): void {
    this.kind = kind;
    this.start_s = start_s;
    this.samples = this.intervals = 0;
    this.charge_As = this.energy_Ws = this.counted_Ah = 0;
    this.longest = [];
  }

  add(sample: Readonly<Sample>, current_A: number): void {
    const { time_s, voltage_V } = sample;
    const power_W = current_A * voltage_V;
    if (this.samples === 0) this.interval(this.start_s, time_s, current_A, power_W);
    else this.interval(this.time_s, time_s, (this.current_A + current_A) / 2, (this.power_W + power_W) / 2);
    this.samples++;
    this.time_s = time_s;
    this.current_A = current_A;
    this.power_W = power_W;
    this.count('charge', sample.charge_Ah);
    this.count('discharge', sample.discharge_Ah);
  }

  end(end_s: number): StepCharge {
    this.interval(this.time_s, end_s, this.current_A, this.power_W);
    return {
      charge_mAh: Math.abs(this.charge_As) / 3.6,
      energy_mWh: Math.abs(this.energy_Ws) / 3.6,
      counted_mAh: this.hasCounter && this.kind !== 'rest' ? this.counted_Ah * 1000 : null,
      gaps: this.gaps(),
    };
  }

  private interval(from_s: number, to_s: number, current_A: number, power_W: number): void {
    const duration_s = to_s - from_s;
    if (duration_s <= 0) return;
    this.intervals++;
    this.charge_As += current_A * duration_s;
    this.energy_Ws += power_W * duration_s;
    const { longest } = this;
    if (longest.length === mostGaps && duration_s <= longest[mostGaps - 1]!.duration_s) return;
    const place = longest.findLastIndex((gap) => gap.duration_s >= duration_s) + 1;
    longest.splice(place, 0, {
      start_s: from_s,
      duration_s,
      charge_mAh: this.kind === 'rest' ? 0 : Math.abs(current_A * duration_s) / 3.6,
    });
    longest.length = Math.min(longest.length, mostGaps);
  }

  /** A counter that falls has been set to zero, so that what it shows is new. */
  private count(name: 'charge' | 'discharge', counter_Ah: number): void {
    if (Number.isNaN(counter_Ah)) return;
    const before = this.counter_Ah[name];
    this.counter_Ah[name] = counter_Ah;
    this.hasCounter = true;
    if (name === this.kind) this.counted_Ah += counter_Ah >= before ? counter_Ah - before : counter_Ah;
  }

  private gaps(): Gap[] {
    const { longest } = this;
    if (this.intervals < 4) return [];
    for (let i = 1; i < longest.length; i++) {
      const { duration_s } = longest[i - 1]!;
      if (duration_s >= shortestGap_s && duration_s > gapFactor * longest[i]!.duration_s) return longest.slice(0, i);
    }
    return [];
  }
}
