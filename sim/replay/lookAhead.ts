import type { SampleBatch } from './rows';
import type { StepSplitter } from './steps';

/** So many samples show a file's largest current and longest gap. */
const enough = 65_536;

/** Holds a file's first batches back until enough of them are there to judge them by, then passes every batch on. */
export class LookAhead {
  /** Of all batches so far. */
  samples = 0;
  first_s = NaN;
  private held: SampleBatch[] | undefined = [];

  /** @param looked is told of what was held back, before it is passed on */
  constructor(
    private readonly splitter: StepSplitter,
    private readonly pass: (batch: SampleBatch) => void,
    private readonly looked?: (held: readonly SampleBatch[]) => void,
  ) {}

  add(batch: SampleBatch): void {
    if (batch.length === 0) return;
    if (this.samples === 0) this.first_s = batch.time_s[0]!;
    this.samples += batch.length;
    if (!this.held) return this.pass(batch);
    this.held.push(batch);
    this.splitter.announce(batch);
    if (this.samples >= enough) this.release();
  }

  /** Passes on what is held back: no more comes, or enough is there. */
  release(): void {
    const { held } = this;
    if (!held) return;
    this.held = undefined;
    this.looked?.(held);
    for (const batch of held) this.pass(batch);
  }
}
