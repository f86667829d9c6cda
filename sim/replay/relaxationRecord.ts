import type { Sample } from './steps';

/** Where the voltage stood a time after the interrupt, counted in the direction of the current that stopped. */
export interface RecoveryPoint {
  time_s: number;
  recovery_mV: number;
}

/** The last sample of a pulse that was under current. */
export class PulseEnd {
  time_s = NaN;
  voltage_V = NaN;
  current_A = NaN;
  private previous_A = NaN;

  begin(): void {
    this.previous_A = NaN;
  }

  /** A row whose current has all but gone closes the pulse and is not its end. */
  add({ time_s, voltage_V, current_A }: Readonly<Sample>): void {
    if (!(Math.abs(current_A) < Math.abs(this.previous_A) / 100)) {
      this.time_s = time_s;
      this.voltage_V = voltage_V;
      this.current_A = current_A;
    }
    this.previous_A = current_A;
  }
}

/** A rest while it is recorded. It keeps a few points a decade of time, not the samples. */
export class RelaxationRecord {
  samples = 0;
  first_s = NaN;
  last_V = NaN;
  end_s = NaN;
  /** Means over bins of equal width in log(time), 12 a decade: early and late samples weigh alike however long the rest is. */
  readonly points: RecoveryPoint[] = [];
  private bin = NaN;
  private inBin = 0;
  readonly before: { readonly time_s: number; readonly voltage_V: number; readonly current_A: number };

  /** @param start_s when the current stopped; `netCharge_mAh` is what had gone into the cell by then since the file began */
  constructor(
    readonly cycle: number,
    readonly afterPulse: 'charge' | 'discharge',
    before: PulseEnd,
    readonly start_s: number,
    readonly netCharge_mAh: number,
  ) {
    this.before = { time_s: before.time_s, voltage_V: before.voltage_V, current_A: before.current_A };
  }

  recovery_mV(voltage_V: number): number {
    return (this.afterPulse === 'discharge' ? 1 : -1) * (voltage_V - this.before.voltage_V) * 1000;
  }

  add({ time_s, voltage_V }: Readonly<Sample>): void {
    if (this.samples++ === 0) this.first_s = time_s;
    this.last_V = voltage_V;
    const after_s = time_s - this.start_s;
    const bin = Math.floor(12 * Math.log10(Math.max(after_s, 1e-3)));
    if (bin !== this.bin) {
      this.points.push({ time_s: 0, recovery_mV: 0 });
      [this.bin, this.inBin] = [bin, 0];
    }
    this.inBin++;
    const point = this.points.at(-1)!;
    point.time_s += (after_s - point.time_s) / this.inBin;
    point.recovery_mV += (this.recovery_mV(voltage_V) - point.recovery_mV) / this.inBin;
  }
}
