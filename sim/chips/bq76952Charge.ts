/** The charge that the TI BQ76952 counts, as DASTATUS6 has it (technical reference manual SLUUBY2B). */
import { BLOCK_BYTES, type Bq76952Memory } from './bq76952Memory';

export class Bq76952Charge {
  private passed_mAs = 0;
  private counted_s = 0;

  constructor(private readonly memory: Bq76952Memory) {}

  reset(): void {
    this.passed_mAs = this.counted_s = 0;
  }

  count(passed_mAs: number, time_s: number): void {
    this.passed_mAs += passed_mAs;
    this.counted_s += time_s;
  }

  /** In user-Ah of the unit of the current, charge positive, half a unit at the start; then the time. */
  block(): Uint8Array {
    const data = new Uint8Array(BLOCK_BYTES);
    const view = new DataView(data.buffer);
    const units = 0.5 - this.passed_mAs / 3600 / this.memory.userCurrent_mA;
    const whole = Math.floor(units);
    view.setInt32(0, whole, true);
    view.setUint32(4, Math.min(2 ** 32 - 1, (units - whole) * 2 ** 32), true);
    view.setUint32(8, this.counted_s, true);
    return data;
  }
}
