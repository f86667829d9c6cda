/** How fast a campaign goes, and how long the rest will take: from the stretches of the last minutes. */
import { duration } from './words';

const LOOK_BACK_S = 300;
const MOST_MARKS = 4096;

export class Pace {
  private marks: { at_s: number; runs: number }[] = [];
  private readonly began_s: number;
  private done = 0;

  constructor(
    private readonly total: number,
    private readonly already: number,
    private readonly now_s: () => number = () => performance.now() / 1000,
  ) {
    this.began_s = now_s();
  }

  add(runs: number): void {
    this.done += runs;
    const at_s = this.now_s();
    this.marks.push({ at_s, runs });
    if (this.marks.length > MOST_MARKS || this.marks[0]!.at_s < at_s - 2 * LOOK_BACK_S)
      this.marks = this.marks.filter((mark) => mark.at_s >= at_s - LOOK_BACK_S).slice(-MOST_MARKS / 2);
  }

  get fraction(): number {
    return (this.already + this.done) / this.total;
  }

  /** Runs a second over the last minutes. */
  get rate(): number {
    const now_s = this.now_s();
    const first = this.marks[0];
    if (first === undefined) return 0;
    const kept = this.marks.filter(({ at_s }) => at_s >= now_s - LOOK_BACK_S);
    const whole =
      kept.length === this.marks.length && this.marks.reduce((sum, { runs }) => sum + runs, 0) === this.done;
    // What the oldest mark reports was done before it.
    const runs = kept.reduce((sum, mark) => sum + mark.runs, 0) - (whole ? 0 : (kept[0]?.runs ?? 0));
    const span_s = now_s - (whole ? this.began_s : (kept[0]?.at_s ?? now_s));
    return span_s > 0 ? runs / span_s : 0;
  }

  get text(): string {
    const finished = this.already + this.done;
    const { rate } = this;
    const left = rate > 0 ? `, about ${duration((this.total - finished) / rate)} left` : '';
    const speed = rate > 0 ? `, ${rate.toPrecision(3)} runs/s` : '';
    return `${finished.toLocaleString('en')} of ${this.total.toLocaleString('en')} runs${speed}${left}`;
  }
}
