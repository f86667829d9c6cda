/** A whole measurement in a few thousand points, however long it is: of each stretch the lowest and the highest voltage. */
import type { SampleBatch } from '../../../replay/samples';

export interface Trace {
  time_h: number[];
  voltage_V: (number | null)[];
  /** Discharge positive. */
  current_A: (number | null)[];
}

const MOST_STRETCHES = 4096;

interface Extreme {
  time_s: number;
  voltage_V: number;
  current_A: number;
}

export class Overview {
  /** Lowest and highest of each stretch; all stretches but the last have `stride` samples. */
  private stretches: [Extreme, Extreme][] = [];
  private stride = 1;
  private inLast = 0;

  add({ length, time_s, voltage_V, current_A }: SampleBatch): void {
    for (let i = 0; i < length; i++) {
      if (this.stretches.length === 0 || this.inLast === this.stride) this.begin();
      const at = { time_s: time_s[i]!, voltage_V: voltage_V[i]!, current_A: current_A[i]! };
      const last = this.stretches.at(-1)!;
      if (this.inLast === 0) last[0] = last[1] = at;
      else if (at.voltage_V < last[0].voltage_V) last[0] = at;
      else if (at.voltage_V > last[1].voltage_V) last[1] = at;
      this.inLast++;
    }
  }

  trace(): Trace {
    const points = this.stretches.flatMap(([low, high]) => {
      if (low === high) return [low];
      return low.time_s <= high.time_s ? [low, high] : [high, low];
    });
    const begin_s = points[0]?.time_s ?? 0;
    const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
    return {
      time_h: points.map(({ time_s }) => (time_s - begin_s) / 3600),
      voltage_V: points.map((point) => known(point.voltage_V)),
      current_A: points.map((point) => known(point.current_A)),
    };
  }

  private begin(): void {
    if (this.stretches.length === MOST_STRETCHES) {
      const pairs: [Extreme, Extreme][] = [];
      for (let k = 0; k < MOST_STRETCHES; k += 2) {
        const [one, other] = [this.stretches[k]!, this.stretches[k + 1]!];
        pairs.push([
          one[0].voltage_V <= other[0].voltage_V ? one[0] : other[0],
          one[1].voltage_V >= other[1].voltage_V ? one[1] : other[1],
        ]);
      }
      this.stretches = pairs;
      this.stride *= 2;
    }
    this.stretches.push([] as unknown as [Extreme, Extreme]);
    this.inLast = 0;
  }
}
