/** What is still to be done of a campaign. */
import type { Stretch } from './chunk';
import { chunkAt, spreadOrder } from './chunks';

/** Keeps, for each chunk, how many of its runs are missing: four bytes a chunk, whatever a chunk holds. */
export class Gaps {
  private missing = new Uint32Array();
  left = 0;

  constructor(
    private readonly runs: number,
    private readonly size: number,
    private readonly done: () => readonly Stretch[],
  ) {
    this.recount();
  }

  /** From what is stored. */
  recount(): void {
    const { runs, size } = this;
    this.missing = new Uint32Array(Math.ceil(runs / size)).map((_, k) => {
      const { from, to } = chunkAt(k, size, runs);
      return to - from;
    });
    this.left = runs;
    for (const stretch of this.done()) this.note(stretch);
  }

  /** A stretch that has just been stored. */
  note({ from, to }: Stretch): void {
    this.missing[Math.floor(from / this.size)]! -= to - from;
    this.left -= to - from;
  }

  /**
   * Whether a stretch is missing as a whole. One that a worker believed lost has done may lie across parts that others have done
   * meanwhile: it is left out, for no run may be there twice.
   */
  fits({ from, to }: Stretch): boolean {
    const k = Math.floor(from / this.size);
    const chunk = chunkAt(k, this.size, this.runs);
    if (this.missing[k] === chunk.to - chunk.from) return true;
    if (this.missing[k]! < to - from) return false;
    return !this.done().some((there) => there.from < to && there.to > from);
  }

  /** Whole chunks that are missing, and of those that are there in part what is not; spread over the campaign. */
  *stretches(): Generator<Stretch> {
    const parts = this.left < this.runs ? this.partly() : new Map<number, Stretch[]>();
    for (const k of spreadOrder(this.missing.length)) {
      if (this.missing[k] === 0) continue;
      const whole = chunkAt(k, this.size, this.runs);
      const there = parts.get(k);
      if (there === undefined) yield whole;
      else yield* between(whole, there);
    }
  }

  /** What is there of chunks that are not complete. */
  private partly(): Map<number, Stretch[]> {
    const parts = new Map<number, Stretch[]>();
    for (const stretch of this.done()) {
      const k = Math.floor(stretch.from / this.size);
      if (this.missing[k]! > 0) parts.set(k, [...(parts.get(k) ?? []), stretch]);
    }
    return parts;
  }
}

function* between(whole: Stretch, there: readonly Stretch[]): Generator<Stretch> {
  let next = whole.from;
  for (const { from, to } of there) {
    if (from > next) yield { from: next, to: from };
    next = to;
  }
  if (next < whole.to) yield { from: next, to: whole.to };
}
