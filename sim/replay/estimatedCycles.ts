import { Phase, Sum, type Estimator } from '../../firmware/estimate/estimator';
import type { EstimatedCycle } from './estimated';
import { CycleEstimate } from './estimatedCycle';
import { LongRests } from './longRests';

/**
 * Brings the estimator's cycles, which it finds by the current, to the file's cycle numbers: each belongs to the number that its last
 * discharge has.
 */
export class EstimatedCycles {
  private readonly cycles = new Map<number, CycleEstimate>();
  private dischargeCycle = 1;
  private closed = 0;
  private closedAt_ms = -1;
  private readonly rests = new LongRests();

  constructor(private readonly estimator: Estimator) {}

  /** After every sample: `dt_s` seconds of the file's `cycle` have passed. */
  look(cycle: number, dt_s: number, at_ms: number): void {
    const { estimator, rests } = this;
    rests.look(estimator.phase, dt_s);
    if (estimator.phase === Phase.Discharge) {
      this.dischargeCycle = cycle;
      // A slow strip behind the discharge is no part of it.
      if (estimator.sum[Sum.stripped] === 0) this.at(cycle).discharged(estimator.known, dt_s);
    }
    if (estimator.cycles === this.closed) return;
    this.closed = estimator.cycles;
    this.at(this.dischargeCycle).close(estimator.known, this.closedAt_ms, rests.whyNot());
    this.closedAt_ms = at_ms;
  }

  /** @param noCycle the reason where no whole cycle has ended */
  report(cycle: number, noCycle: string): EstimatedCycle & { finished: number } {
    return this.at(cycle).report(noCycle);
  }

  private at(cycle: number): CycleEstimate {
    const known = this.cycles.get(cycle);
    if (known) return known;
    const estimate = new CycleEstimate();
    this.cycles.set(cycle, estimate);
    return estimate;
  }
}
